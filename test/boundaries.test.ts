/** The "may import" column of the design, executed: who may know whom in src, and what a file may look like. */
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import {
  cycles,
  oneOf,
  type Rule,
  type Sources,
  shapeOf,
  violations,
  type Word,
} from "./support/boundaries.ts"

const ROOT = join(import.meta.dir, "..")

const PRODUCT = ["admins.ts", "games.ts", "session-games.ts", "sessions.ts", "tallies.ts", "votes.ts"]
const LIVE = ["live-admission.ts", "live-connection.ts", "live-frames.ts"]

/** The first rule that names a file counts; a file without a rule needs one. */
const RULES: readonly Rule[] = [
  { files: ["errors.ts", "catalogue.ts", "addresses.ts", "digest.ts", "file-limit.ts"], may: [] },
  { files: ["protocol.ts"], may: ["valibot"] },
  { files: ["version.ts"], may: ["../package.json"] },
  { files: ["disk.ts"], may: ["node:fs"] },
  { files: ["config.ts"], may: ["valibot", "errors.ts"] },
  // Beyond the design: a folder that cannot be written is put into the same sentence wherever it is met.
  { files: ["secret.ts"], may: ["errors.ts", "disk.ts", "store/folder.ts"] },
  { files: ["events.ts"], may: [], types: ["protocol.ts", "store/*", "kysely"] },
  { files: ["tokens.ts"], may: ["jose", "errors.ts"], types: ["store/*", "digest.ts"] },
  { files: ["games.ts"], may: ["errors.ts", "catalogue.ts"], types: ["store/*", "kysely"] },
  {
    // Beyond the design: a tally is made of votes and a vote belongs to a session, so they share queries.
    files: PRODUCT,
    may: ["errors.ts", "digest.ts", "sessions.ts", "votes.ts"],
    types: ["store/*", "events.ts", "kysely"],
  },
  {
    // Beyond the design: the hub is four files, counts by address, and keeps who somebody is.
    files: ["live.ts", ...LIVE],
    may: ["protocol.ts", "errors.ts", "addresses.ts", "valibot", ...LIVE],
    types: ["events.ts", "tokens.ts"],
  },
  {
    // Beyond the design: the settings, the store and what the host hands over come in as types.
    files: ["http/*"],
    may: ["hono", "hono/*", "valibot", "http/*", "errors.ts", "protocol.ts", "addresses.ts", "tokens.ts"],
    types: [...PRODUCT, "config.ts", "digest.ts", "hosts/host.ts", "store/*"],
  },
  {
    // Beyond the design: what stops a start or a write has a code of ours, and an event's type is the protocol's.
    files: ["store/*"],
    may: ["kysely", "store/*", "errors.ts", "disk.ts"],
    types: ["protocol.ts"],
  },
  {
    files: ["hosts/bun.ts"],
    may: ["bun:sqlite", "hosts/*", "protocol.ts"],
    types: ["bun", "hono", "live-connection.ts", "store/folder.ts"],
  },
  {
    files: ["hosts/node.ts"],
    may: ["better-sqlite3", "@hono/node-server", "@hono/node-ws", "node:*", "hosts/*", "protocol.ts"],
    types: ["ws", "hono", "hono/ws", "live-connection.ts", "store/folder.ts"],
  },
  {
    files: ["hosts/*"],
    may: ["errors.ts"],
    types: ["hono", "live-connection.ts", "store/folder.ts", "digest.ts"],
  },
  { files: ["client/*"], may: ["client/*"], types: ["protocol.ts"] },
  { files: ["cli/listen.ts"], may: ["citty", "cli/*", "client/*", "protocol.ts", "errors.ts"] },
  { files: ["cli/serve.ts"], may: ["cli/*", "server.ts", "config.ts", "errors.ts"] },
  {
    // Beyond the design: these two work on the data folder while no server need run.
    files: ["cli/admin.ts", "cli/token.ts"],
    may: ["citty", "cli/*", "store/open.ts", "admins.ts", "tokens.ts", "secret.ts", "errors.ts"],
  },
  {
    files: ["cli/*"],
    may: ["citty", "cli/*", "config.ts", "errors.ts", "version.ts", "disk.ts", "node:util"],
    types: ["hosts/host.ts"],
  },
  {
    files: ["server.ts"],
    may: [
      ...PRODUCT,
      "tokens.ts",
      "events.ts",
      "live.ts",
      "http/app.ts",
      "store/open.ts",
      "protocol.ts",
      "secret.ts",
      "file-limit.ts",
    ],
    types: ["config.ts", "hosts/host.ts"],
  },
  { files: ["main.bun.ts"], may: ["cli/main.ts", "hosts/bun.ts"] },
  { files: ["main.node.ts"], may: ["cli/main.ts", "hosts/node.ts"] },
]

/** Words only some files may say. */
const WORDS: readonly Word[] = [
  { word: /\bBun\b/, name: "Bun", files: ["hosts/*", "main.*"] },
  { word: /\bprocess\.(env|exit)\b/, name: "process.env or process.exit", files: ["main.*"] },
]

function read(folder: string): Sources {
  const files = [...new Bun.Glob("**/*.{ts,tsx}").scanSync(join(ROOT, folder))].sort()
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(ROOT, folder, file), "utf8")]))
}

const SRC = read("src")

test("every file of src imports only what the design lets it", () => {
  expect(violations(SRC, RULES, WORDS)).toEqual([])
})

test("every rule is about a file that exists", () => {
  const patterns = RULES.flatMap(({ files }) => files)
  expect(patterns.filter((pattern) => !Object.keys(SRC).some((file) => oneOf([pattern], file)))).toEqual([])
})

test("the tests, too, are short files that import each other by name and never in a circle", () => {
  const tests = read("test")
  expect(Object.entries(tests).flatMap(([file, source]) => shapeOf(file, source))).toEqual([])
  expect(cycles(tests)).toEqual([])
})

test("the top level is the owner's, and nothing else lies there", () => {
  const { stdout, success } = Bun.spawnSync(["git", "ls-files"], { cwd: ROOT })
  expect(success).toBeTrue()
  const names = stdout.toString().trim().split("\n")
  const wanted =
    "package.json bunfig.toml tsconfig.json src test build.ts README.md LICENSE bun.lock biome.json .ci .github .gitignore"
  expect([...new Set(names.map((name) => name.split("/")[0]))].sort()).toEqual(wanted.split(" ").sort())
})

test.each<[string, Sources, string[]]>([
  [
    "a product file that speaks HTTP",
    { "votes.ts": 'import { Hono } from "hono"' },
    ["votes.ts imports hono"],
  ],
  [
    "a product file that opens the store itself",
    { "votes.ts": 'import { openStore } from "./store/open.ts"' },
    ["votes.ts imports more than types of store/open.ts"],
  ],
  [
    "a type of another layer, over several lines",
    { "votes.ts": 'import type {\n  Live,\n  LiveOptions,\n} from "./live.ts"' },
    ["votes.ts imports live.ts"],
  ],
  [
    "a route with a database of its own",
    { "http/votes.ts": 'import { Database } from "bun:sqlite"' },
    ["http/votes.ts imports bun:sqlite"],
  ],
  [
    "the runtime outside the hosts",
    { "votes.ts": "export const at = Bun.nanoseconds()" },
    ["votes.ts names Bun"],
  ],
  [
    "the environment inside the program",
    { "config.ts": "export const port = process.env.PORT" },
    ["config.ts names process.env or process.exit"],
  ],
  [
    "a client that knows the store",
    { "client/connect.ts": 'import type { Store } from "../store/open.ts"' },
    ["client/connect.ts imports store/open.ts"],
  ],
  [
    "errors that lean on something",
    { "errors.ts": 'import type { Role } from "./store/schema.ts"' },
    ["errors.ts imports store/schema.ts"],
  ],
  [
    "a barrel",
    { "client/index.ts": 'export * from "./connect.ts"' },
    ["client/index.ts hands on ./connect.ts"],
  ],
  [
    "a barrel of names",
    { "client/index.ts": 'export { connect } from "./connect.ts"' },
    ["client/index.ts hands on ./connect.ts"],
  ],
  ["a file without a rule", { "utils.ts": "export const one = 1" }, ["utils.ts has no rule"]],
  [
    "a file that is too long",
    { "errors.ts": "export type A = 1\n".repeat(251) },
    ["errors.ts has 251 lines"],
  ],
  [
    "an import without its extension",
    { "sessions.ts": 'import { AppError } from "./errors"' },
    ["sessions.ts imports ./errors without .ts", "sessions.ts imports errors"],
  ],
  [
    "an alias",
    { "sessions.ts": 'import { AppError } from "@/errors.ts"' },
    ["sessions.ts imports @/errors.ts by an alias", "sessions.ts imports @/errors.ts"],
  ],
  ["an import for its effects", { "errors.ts": 'import "node:fs"' }, ["errors.ts imports node:fs"]],
  [
    "an import in the middle of a function",
    { "errors.ts": 'export const fs = () => import("node:fs")' },
    ["errors.ts imports node:fs"],
  ],
  [
    "a type imported in passing",
    { "errors.ts": 'export type Fs = typeof import("node:fs")' },
    ["errors.ts imports node:fs"],
  ],
  [
    "an import of who knows what",
    { "errors.ts": "export const load = (name: string) => import(name)" },
    ["errors.ts imports what has no fixed name"],
  ],
  ["a require", { "errors.ts": 'export const fs = require("node:fs")' }, ["errors.ts imports node:fs"]],
  [
    "a circle",
    {
      "votes.ts": 'import { selectSessions } from "./sessions.ts"\nexport const votes = selectSessions',
      "sessions.ts": 'import { votes } from "./votes.ts"\nexport const selectSessions = () => votes',
    },
    ["votes.ts → sessions.ts → votes.ts is a circle"],
  ],
])("%s is caught", (_what, sources, expected) => {
  expect(violations(sources, RULES, WORDS)).toEqual(expected)
})

test("what the design allows is not caught: types of the store, a circle of types, names in comments", () => {
  const sources = {
    "votes.ts": `import type { Store } from "./store/open.ts"
import { type Session, selectSessions } from "./sessions.ts"
/** Faster than Bun.serve; see process.env. */
export const votes = (store: Store, session: Session) => selectSessions(store, session) // not Bun.sql`,
    "sessions.ts": `import type { votes } from "./votes.ts"
export type Session = typeof votes
export const selectSessions = (...all: unknown[]) => all`,
    "catalogue.ts": "// a game\n".repeat(1_000),
  }
  expect(violations(sources, RULES, WORDS)).toEqual([])
})
