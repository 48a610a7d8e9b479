/** A restore that was killed: the next start brings it to its end, or clears what it left. */
import { expect, test } from "bun:test"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { backUp } from "../src/store/backup.ts"
import { restore } from "../src/store/restore.ts"
import { crashedFolder, EVENT, namesIn, usedFolder } from "./support/folders.ts"
import { files, openDatabase, openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const options = { openDatabase, fileSize: files.size }
const database = (dataDir: string): string => join(dataDir, "gamenight.db")
const backupOf = (dataDir: string): string =>
  backUp({ ...options, dataDir, to: { folder: newFolder(), name: "night.db" } }).file

/** A folder whose restore was cut off when the restored database was whole, the one before still in its place. */
async function cutOff(): Promise<string> {
  const origin = await usedFolder(EVENT)
  const file = backupOf(origin)
  const dataDir = await crashedFolder(origin, EVENT, EVENT)
  writeFileSync(`${database(dataDir)}.restored`, readFileSync(file))
  return dataDir
}

test.each([{}, { beside: true }, { mustExist: true }])(
  "a restore that was cut off is brought to its end by the next start: %j",
  async (how) => {
    const dataDir = await cutOff()
    expect(() => backUp({ ...options, dataDir })).toThrow("a restore into it is under way or was cut off")
    const store = openFolder(dataDir, how)
    const { length } = await store.db.selectFrom("events").selectAll().execute()
    await store.close()
    expect(length).toBe(1)
    expect(namesIn(dataDir)).toEqual(["gamenight.db", "gamenight.lock"])
  },
)

test("a restore into an empty folder that was cut off is brought to its end by the next command", async () => {
  const dataDir = newFolder()
  writeFileSync(`${database(dataDir)}.restored`, readFileSync(backupOf(await usedFolder(EVENT))))
  const store = openFolder(dataDir, { beside: true, mustExist: true })
  expect(await store.db.selectFrom("events").selectAll().execute()).toHaveLength(1)
  await store.close()
})

test("what a restore left that was killed early is cleared by the next one", async () => {
  const dataDir = await usedFolder(EVENT)
  const file = backupOf(dataDir)
  for (const end of ["", "-journal"]) writeFileSync(`${database(dataDir)}.restoring${end}`, "half")
  restore({ ...options, dataDir, file })
  expect(namesIn(dataDir)).toEqual(["backups", "gamenight.db", "gamenight.lock"])
})
