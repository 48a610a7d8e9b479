/** What the files of the next game may import. */
import type { Rule } from "./boundaries.ts"
import { POLLS } from "./layers.ts"

export const POLL_RULES: readonly Rule[] = [
  { files: ["poll-clock.ts"], may: [] },
  { files: ["poll-count.ts"], may: ["picker.ts", "twins.ts"] },
  {
    // The end of a session ends its poll, so what closes a poll knows nothing of sessions.
    files: ["pending-pick.ts", "poll-end.ts", "poll-rows.ts"],
    may: ["errors.ts", "pending-pick.ts", "poll-count.ts", "poll-rows.ts"],
    types: ["events.ts", "store/*", "kysely"],
  },
  {
    files: POLLS,
    may: [
      ...POLLS,
      "errors.ts",
      "picker.ts",
      "picks.ts",
      "poll-clock.ts",
      "sessions.ts",
      "twins.ts",
      "vote-count.ts",
      "vote-place.ts",
      "voter-links.ts",
    ],
    types: ["events.ts", "store/*"],
  },
]
