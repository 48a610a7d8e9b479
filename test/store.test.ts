/** The data folder: what SQLite is told, what it refuses, and what stays when the service starts again. */
import { afterEach, expect, onTestFinished, test } from "bun:test"
import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sql } from "kysely"
import { StartError } from "../src/errors.ts"
import { migrations, SCHEMA_VERSION } from "../src/store/migrations.ts"
import type { Store, StoreOptions } from "../src/store/open.ts"
import { spoil } from "./support/folders.ts"
import { files, openDatabase, openFolder, openNight } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const stores = new Set<Store>()
afterEach(async () => {
  for (const store of stores) await store.close()
  stores.clear()
})

function openUntilEnd(dataDir: string, more: Partial<StoreOptions> = {}): Store {
  const store = openFolder(dataDir, more)
  stores.add(store)
  return store
}

async function closeFolder(store: Store): Promise<void> {
  stores.delete(store)
  await store.close()
}

/** Why the folder cannot be opened. */
function refusal(dataDir: string, more: Partial<StoreOptions> = {}): StartError {
  try {
    openUntilEnd(dataDir, more)
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new Error("Expected the start to be refused")
}

function change(dataDir: string, ...statements: string[]): void {
  const raw = openDatabase(join(dataDir, "gamenight.db"), { readonly: false })
  for (const statement of statements) raw.exec(statement)
  raw.close()
}

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

const note = ({ write }: Store, key: string) =>
  write(({ trx }) => trx.insertInto("meta").values({ key, value: "" }).execute())

test("the database that a night is written to has every PRAGMA of the promises", async () => {
  const store = openUntilEnd(newFolder())
  const answers = await store.write(async ({ trx }) => {
    const read: Record<string, unknown> = {}
    for (const name of [
      "busy_timeout",
      "journal_mode",
      "synchronous",
      "foreign_keys",
      "trusted_schema",
      "cell_size_check",
      "journal_size_limit",
      "temp_store",
      "mmap_size",
    ]) {
      const { rows } = await sql.raw<Record<string, unknown>>(`PRAGMA ${name}`).execute(trx)
      read[name] = Object.values(rows[0] ?? {})[0]
    }
    return read
  })
  expect(answers).toEqual({
    busy_timeout: 5_000,
    journal_mode: "wal",
    synchronous: 2,
    foreign_keys: 1,
    trusted_schema: 0,
    cell_size_check: 1,
    journal_size_limit: 16 * 1024 * 1024,
    temp_store: 2,
    mmap_size: 0,
  })
})

test("every table of the night is STRICT", async () => {
  const { store } = await openNight()
  const { rows } = await sql<{ name: string; strict: number }>`
    SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`.execute(
    store.db,
  )
  expect(rows.map(({ name }) => name).sort()).toEqual([
    "admins",
    "catalogue_keys",
    "chat_votes",
    "events",
    "game_packs",
    "game_selections",
    "games",
    "idempotency",
    "linked_voters",
    "meta",
    "pack_renames",
    "packs",
    "poll_options",
    "poll_votes",
    "polls",
    "session_games",
    "sessions",
    "tokens",
    "voter_links",
    "votes",
    "webhook_deliveries",
    "webhooks",
  ])
  expect(rows.filter(({ strict }) => strict !== 1)).toEqual([])
})

test.each([
  ["a text where a number belongs", "UPDATE games SET max_players = 'eight'", /cannot store TEXT/],
  ["a game for fewer people at most than at least", "UPDATE games SET min_players = 200", /CHECK/],
  ["a pack nobody knows", "UPDATE games SET pack_name = 'Pack of nobody'", /FOREIGN KEY/],
  ["a ticker that two games have", "UPDATE games SET ticker = 'qpl3'", /UNIQUE/],
  ["fewer votes than none", "UPDATE games SET upvotes = -1", /CHECK/],
  [
    "a session that is over and running",
    "INSERT INTO sessions (is_active, created_at) VALUES (0, 'x')",
    /CHECK/,
  ],
  ["two nights at once", "INSERT INTO sessions (created_at) VALUES ('x'), ('y')", /UNIQUE/],
])("the database refuses %s", async (_what, statement, why) => {
  const { store } = await openNight()
  await expect(store.write(({ trx }) => sql.raw(statement).execute(trx))).rejects.toThrow(why)
})

test.each([
  [1, "20e6a13184d376804e8511927e5a9681ef29d6ee5a2694a261521c3c19d44d40"],
  [2, "1bb67416f15732edefca2e990576876957f323c6e16b7d38cce161941cabbf55"],
])("schema %i is frozen: its text never changes once people have it", (version, hash) => {
  const frozen = migrations.find((one) => one.version === version)
  expect(
    createHash("sha256")
      .update(frozen?.sql ?? "")
      .digest("hex"),
  ).toBe(hash)
})

test("migrations are numbered without a gap, and a new database has had all of them", async () => {
  expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, at) => at + 1))
  const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(
    openUntilEnd(newFolder()).db,
  )
  expect(rows[0]?.user_version).toBe(SCHEMA_VERSION)
})

test("a new database is marked as ours, and one from before there was a mark is still known", async () => {
  const dataDir = newFolder()
  const first = openUntilEnd(dataDir)
  const { rows } = await sql`PRAGMA application_id`.execute(first.db)
  expect(rows).toEqual([{ application_id: 0x67_6d_6e_74 }])
  await closeFolder(first)
  change(dataDir, "PRAGMA application_id=0")
  expect(openUntilEnd(dataDir).epoch).toBe(first.epoch)
})

test("a database keeps its epoch over a restart, and another database has another one", async () => {
  const dataDir = newFolder()
  const first = openUntilEnd(dataDir)
  expect(first.epoch).toMatch(/^[0-9a-f-]{36}$/)
  await closeFolder(first)
  const again = openUntilEnd(dataDir)
  expect(again.epoch).toBe(first.epoch)
  expect(openUntilEnd(newFolder()).epoch).not.toBe(first.epoch)
})

test("what another process writes is noticed, and what this one writes is not taken for it", async () => {
  const dataDir = newFolder()
  const server = openUntilEnd(dataDir)
  const before = server.foreignWrites()
  await note(server, "own")
  await server.db.selectFrom("meta").selectAll().execute()
  expect(server.foreignWrites()).toBe(before)
  const command = openUntilEnd(dataDir, { beside: true })
  await note(command, "foreign")
  expect(server.foreignWrites()).not.toBe(before)
})

test("a second service refuses the folder of the first, and a command may stand beside it", async () => {
  const dataDir = newFolder()
  const server = openUntilEnd(dataDir)
  expect(refusal(dataDir)).toMatchObject({
    exitCode: 1,
    message: expect.stringContaining("another gamenight already uses the folder"),
  })
  await closeFolder(openUntilEnd(dataDir, { beside: true }))
  await note(server, "still-writing")
  await closeFolder(server)
  openUntilEnd(dataDir)
})

test("a database of a newer gamenight is refused with exit code 2 and stays as it is", async () => {
  const dataDir = newFolder()
  await closeFolder(openUntilEnd(dataDir))
  change(dataDir, "PRAGMA journal_mode=WAL", `PRAGMA user_version=${SCHEMA_VERSION + 1}`)
  const path = join(dataDir, "gamenight.db")
  const before = digestOf(path)
  expect(refusal(dataDir)).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("newer gamenight"),
  })
  expect(digestOf(path)).toBe(before)
})

test.each([
  ["that is no database at all", (bytes: Buffer) => bytes.fill("not a database ", 0, 100)],
  ["with a page full of noise", (bytes: Buffer) => bytes.fill(0xa5, 4096 * 3, 4096 * 5)],
])("a file %s is refused with exit code 3 and stays as it is", async (_what, damage) => {
  const dataDir = newFolder()
  await closeFolder(openUntilEnd(dataDir))
  const path = join(dataDir, "gamenight.db")
  writeFileSync(path, damage(readFileSync(path)))
  const before = digestOf(path)
  expect(refusal(dataDir)).toMatchObject({ exitCode: 3, message: expect.stringContaining("is damaged") })
  expect(digestOf(path)).toBe(before)
})

test("only a database that somebody changed since the last clean stop is checked again", async () => {
  const dataDir = newFolder()
  const path = join(dataDir, "gamenight.db")
  const { changedAt } = files
  await closeFolder(openUntilEnd(dataDir, { changedAt }))
  const { mtime } = statSync(path)
  spoil(path, 10, 1)
  utimesSync(path, mtime, mtime)
  await closeFolder(openUntilEnd(dataDir, { changedAt }))
  utimesSync(path, 0, 0)
  expect(refusal(dataDir, { changedAt })).toMatchObject({ exitCode: 3 })
})

test("after a clean stop the night is in one file that only its owner can read", async () => {
  const umask = process.umask(0o077)
  onTestFinished(() => void process.umask(umask))
  const dataDir = join(newFolder(), "made", "by", "gamenight")
  const store = openUntilEnd(dataDir)
  await note(store, "kept")
  await closeFolder(store)
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  expect(statSync(join(dataDir, "gamenight.db")).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataDir).filter((name) => name.startsWith("gamenight.db"))).toEqual(["gamenight.db"])
})
