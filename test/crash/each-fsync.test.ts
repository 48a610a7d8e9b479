import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { join } from "node:path"
import { databaseIn } from "../../src/store/folder.ts"
import { migrations, SCHEMA_VERSION } from "../../src/store/migrations.ts"
import { newFolder } from "../support/server.ts"
import { testShort } from "../support/short.ts"
import { scenario } from "./each-fsync.ts"
import { whatIsBetween, writeOldDatabase } from "./old-database.ts"

testShort(scenario)

const OLD = { least: 1, isOld: true }

function afterRunning(sql: string): string[] {
  const dataDir = join(newFolder(), "data")
  writeOldDatabase(dataDir)
  const db = new Database(databaseIn(dataDir))
  db.exec(sql)
  db.close()
  return whatIsBetween(dataDir, OLD)
}

test("an old database is one, and so is an upgraded one", () => {
  const upgrade = migrations.slice(1).map(({ sql }) => sql)
  expect(afterRunning("SELECT 1")).toEqual([])
  expect(afterRunning(`${upgrade.join("")} PRAGMA user_version=${SCHEMA_VERSION}`)).toEqual([])
})

test.each<[string, string, string]>([
  ["half of an upgrade", migrations[1]?.sql.split(";")[0] ?? "", "It says schema 1 and is"],
  ["an upgrade that is only said", "PRAGMA user_version=2", "It says schema 2 and is"],
  ["a schema nobody made", "PRAGMA user_version=999", "It has schema 999"],
  ["a vote that got lost", "DELETE FROM votes", "Changed: SELECT session_id, session_game_id"],
])("%s is noticed", (_what, sql, line) => {
  expect(afterRunning(sql).join("\n")).toContain(line)
})

test("a database that is not there is noticed where there was one", () => {
  expect(whatIsBetween(newFolder(), OLD)).toEqual(["There is no database"])
  expect(whatIsBetween(newFolder(), { least: 0, isOld: false })).toEqual([])
})
