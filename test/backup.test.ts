/** Backups: whole, checked, under a name of their own, and never in the way of a service. */
import { expect, onTestFinished, test } from "bun:test"
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { StartError } from "../src/errors.ts"
import { backUp } from "../src/store/backup.ts"
import { takeLock } from "../src/store/lock.ts"
import { SCHEMA_VERSION } from "../src/store/migrations.ts"
import { crashedFolder, EVENT, namesIn, rowsIn, spoil, tokenRow, usedFolder } from "./support/folders.ts"
import { EVENING, files, openDatabase, openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const options = { openDatabase, fileSize: files.size, now: () => Date.parse(EVENING) }
const NAME = "gamenight-20251101T200000Z"

/** Why there is no backup. */
function refusal(dataDir: string, to: { folder?: string; name?: string } = {}): StartError {
  try {
    backUp({ ...options, dataDir, to })
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new Error("Expected the backup to be refused")
}

const database = (dataDir: string): string => join(dataDir, "gamenight.db")

test("a backup beside a service holds what was answered up to it, in one file that only its owner can read", async () => {
  const dataDir = await usedFolder(EVENT)
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  await store.write(({ trx }) => trx.insertInto("meta").values({ key: "answered", value: "" }).execute())
  const file = join(dataDir, "backups", `${NAME}.db`)
  const backup = backUp({ ...options, dataDir })
  const { size: bytes, mode } = statSync(file)
  expect(backup).toEqual({ file, bytes, epoch: store.epoch, seq: 1, created_at: EVENING })
  expect(namesIn(join(dataDir, "backups"))).toEqual([`${NAME}.db`])
  expect([mode & 0o777, statSync(join(dataDir, "backups")).mode & 0o777]).toEqual([0o600, 0o700])
  expect(rowsIn(file, "SELECT value FROM meta WHERE key = 'answered'")).toEqual([{ value: "" }])
  expect(rowsIn(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
  expect(rowsIn(file, "PRAGMA user_version")).toEqual([{ user_version: SCHEMA_VERSION }])
})

test("a backup without a service leaves the folder as it was", async () => {
  const dataDir = await usedFolder(EVENT)
  const before = namesIn(dataDir)
  expect(backUp({ ...options, dataDir })).toMatchObject({ seq: 1 })
  expect(namesIn(dataDir)).toEqual(["backups", ...before].sort())
})

test("a backup after a crash holds what stands in the write-ahead log alone, and leaves the log there", async () => {
  const dataDir = await crashedFolder(await usedFolder(EVENT), EVENT)
  const log = readFileSync(`${database(dataDir)}-wal`)
  expect(backUp({ ...options, dataDir })).toMatchObject({ seq: 2 })
  expect(readFileSync(`${database(dataDir)}-wal`)).toEqual(log)
})

test("backups of one second get names of their own, and a file that exists is never replaced", async () => {
  const dataDir = await usedFolder()
  const made = [1, 2, 3].map(() => backUp({ ...options, dataDir }).file)
  expect(made).toEqual(["", "-2", "-3"].map((end) => join(dataDir, "backups", `${NAME}${end}.db`)))
  const folder = newFolder()
  expect(backUp({ ...options, dataDir, to: { folder } }).file).toBe(join(folder, `${NAME}.db`))
  writeFileSync(join(folder, "letter"), "a letter")
  expect(refusal(dataDir, { folder, name: "letter" })).toMatchObject({
    exitCode: 1,
    message: `Cannot back up: the file ${join(folder, "letter")} exists already; choose another name`,
  })
  expect(readFileSync(join(folder, "letter"), "utf8")).toBe("a letter")
  expect(namesIn(folder)).toEqual([`${NAME}.db`, "letter"])
})

test("what a killed backup left is cleared by the next one, and one that is being made stays", async () => {
  const dataDir = await usedFolder()
  const folder = newFolder()
  const { pid: dead } = Bun.spawnSync(["true"])
  const running = `.gamenight-${process.ppid}.part`
  for (const name of [`.gamenight-${dead}.part`, `.gamenight-${dead}.part-journal`, running, "other.part"]) {
    writeFileSync(join(folder, name), "")
  }
  backUp({ ...options, dataDir, to: { folder, name: "night.db" } })
  expect(namesIn(folder)).toEqual([running, "night.db", "other.part"].sort())
})

test("a damaged database gives no backup: it is refused with 3 and names the newest good one", async () => {
  const dataDir = await usedFolder()
  const { file } = backUp({ ...options, dataDir })
  spoil(database(dataDir))
  const { exitCode, message } = refusal(dataDir)
  expect(exitCode).toBe(3)
  expect(message).toStartWith(`Cannot back up: the database ${database(dataDir)} is damaged (`)
  expect(message).toEndWith(`with: gamenight restore ${file} --data-dir ${dataDir}`)
  expect(namesIn(join(dataDir, "backups"))).toEqual([`${NAME}.db`])
})

test("damage that only a check of the copy finds gives no backup either", async () => {
  const dataDir = await usedFolder(tokenRow("AAAAAAAA", null))
  const bytes = readFileSync(database(dataDir))
  // The id stands in the table and in the index beside it, which now disagree.
  bytes.write("BBBBBBBB", bytes.indexOf("AAAAAAAA"))
  writeFileSync(database(dataDir), bytes)
  expect(refusal(dataDir)).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("is damaged (row 1 missing from index sqlite_autoindex_tokens_1)"),
  })
  expect(namesIn(join(dataDir, "backups"))).toEqual([])
})

test("a database of a newer gamenight is refused with 2, a folder without one with 1", async () => {
  const dataDir = await usedFolder(`PRAGMA user_version=${SCHEMA_VERSION + 1}`)
  expect(refusal(dataDir)).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("was made by a newer gamenight"),
  })
  expect(namesIn(join(dataDir, "backups"))).toEqual([])
  const empty = newFolder()
  expect(refusal(empty)).toMatchObject({
    exitCode: 1,
    message: `Cannot back up ${empty}: it holds no gamenight database; check --data-dir`,
  })
  expect(namesIn(empty)).toEqual([])
})

test("a folder that is not there or cannot be written is named", async () => {
  const dataDir = await usedFolder()
  const missing = join(newFolder(), "missing")
  for (const folder of [missing, "/proc"]) {
    expect(refusal(dataDir, { folder, name: "night.db" })).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        new RegExp(
          `^Cannot back up: the folder ${folder} cannot be written \\(.+\\); check its owner and rights$`,
        ),
      ),
    })
  }
})

test("a service starts while a backup is made, a restore does not", async () => {
  const dataDir = await usedFolder()
  const backup = takeLock(openDatabase, files.size, dataDir, "copy")
  const store = openFolder(dataDir)
  const second = takeLock(openDatabase, files.size, dataDir, "copy")
  expect(() => takeLock(openDatabase, files.size, dataDir, "restore")).toThrow(
    "another gamenight uses the folder",
  )
  await store.close()
  expect(() => takeLock(openDatabase, files.size, dataDir, "restore")).toThrow(
    "another gamenight uses the folder",
  )
  backup.release()
  second.release()
  const restore = takeLock(openDatabase, files.size, dataDir, "restore")
  expect(refusal(dataDir).message).toContain("a restore into it is under way")
  expect(() => openFolder(dataDir)).toThrow("another gamenight already uses the folder")
  expect(() => openFolder(dataDir, { beside: true })).toThrow("a restore into it is under way")
  restore.release()
})

test("the newest backup a damaged database names is no file put aside and no leftover", async () => {
  const dataDir = await usedFolder()
  expect(() => {
    spoil(database(dataDir))
    openFolder(dataDir)
  }).toThrow(
    `holds no backup; go back to one from elsewhere with: gamenight restore FILE --data-dir ${dataDir}`,
  )
  const folder = join(dataDir, "backups")
  mkdirSync(folder)
  for (const name of ["before-restore-20251101T200000Z.db", ".gamenight-1.part", "notes.txt"]) {
    writeFileSync(join(folder, name), "")
  }
  expect(() => openFolder(dataDir)).toThrow("gamenight restore FILE --data-dir")
  writeFileSync(join(folder, "before-schema-2.db"), "")
  expect(() => openFolder(dataDir)).toThrow(
    `gamenight restore ${folder}/before-schema-2.db --data-dir ${dataDir}`,
  )
})
