/** Files of src that share a rule. */
export const PRODUCT = [
  "admins.ts",
  "game-edits.ts",
  "game-files.ts",
  "games.ts",
  "nights.ts",
  "packs.ts",
  "now-playing.ts",
  "picks.ts",
  "session-archive.ts",
  "session-games.ts",
  "sessions.ts",
  "stats.ts",
  "tallies.ts",
  "vote-count.ts",
  "vote-counters.ts",
  "vote-place.ts",
  "voter-links.ts",
  "votes.ts",
]
/** The next game. */
export const POLLS = [
  "game-selections.ts",
  "pending-pick.ts",
  "poll-count.ts",
  "poll-end.ts",
  "poll-options.ts",
  "poll-rows.ts",
  "poll-votes.ts",
  "polls.ts",
]
/** What tells other programs of events. */
export const WEBHOOKS = ["webhook-journal.ts", "webhook-post.ts", "webhook-runner.ts", "webhooks.ts"]
export const LIVE = [
  "live-admission.ts",
  "live-audience.ts",
  "live-connection.ts",
  "live-frames.ts",
  "live-intake.ts",
  "live-presence.ts",
  "live-replay.ts",
  "live-subscriptions.ts",
  "live-sweep.ts",
]
