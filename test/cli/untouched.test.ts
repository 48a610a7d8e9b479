/** Refusals on both hosts that come before anything was made or changed. */
import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { NODE_BUNDLE } from "../support/programs.ts"
import { newFolder } from "../support/server.ts"
import { compiled, startCommand } from "./program.ts"
import { databaseIn, expectRefusal, usedFolder } from "./refusal.ts"

/** A folder whose gamenight.db another program made. */
function foreignFolder(sql: string): string {
  const dataDir = newFolder()
  const database = new Database(join(dataDir, "gamenight.db"))
  database.exec(sql)
  database.close()
  return dataDir
}

describe.each([
  ["the compiled file", [compiled()]],
  ["the Node bundle", NODE_BUNDLE],
])("%s", (_name, command) => {
  const listenOn = (dataDir: string, host: string, port: number) =>
    startCommand([...command, "--host", host, "--port", String(port), "--data-dir", dataDir]).ended

  test("a taken port is refused, and nothing is made or changed", async () => {
    const taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
    const sentence = `Cannot listen on 127.0.0.1:${taken.port}: another program uses this port;`
    const nowhere = join(newFolder(), "data")
    expectRefusal(await listenOn(nowhere, "127.0.0.1", taken.port), 1, sentence)
    expect(existsSync(nowhere)).toBeFalse()

    const used = await usedFolder()
    const before = databaseIn(used)
    expectRefusal(await listenOn(used, "127.0.0.1", taken.port), 1, sentence)
    expect(databaseIn(used)).toEqual(before)
    taken.stop()
  })

  test.each(["192.0.2.1", "no-such-host.invalid"])(
    "the address %s, not of this machine, is refused, and nothing is made",
    async (host) => {
      const dataDir = join(newFolder(), "data")
      const sentence = `Cannot listen on ${host}:0: this machine has no such address; check --host`
      expectRefusal(await listenOn(dataDir, host, 0), 1, sentence)
      expect(existsSync(dataDir)).toBeFalse()
    },
  )

  test.each([
    "CREATE TABLE games (name TEXT)",
    "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')",
    "CREATE TABLE notes (text TEXT); PRAGMA user_version=1",
    "CREATE TABLE notes (text TEXT); PRAGMA user_version=999",
    "PRAGMA journal_mode=WAL; CREATE TABLE meta (key TEXT, value TEXT); PRAGMA user_version=2",
  ])("the database of another program is refused and stays as it is: %s", async (sql) => {
    const dataDir = foreignFolder(sql)
    const before = databaseIn(dataDir)
    const sentence = `Cannot start: the database ${join(dataDir, "gamenight.db")} is not one of gamenight;`
    expectRefusal(await listenOn(dataDir, "127.0.0.1", 0), 2, sentence)
    const list = await startCommand([...command, "token", "list", "--data-dir", dataDir]).ended
    expectRefusal(list, 2, sentence)
    const backup = await startCommand([...command, "backup", "--data-dir", dataDir]).ended
    expectRefusal(backup, 2, sentence.replace("start", "back up"))
    expect(databaseIn(dataDir)).toEqual(before)
    expect(existsSync(join(dataDir, "secret"))).toBeFalse()
  })
})
