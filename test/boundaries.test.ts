/** The "may import" column of the design, executed: who may know whom in src, and what a file may look like. */
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { cycles, oneOf, type Sources, shapeOf, violations } from "./support/boundaries.ts"
import { RULES, WORDS } from "./support/rules.ts"

const ROOT = join(import.meta.dir, "..")

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
