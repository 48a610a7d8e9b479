/** What the client, the pages and what embeds them may import. */
import type { Rule } from "./boundaries.ts"
import { PRODUCT } from "./layers.ts"

export const PAGE_RULES: readonly Rule[] = [
  {
    files: ["http/phone-votes.ts"],
    may: ["http/*", "errors.ts", "valibot", "node:os"],
  },
  {
    files: ["http/pages.ts"],
    may: ["#assets", "http/*", "errors.ts", "node:fs/promises", "node:zlib"],
  },
  { files: ["client/*"], may: ["client/*"], types: ["protocol.ts", "server-messages.ts"] },
  {
    // Beyond the design: what the service answers has the types of the product, so that no second list of them ages.
    files: ["ui/*", "ui/pages/*", "ui/parts/*"],
    may: ["preact", "preact/hooks", "@preact/signals", "uqr", "client/*", "ui/*", "ui/pages/*", "ui/parts/*"],
    types: [
      ...PRODUCT,
      "backups.ts",
      "webhooks.ts",
      "picks.ts",
      "protocol.ts",
      "poll-rows.ts",
      "game-selections.ts",
      "tokens.ts",
      "server-messages.ts",
      "live-presence.ts",
      "store/schema.ts",
    ],
  },
]
