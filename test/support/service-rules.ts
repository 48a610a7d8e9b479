/** What the files may import that put the whole together and start it. */
import type { Rule } from "./boundaries.ts"
import { POLLS, PRODUCT } from "./layers.ts"

export const SERVICE_RULES: readonly Rule[] = [
  {
    files: ["program.ts"],
    may: [
      ...PRODUCT,
      ...POLLS,
      ...POLLS,
      "chat-import.ts",
      "history.ts",
      "shipped.ts",
      "backups.ts",
      "webhooks.ts",
      "webhook-loader.ts",
      "tokens.ts",
      "token-uses.ts",
      "addresses.ts",
      "events.ts",
      "event-streams.ts",
      "live.ts",
      "live-admission.ts",
      "live-audience.ts",
      "snapshot.ts",
      "http/app.ts",
      "store/open.ts",
      "config-values.ts",
      "secret.ts",
      "file-limit.ts",
      "session-timeout.ts",
      "retention.ts",
    ],
    types: ["config.ts", "hosts/host.ts"],
  },
  {
    // Beyond the design: what is composed is loaded only once the port is taken.
    files: ["server.ts"],
    may: ["program.ts", "http/problem.ts", "protocol.ts", "file-limit.ts", "secret.ts", "store/folder.ts"],
    types: ["admins.ts", "config.ts", "hosts/host.ts"],
  },
  { files: ["main.bun.ts"], may: ["cli/main.ts", "hosts/bun.ts"] },
  { files: ["main.node.ts"], may: ["cli/main.ts", "hosts/node.ts"] },
]
