/** The write-ahead log: emptied when nobody writes and at the end, and left alone after a disk that failed. */
import { expect, onTestFinished, test } from "bun:test"
import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Store } from "../src/store/open.ts"
import { openDatabase, openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const QUIET_MS = 20
const LARGE = "x".repeat(400_000)

const walOf = (dataDir: string): number => {
  const path = join(dataDir, "gamenight.db-wal")
  return existsSync(path) ? statSync(path).size : 0
}

const keep = ({ write }: Store, key: string, value: string) =>
  write(({ trx }) => trx.insertInto("meta").values({ key, value }).execute())

/** With `ends: false` the test closes the store itself. */
function openQuiet({ ends = true } = {}) {
  const dataDir = newFolder()
  const told: unknown[] = []
  const store = openFolder(dataDir, { quietMs: QUIET_MS, onBroken: (error) => told.push(error) })
  if (ends) onTestFinished(store.close)
  return { dataDir, store, told }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(1)
}

test("a long log is emptied once nothing is written any more, and what stood in it is kept", async () => {
  const { dataDir, store } = openQuiet()
  await keep(store, "test-large", LARGE)
  expect(walOf(dataDir)).toBeGreaterThan(LARGE.length)
  await until(() => walOf(dataDir) === 0)
  expect(store.meta("test-large")).toBe(LARGE)
  await keep(store, "test-next", LARGE)
  await until(() => walOf(dataDir) === 0)
})

test("without a quiet moment the log is written back every so often and begun anew", async () => {
  const dataDir = newFolder()
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  const write = async (commits: number): Promise<number> => {
    for (let i = 0; i < commits; i++) await keep(store, crypto.randomUUID(), "")
    return walOf(dataDir)
  }
  const long = await write(100)
  expect(long).toBeGreaterThan(0)
  expect(await write(300)).toBeLessThan(2 * long)
})

test("a reader holds the emptying up without holding up a write", async () => {
  const { dataDir, store } = openQuiet()
  await keep(store, "test-first", "")
  const reader = openDatabase(join(dataDir, "gamenight.db"), { readonly: true })
  reader.exec("BEGIN")
  reader.prepare("SELECT * FROM meta").all([])
  await keep(store, "test-large", LARGE)
  const begun = performance.now()
  await Bun.sleep(3 * QUIET_MS)
  await keep(store, "test-beside", "")
  expect(performance.now() - begun).toBeLessThan(1_000)
  expect(walOf(dataDir)).toBeGreaterThan(0)
  reader.exec("COMMIT")
  reader.close()
  await keep(store, "test-last", "")
  await until(() => walOf(dataDir) === 0)
})

test("the end empties the log also while a command still reads", async () => {
  const { dataDir, store } = openQuiet({ ends: false })
  await keep(store, "test-large", LARGE)
  const reader = openDatabase(join(dataDir, "gamenight.db"), { readonly: true })
  onTestFinished(reader.close)
  expect(reader.prepare("SELECT * FROM meta WHERE key = 'test-large'").all([])).toHaveLength(1)
  await store.close()
  expect(walOf(dataDir)).toBe(0)
})

test("a write that comes after the end is refused as such", async () => {
  const { store } = openQuiet({ ends: false })
  const waiting = keep(store, "test-waiting", "")
  const closed = store.close()
  await expect(keep(store, "test-late", "")).rejects.toMatchObject({ code: "shutting_down" })
  await Promise.all([waiting, closed])
})

test("after a failed disk the log stays as it is, for the next start to judge", async () => {
  const { dataDir, store, told } = openQuiet({ ends: false })
  await keep(store, "test-large", LARGE)
  const failure = Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_FSYNC" })
  await expect(store.write(() => Promise.reject(failure))).rejects.toBe(failure)
  const length = walOf(dataDir)
  expect(length).toBeGreaterThan(LARGE.length)
  await store.close()
  expect(walOf(dataDir)).toBe(length)
  expect(told).toEqual([failure])
})
