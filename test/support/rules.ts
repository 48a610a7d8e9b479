/** What each file of src may import, as the design draws it. */
import type { Rule, Word } from "./boundaries.ts"
import { BUILD_RULES } from "./build-rules.ts"
import { HISTORY_RULES } from "./history-rules.ts"
import { LIVE, POLLS, PRODUCT, WEBHOOKS } from "./layers.ts"
import { PAGE_RULES } from "./page-rules.ts"
import { POLL_RULES } from "./poll-rules.ts"
import { SERVICE_RULES } from "./service-rules.ts"

/** The first rule that names a file counts; a file without a rule needs one. */
export const RULES: readonly Rule[] = [
  {
    files: ["errors.ts", "catalogue.ts", "csv.ts", "digest.ts", "file-limit.ts", "control-characters.ts"],
    may: [],
  },
  { files: ["addresses.ts"], may: ["node:net"] },
  ...BUILD_RULES,
  { files: ["protocol.ts"], may: ["valibot"], types: ["server-messages.ts"] },
  { files: ["server-messages.ts"], may: ["valibot", "protocol.ts", "poll-messages.ts"] },
  { files: ["poll-messages.ts"], may: ["valibot", "protocol.ts"] },
  { files: ["version.ts"], may: ["../package.json"] },
  { files: ["disk.ts"], may: ["node:fs", "node:os"] },
  {
    files: ["config.ts"],
    may: ["valibot", "errors.ts", "config-values.ts", "setting-sources.ts", "settings.ts"],
  },
  { files: ["settings.ts"], may: [], types: ["config.ts"] },
  { files: ["config-values.ts"], may: ["valibot", "addresses.ts"] },
  { files: ["setting-sources.ts"], may: [], types: ["config.ts", "settings.ts"] },
  // Beyond the design: a folder that cannot be written is put into the same sentence wherever it is met.
  { files: ["secret.ts"], may: ["errors.ts", "disk.ts", "store/folder.ts"] },
  { files: ["event-streams.ts"], may: ["protocol.ts"], types: ["events.ts", "tokens.ts"] },
  { files: ["events.ts"], may: ["store/query.ts"], types: ["server-messages.ts", "store/*", "kysely"] },
  {
    files: ["tokens.ts"],
    may: ["jose/jwt/sign", "jose/jwt/verify", "errors.ts", "protocol.ts"],
    types: ["store/*", "digest.ts", "token-uses.ts"],
  },
  { files: ["token-uses.ts"], may: ["errors.ts", "store/query.ts"], types: ["store/*"] },
  {
    files: ["backups.ts"],
    may: ["disk.ts", "errors.ts", "store/folder.ts", "store/once.ts"],
    types: ["hosts/host.ts", "store/*"],
  },
  { files: ["webhook-loader.ts"], may: [], types: ["webhooks.ts", "store/*"] },
  { files: ["webhook-post.ts"], may: [] },
  {
    files: WEBHOOKS,
    may: [...WEBHOOKS, "errors.ts", "events.ts", "store/once.ts", "store/query.ts"],
    types: ["store/*", "kysely"],
  },
  { files: ["removal.ts"], may: [], types: ["store/*"] },
  { files: ["picker.ts"], may: [], types: ["games.ts"] },
  { files: ["planner.ts"], may: ["picker.ts"] },
  ...POLL_RULES,
  { files: ["games.ts"], may: ["errors.ts"], types: ["store/*", "kysely"] },
  { files: ["twins.ts"], may: [] },
  { files: ["packs.ts"], may: ["errors.ts", "twins.ts"], types: ["store/*", "kysely"] },
  { files: ["shipped.ts"], may: ["catalogue.ts", "packs.ts", "twins.ts"], types: ["store/*"] },
  { files: ["import-plan.ts"], may: ["twins.ts"], types: ["errors.ts", "game-edits.ts"] },
  {
    files: ["game-files.ts"],
    may: ["errors.ts", "import-plan.ts", "packs.ts", "twins.ts"],
    types: ["game-edits.ts", "store/*", "kysely"],
  },
  {
    files: ["game-edits.ts"],
    may: ["errors.ts", "games.ts", "packs.ts", "twins.ts"],
    types: ["store/*"],
  },
  {
    files: ["retention.ts"],
    may: ["events.ts", "store/once.ts"],
    types: ["server-messages.ts", "store/*", "kysely"],
  },
  { files: ["chat-marks.ts"], may: [] },
  {
    files: ["chat-import.ts"],
    may: [
      "chat-marks.ts",
      "nights.ts",
      "sessions.ts",
      "vote-count.ts",
      "vote-counters.ts",
      "vote-place.ts",
      "store/once.ts",
    ],
    types: ["store/*"],
  },
  { files: ["session-timeout.ts"], may: [], types: ["sessions.ts", "store/*", "kysely"] },
  {
    files: ["admins.ts"],
    may: ["errors.ts", "digest.ts", "tokens.ts"],
    types: ["store/*"],
  },
  {
    // Beyond the design: a tally is made of votes and a vote belongs to a session, so they share queries.
    files: PRODUCT,
    may: [
      "errors.ts",
      "digest.ts",
      "removal.ts",
      "sessions.ts",
      "session-games.ts",
      "vote-count.ts",
      "vote-counters.ts",
      "vote-place.ts",
      "voter-links.ts",
      "votes.ts",
      "nights.ts",
      "store/query.ts",
      "games.ts",
      "picker.ts",
      "planner.ts",
      "pending-pick.ts",
      "poll-end.ts",
    ],
    types: ["store/*", "events.ts", "kysely"],
  },
  {
    // Beyond the design: the hub is several files, counts by address, and keeps who somebody is.
    files: ["live.ts", ...LIVE],
    may: ["protocol.ts", "errors.ts", "addresses.ts", "valibot", ...LIVE],
    types: ["events.ts", "tokens.ts", "server-messages.ts", "snapshot.ts", "store/schema.ts"],
  },
  ...HISTORY_RULES,
  {
    files: ["snapshot.ts"],
    may: ["events.ts", "sessions.ts", "session-games.ts", "tallies.ts", "pending-pick.ts", "poll-rows.ts"],
    types: ["store/*", "server-messages.ts"],
  },
  ...PAGE_RULES,
  {
    // Beyond the design: the settings, the store and what the host hands over come in as types.
    files: ["http/*"],
    may: [
      "hono",
      "hono/*",
      "hono/router",
      "hono/types",
      "hono/utils/url",
      "valibot",
      "http/*",
      "errors.ts",
      "control-characters.ts",
      "protocol.ts",
      "addresses.ts",
      "csv.ts",
      "import-plan.ts",
      "tokens.ts",
    ],
    types: [
      ...PRODUCT,
      ...POLLS,
      "history.ts",
      "backups.ts",
      "webhooks.ts",
      "chat-import.ts",
      "chat-marks.ts",
      "config.ts",
      "digest.ts",
      "events.ts",
      "event-streams.ts",
      "live-admission.ts",
      "live-presence.ts",
      "hosts/host.ts",
      "store/*",
    ],
  },
  {
    // Beyond the design: what stops a start or a write has a code of ours, and an event's type is the protocol's.
    files: ["store/*"],
    may: ["kysely", "store/*", "errors.ts", "disk.ts"],
    types: ["server-messages.ts"],
  },
  {
    files: ["hosts/bun.ts"],
    may: ["bun:sqlite", "hosts/*", "protocol.ts"],
    types: ["bun", "hono", "live-connection.ts", "store/folder.ts"],
  },
  {
    files: ["hosts/node.ts"],
    may: [
      "better-sqlite3",
      "@hono/node-server",
      "@hono/node-ws",
      "hono/tiny",
      "node:*",
      "hosts/*",
      "protocol.ts",
    ],
    types: ["hono", "ws", "live-connection.ts", "store/folder.ts"],
  },
  {
    files: ["hosts/node-command.ts"],
    may: ["node:child_process"],
    types: ["hosts/host.ts"],
  },
  {
    files: ["hosts/*"],
    may: ["errors.ts"],
    types: ["hono", "live-connection.ts", "store/folder.ts", "digest.ts"],
  },
  {
    files: ["cli/listen.ts"],
    may: ["citty", "cli/*", "client/*", "protocol.ts", "errors.ts"],
    types: ["server-messages.ts"],
  },
  { files: ["cli/serve.ts"], may: ["cli/*", "server.ts", "config.ts", "settings.ts", "errors.ts"] },
  {
    files: ["cli/backup.ts", "cli/restore.ts"],
    may: ["citty", "cli/*", "store/backup.ts", "store/restore.ts", "errors.ts", "disk.ts", "node:path"],
  },
  {
    // Beyond the design: these two work on the data folder while no server need run.
    files: ["cli/admin.ts", "cli/token.ts"],
    may: ["citty", "cli/*", "store/open.ts", "admins.ts", "tokens.ts", "secret.ts", "errors.ts"],
  },
  {
    files: ["cli/*"],
    may: [
      "citty",
      "cli/*",
      "config.ts",
      "settings.ts",
      "errors.ts",
      "control-characters.ts",
      "version.ts",
      "disk.ts",
      "node:util",
    ],
    types: ["hosts/host.ts"],
  },
  ...SERVICE_RULES,
]

/** Words only some files may say. */
export const WORDS: readonly Word[] = [
  { word: /\bBun\b/, name: "Bun", files: ["hosts/*", "main.*", "embed/*"] },
  { word: /\bprocess\.(env|exit)\b/, name: "process.env or process.exit", files: ["main.*"] },
]
