/** Files of src that share a rule. */
export const PRODUCT = [
  "admins.ts",
  "game-edits.ts",
  "game-files.ts",
  "games.ts",
  "packs.ts",
  "now-playing.ts",
  "picks.ts",
  "session-archive.ts",
  "session-games.ts",
  "sessions.ts",
  "stats.ts",
  "tallies.ts",
  "vote-count.ts",
  "vote-place.ts",
  "voter-links.ts",
  "votes.ts",
]
export const LIVE = [
  "live-admission.ts",
  "live-audience.ts",
  "live-connection.ts",
  "live-frames.ts",
  "live-intake.ts",
  "live-presence.ts",
  "live-replay.ts",
  "live-sweep.ts",
]
