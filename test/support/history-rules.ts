/** What the files that tell of past nights may import. */
import type { Rule } from "./boundaries.ts"

export const HISTORY_RULES: readonly Rule[] = [
  {
    files: ["history.ts"],
    may: [
      "sessions.ts",
      "session-games.ts",
      "tallies.ts",
      "night-export.ts",
      "recap.ts",
      "recap-card.ts",
      "recap-words.ts",
    ],
    types: ["store/*", "kysely"],
  },
  { files: ["night-export.ts"], may: ["csv.ts"], types: ["history.ts", "session-games.ts"] },
  { files: ["recap.ts"], may: [], types: ["history.ts", "session-games.ts", "recap-words.ts"] },
  { files: ["recap-card.ts"], may: ["recap.ts"], types: ["recap-words.ts"] },
  { files: ["recap-words.ts"], may: [] },
]
