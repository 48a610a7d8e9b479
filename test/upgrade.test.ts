/** A database of the first gamenight, brought up to date by the start of this one. */
import { expect, onTestFinished, test } from "bun:test"
import { copyFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sql } from "kysely"
import { catalogue } from "../src/catalogue.ts"
import { loadCatalogue } from "../src/shipped.ts"
import { migrations, SCHEMA_VERSION } from "../src/store/migrations.ts"
import { change, EVENT, namesIn, rowsIn } from "./support/folders.ts"
import { openDatabase, openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

/** One night that is over and one that runs, as the first gamenight stored them. */
const ROWS = `
INSERT INTO meta VALUES ('epoch', 'the first epoch'), ('catalogue_version', '1');
INSERT INTO packs VALUES ('Pack', 1, 1);
INSERT INTO games (id, pack_name, title, min_players, max_players, game_type, ticker, play_count, upvotes, created_at)
VALUES (1, 'Pack', 'Quiplash 3', 3, 8, 'Writing', 'QPL3', 2, 2, '2025-10-01T09:00:00.000Z');
INSERT INTO game_packs VALUES (1, 'Pack');
INSERT INTO catalogue_keys VALUES ('quiplash-3', 1);
INSERT INTO sessions VALUES (1, 'old', 0, '2025-10-01T20:00:00.000Z', '2025-10-01T23:00:00.000Z', 1);
INSERT INTO sessions VALUES (2, 'running', 1, '2025-11-01T20:00:00.000Z', NULL, 0);
INSERT INTO session_games VALUES
  (1, 1, 1, 'played', '2025-10-01T20:10:00.000Z', 0, 'dice', 'ABCD', 5, 1, 0),
  (2, 2, 1, 'skipped', '2025-11-01T20:10:00.000Z', 1, 'manual', NULL, NULL, 0, 0),
  (3, 2, 1, 'playing', '2025-11-01T20:20:00.000Z', 0, 'poll', NULL, NULL, 1, 0);
INSERT INTO votes VALUES
  (1, 1, 1, 1, 'Ann', 'ann', 'up', 'irc', '2025-10-01T20:30:00.000Z', '2025-10-01T20:30:00.000Z'),
  (2, 2, 3, 1, 'Bob', 'bob', 'up', NULL, '2025-11-01T20:30:00.000Z', '2025-11-01T20:31:00.000Z');
INSERT INTO events VALUES
  (1, 1, 'session.started', '{}', '2025-10-01T20:00:00.000Z'),
  (2, 2, 'session.started', '{}', '2025-11-01T20:00:00.000Z');
INSERT INTO tokens VALUES ('id', 'relay', 'bot', '2025-10-01T20:00:00.000Z', '2026-10-01T20:00:00.000Z', NULL);
INSERT INTO admins VALUES ('Ann', 'hash', '2025-10-01T20:00:00.000Z');
`

function firstGamenight(): string {
  const dataDir = newFolder()
  const raw = openDatabase(join(dataDir, "gamenight.db"), { readonly: false })
  raw.exec("PRAGMA journal_mode=WAL")
  raw.exec(migrations[0]?.sql ?? "")
  raw.exec("PRAGMA user_version=1")
  raw.exec(ROWS)
  raw.close()
  return dataDir
}

/** Every row of every table the first gamenight had. */
function everyRow(path: string): Record<string, unknown[]> {
  const raw = openDatabase(path, { readonly: false })
  const tables = [...(migrations[0]?.sql.matchAll(/CREATE TABLE (\w+)/g) ?? [])].map(([, name = ""]) => name)
  const rows = tables.map((name) => [name, raw.prepare(`SELECT * FROM ${name}`).all([])] as const)
  raw.close()
  return Object.fromEntries(rows)
}

test("every row of an older database is still there, and what the new columns say is new", async () => {
  const dataDir = firstGamenight()
  const before = everyRow(join(dataDir, "gamenight.db"))
  expect(Object.values(before).every((rows) => rows.length > 0)).toBeTrue()
  await openFolder(dataDir).close()
  const active: Record<string, string | null> = { 1: null, 2: null, 3: "2025-11-01T20:31:00.000Z" }
  const games = before.session_games as { id: number }[]
  const tokens = before.tokens as object[]
  const expected = {
    ...before,
    session_games: games.map((row) => ({ ...row, active_at: active[row.id] })),
    tokens: tokens.map((row) => ({ ...row, last_used_at: null })),
    catalogue_keys: [{ key: "quiplash-3", game_id: 1, shipped: expect.any(String) }],
  }
  expect(everyRow(join(dataDir, "gamenight.db"))).toEqual(expected)
})

test("an upgraded database has the same tables and indexes as a new one", async () => {
  const shapeOf = async (dataDir: string) => {
    const store = openFolder(dataDir)
    onTestFinished(store.close)
    const { rows: version } = await sql`PRAGMA user_version`.execute(store.db)
    const { rows: shape } = await sql`SELECT type, name, sql FROM sqlite_schema ORDER BY name`.execute(
      store.db,
    )
    const { rows: verdict } = await sql`PRAGMA integrity_check`.execute(store.db)
    return { version, shape, verdict }
  }
  const upgraded = await shapeOf(firstGamenight())
  expect(upgraded).toEqual(await shapeOf(newFolder()))
  expect(upgraded).toMatchObject({
    version: [{ user_version: SCHEMA_VERSION }],
    verdict: [{ integrity_check: "ok" }],
  })
})

test("an older database is copied before it is brought up to date, a new or current one is not", async () => {
  const dataDir = firstGamenight()
  const before = everyRow(join(dataDir, "gamenight.db"))
  for (const _ of ["upgraded", "current"]) {
    await openFolder(dataDir).close()
    expect(namesIn(join(dataDir, "backups"))).toEqual([`before-schema-${SCHEMA_VERSION}.db`])
  }
  const copy = join(dataDir, "backups", `before-schema-${SCHEMA_VERSION}.db`)
  expect(rowsIn(copy, "PRAGMA user_version")).toEqual([{ user_version: 1 }])
  expect(everyRow(copy)).toEqual(before)

  const fresh = newFolder()
  await openFolder(fresh).close()
  expect(namesIn(fresh)).not.toContain("backups")
})

test("an upgrade that is tried again makes a second copy only if the database changed", async () => {
  const dataDir = firstGamenight()
  const path = join(dataDir, "gamenight.db")
  const copy = join(dataDir, "backups", `before-schema-${SCHEMA_VERSION}.db`)
  const tryAgain = async (...changes: string[]) => {
    copyFileSync(copy, path)
    change(path, ...changes)
    await openFolder(dataDir).close()
    return namesIn(join(dataDir, "backups"))
  }
  await openFolder(dataDir).close()
  expect(await tryAgain()).toEqual([`before-schema-${SCHEMA_VERSION}.db`])
  expect(await tryAgain(EVENT)).toEqual([
    `before-schema-${SCHEMA_VERSION}-2.db`,
    `before-schema-${SCHEMA_VERSION}.db`,
  ])
  expect(await tryAgain(EVENT)).toEqual([
    `before-schema-${SCHEMA_VERSION}-2.db`,
    `before-schema-${SCHEMA_VERSION}.db`,
  ])
  expect(rowsIn(copy, "SELECT seq FROM events")).toHaveLength(2)
})

test("a database that cannot be copied is not brought up to date", () => {
  const dataDir = firstGamenight()
  const before = everyRow(join(dataDir, "gamenight.db"))
  writeFileSync(join(dataDir, "backups"), "a file in the place of the folder")
  expect(() => openFolder(dataDir)).toThrow(`Cannot start: the folder ${dataDir} cannot be written (`)
  expect(rowsIn(join(dataDir, "gamenight.db"), "PRAGMA user_version")).toEqual([{ user_version: 1 }])
  expect(everyRow(join(dataDir, "gamenight.db"))).toEqual(before)
})

test("a later catalogue tells in an upgraded database, too, what its owner changed", async () => {
  const dataDir = firstGamenight()
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  await store.write(({ trx }) => trx.updateTable("games").set({ length_minutes: 40 }).execute())
  const shipped = catalogue.filter(({ key }) => key === "quiplash-3")
  const later = shipped.map((game) => ({ ...game, title: "Quiplash III", length_minutes: 17 }))
  await loadCatalogue(store, Date.now, { version: 2, games: async () => later })
  const rows = await store.db.selectFrom("games").select(["title", "length_minutes", "upvotes"]).execute()
  expect(rows).toEqual([{ title: "Quiplash III", length_minutes: 40, upvotes: 2 }])
})
