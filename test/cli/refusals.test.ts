/** Every way in which a start can be impossible: one plain sentence, the right exit code, nothing touched. */
import { Database } from "bun:sqlite"
import { afterAll, expect, test } from "bun:test"
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { join } from "node:path"
import { type Api, asAdmin } from "../support/api.ts"
import { newFolder, startServer } from "../support/server.ts"
import { fill, missingSmallDisk, smallDisk, unmountAll } from "../support/small-disk.ts"
import { compiled, outputOf, run } from "./program.ts"
import { databaseIn, expectRefusal, serve, usedFolder } from "./refusal.ts"

const PAGE = 4_096

/** What a crash leaves: a database whose newest changes stand in the write-ahead log alone. */
function crashedCopy(folder: string, change: string): string {
  const crashed = join(newFolder(), "data")
  mkdirSync(crashed)
  const database = new Database(join(folder, "gamenight.db"))
  database.exec(change)
  for (const name of ["gamenight.db", "gamenight.db-wal"]) {
    copyFileSync(join(folder, name), join(crashed, name))
  }
  database.close()
  return crashed
}

function overwrite(folder: string, from: number, bytes: number): void {
  const file = openSync(join(folder, "gamenight.db"), "r+")
  writeSync(file, new Uint8Array(bytes).fill(0xa5), 0, bytes, from)
  closeSync(file)
}

test("a second instance on the same folder is refused and leaves the first alone", async () => {
  const server = await startServer([compiled()])
  const { dataDir } = server
  expectRefusal(
    await serve(dataDir),
    1,
    `Cannot start: another gamenight already uses the folder ${dataDir};`,
  )
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
})

test("a folder is free again after its server was killed", async () => {
  const server = await startServer([compiled()])
  await server.stop("SIGKILL")
  const again = await startServer([compiled()], { dataDir: server.dataDir })
  expect(await again.stop()).toBe(0)
})

test("a folder that cannot be made or written is refused", async () => {
  const file = join(newFolder(), "file")
  writeFileSync(file, "a letter")
  for (const dataDir of [file, join(file, "data"), "/proc/gamenight"]) {
    expectRefusal(await serve(dataDir), 1, `Cannot start: the folder ${dataDir} cannot be written (`)
    const ended = await run(["token", "create", "bot", "--data-dir", dataDir])
    expectRefusal(ended, 1, `Cannot start: the folder ${dataDir} cannot be written (`)
  }
  expect(readFileSync(file, "utf8")).toBe("a letter")
})

test("a folder mistyped for a list or a revocation is refused, and not made", async () => {
  const dataDir = join(newFolder(), "dtaa")
  for (const words of [["list"], ["revoke", "some-id"]]) {
    const ended = await run(["token", ...words, "--data-dir", dataDir])
    expectRefusal(ended, 1, `Cannot open ${dataDir}: it holds no gamenight database; check --data-dir`)
  }
  expect(existsSync(dataDir)).toBeFalse()
})

test("a file in the place of the lock is named", async () => {
  const dataDir = newFolder()
  writeFileSync(
    join(dataDir, "gamenight.lock"),
    "not a lock, but a letter that is longer than a header\n".repeat(20),
  )
  const lock = join(dataDir, "gamenight.lock")
  expectRefusal(await serve(dataDir), 1, `Cannot start: the file ${lock} is not the lock of a gamenight;`)
})

test("a secret that is none, or cannot be read, is refused", async () => {
  const folder = newFolder()
  writeFileSync(join(folder, "secret"), "short\n")
  expectRefusal(await serve(folder), 1, `Cannot start: the file ${join(folder, "secret")} holds no secret`)
  expect(readFileSync(join(folder, "secret"), "utf8")).toBe("short\n")

  const other = newFolder()
  mkdirSync(join(other, "secret"))
  expectRefusal(await serve(other), 1, "Cannot start: ")
})

afterAll(unmountAll)
const missing = missingSmallDisk()
const mayMount = missing === undefined
const needs = mayMount ? "" : ` (${missing})`

// Each size is full at another step: making the file, the tables, the secret, the catalogue.
test.skipIf(!mayMount).each([4, 64, 128, 160, 192, 208])(
  `a folder with room for %d KiB is refused${needs}`,
  async (kib) => {
    const folder = smallDisk(kib) ?? ""
    const ended = await serve(folder)
    expectRefusal(ended, 1, "Cannot ")
    expect(ended.stderr).toContain("full; free some space and")
  },
)

/** Writes until a write is not taken, and gives the status of that one. */
async function firstRefusal(admin: Api): Promise<number> {
  for (;;) {
    const { status, body } = await admin("POST", "/api/sessions", { notes: "n".repeat(2_000) })
    if (status !== 201) return status
    const closed = await admin("POST", `/api/sessions/${body.id}/close`)
    if (closed.status !== 200) return closed.status
  }
}

test.skipIf(!mayMount)(`a disk that fills up while it runs does not spoil the stop${needs}`, async () => {
  const folder = smallDisk(400) ?? ""
  const server = await startServer([compiled()], { dataDir: folder })
  const admin = await asAdmin(server)
  fill(folder)
  expect(await firstRefusal(admin)).toBe(507)
  expect((await admin("GET", "/api/sessions")).status).toBe(200)
  expect(await server.stop()).toBe(0)
  expect(server.stderr()).not.toMatch(/^\s+at /m)
})

test.skipIf(!mayMount)(`a folder on a disk mounted for reading alone is refused${needs}`, async () => {
  const folder = smallDisk(400, "ro") ?? ""
  expectRefusal(await serve(folder), 1, `Cannot start: the folder ${folder} cannot be written (`)
})

test("a database with damaged pages is refused with 3 and stays as it is", async () => {
  const dataDir = await usedFolder()
  overwrite(dataDir, 5 * PAGE, 6 * PAGE)
  const before = databaseIn(dataDir)
  const sentence = `Cannot start: the database ${join(dataDir, "gamenight.db")} is damaged (`
  expectRefusal(await serve(dataDir), 3, sentence)
  expectRefusal(await run(["token", "list", "--data-dir", dataDir]), 3, sentence)
  expectRefusal(await run(["admin", "create", "ann", "--data-dir", dataDir]), 3, sentence)
  expect(databaseIn(dataDir)).toEqual(before)
})

test("a database damaged before a crash is refused with 3, its write-ahead log kept", async () => {
  const dataDir = crashedCopy(await usedFolder(), "UPDATE games SET play_count = 7")
  overwrite(dataDir, 5 * PAGE, 6 * PAGE)
  overwrite(dataDir, 20 * PAGE, 8 * PAGE)
  const before = databaseIn(dataDir)
  expectRefusal(await serve(dataDir), 3, "Cannot start: the database ")
  expect(databaseIn(dataDir)).toMatchObject(before)
})

test.each(["junk", "not a database at all\n".repeat(1_000)])(
  "a file of junk is refused with 3 and stays as it is",
  async (junk) => {
    const dataDir = newFolder()
    const path = join(dataDir, "gamenight.db")
    writeFileSync(path, junk)
    expectRefusal(await serve(dataDir), 3, `Cannot start: the database ${path} is damaged (`)
    expect(readFileSync(path, "utf8")).toBe(junk)
  },
)

test("a database of a newer gamenight is refused with 2 and not touched", async () => {
  const dataDir = await usedFolder()
  const path = join(dataDir, "gamenight.db")
  await outputOf(["token", "list", "--data-dir", dataDir])
  const database = new Database(path)
  database.exec("PRAGMA user_version=999")
  database.close()
  const before = databaseIn(dataDir)
  expect(Object.keys(before)).toEqual(["gamenight.db"])
  const sentence = `Cannot start: the database ${path} was made by a newer gamenight (schema 999, `
  expectRefusal(await serve(dataDir), 2, sentence)
  expectRefusal(await run(["token", "create", "relay", "--data-dir", dataDir]), 2, sentence)
  expect(databaseIn(dataDir)).toEqual(before)
})

test("a newer database that crashed is refused with 2, its write-ahead log kept", async () => {
  const dataDir = crashedCopy(await usedFolder(), "PRAGMA user_version=999")
  const before = databaseIn(dataDir)
  expectRefusal(await serve(dataDir), 2, "Cannot start: the database ")
  expect(databaseIn(dataDir)).toMatchObject(before)
})
