/** What the files of src may import of which build.ts makes what the program embeds; the program itself knows none. */
import type { Rule } from "./boundaries.ts"
import { POLLS, PRODUCT } from "./layers.ts"

export const BUILD_RULES: readonly Rule[] = [
  { files: ["assets.d.ts"], may: [] },
  // Beyond the design: what build.ts embeds is made here.
  { files: ["embed/*"], may: ["embed/*", "node:*"] },
  {
    // Beyond the design: the documents and their page, from what the routes and the hub read by.
    files: ["describe/*"],
    may: [
      "describe/*",
      "http/*",
      "config.ts",
      "protocol.ts",
      "server-messages.ts",
      "valibot",
      "@valibot/to-json-schema",
      "hono",
      "hono-openapi",
      "node:crypto",
    ],
    types: [
      ...PRODUCT,
      ...POLLS,
      "pending-pick.ts",
      "poll-rows.ts",
      "embed/*",
      "errors.ts",
      "backups.ts",
      "webhooks.ts",
      "tokens.ts",
      "history.ts",
      "chat-import.ts",
      "import-plan.ts",
      "live-presence.ts",
    ],
  },
]
