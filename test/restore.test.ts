/** Restoring: the backup is whole, starts a history of its own, and nothing that was there is lost or comes back to life. */
import { expect, onTestFinished, test } from "bun:test"
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createAdmins } from "../src/admins.ts"
import { StartError } from "../src/errors.ts"
import { backUp } from "../src/store/backup.ts"
import { SCHEMA_VERSION } from "../src/store/migrations.ts"
import { type Restored, restore } from "../src/store/restore.ts"
import { createTokens } from "../src/tokens.ts"
import {
  bytesOf,
  change,
  crashedFolder,
  EVENT,
  namesIn,
  rowsIn,
  spoil,
  tokenRow,
  usedFolder,
} from "./support/folders.ts"
import { digest, EVENING, files, openDatabase, openFolder, SECRET } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const options = { openDatabase, fileSize: files.size, now: () => Date.parse(EVENING) }
const database = (dataDir: string): string => join(dataDir, "gamenight.db")
const backupOf = (dataDir: string): string =>
  backUp({ ...options, dataDir, to: { folder: newFolder(), name: "night.db" } }).file
const restoreInto = (dataDir: string, file: string): Restored => restore({ ...options, dataDir, file })

function refusal(dataDir: string, file: string): StartError {
  try {
    restoreInto(dataDir, file)
  } catch (error) {
    if (error instanceof StartError) return error
    throw error
  }
  throw new Error("Expected the restore to be refused")
}

const epochIn = (path: string) => rowsIn(path, "SELECT value FROM meta WHERE key = 'epoch'")[0]
const eventsIn = (path: string): number => rowsIn(path, "SELECT seq FROM events").length

/** What a start makes of a folder. */
async function opened(dataDir: string): Promise<{ events: number; epoch: string }> {
  const store = openFolder(dataDir)
  const { epoch } = store
  const { length: events } = await store.db.selectFrom("events").selectAll().execute()
  await store.close()
  return { events, epoch }
}

test("a restored database holds the backup under a new epoch, and the one that was there is kept", async () => {
  const dataDir = await usedFolder(EVENT)
  const file = backupOf(dataDir)
  change(database(dataDir), EVENT)
  const before = epochIn(database(dataDir))
  const kept = join(dataDir, "backups", "before-restore-20251101T200000Z.db")
  const restored = restoreInto(dataDir, file)
  expect(restored).toEqual({ epoch: expect.stringMatching(/^[0-9a-f-]{36}$/), seq: 1, kept, tokens: 0 })
  expect(namesIn(dataDir)).toEqual(["backups", "gamenight.db", "gamenight.lock"])
  expect(await opened(dataDir)).toEqual({ events: 1, epoch: restored.epoch })
  expect(before).not.toEqual({ value: restored.epoch })
  expect([epochIn(kept), eventsIn(kept)]).toEqual([before, 2])
  expect(epochIn(file)).toEqual(before)
})

test("what stood in the write-ahead log of the database that was there is kept, and does not reach the restored one", async () => {
  const origin = await usedFolder(EVENT)
  const file = backupOf(origin)
  const dataDir = await crashedFolder(origin, EVENT, EVENT)
  const { kept } = restoreInto(dataDir, file)
  expect((await opened(dataDir)).events).toBe(1)
  expect(eventsIn(kept ?? "")).toBe(3)
})

test("a backup is restored into a folder that does not exist yet", async () => {
  const file = backupOf(await usedFolder(EVENT))
  const dataDir = join(newFolder(), "new", "data")
  const restored = restoreInto(dataDir, file)
  expect(restored).toMatchObject({ seq: 1, kept: null, tokens: 0 })
  expect(await opened(dataDir)).toEqual({ events: 1, epoch: restored.epoch })
})

test("a token revoked since the backup stays revoked, and one made since can still be revoked", async () => {
  const dataDir = join(newFolder(), "data")
  let store = openFolder(dataDir)
  const first = createTokens({ store, digest, secret: SECRET })
  const [old, gone] = [await first.create("old", "bot", 1), await first.create("gone", "bot", 1)]
  const file = backupOf(dataDir)
  const [made, lost] = [await first.create("made", "bot", 1), await first.create("lost", "bot", 1)]
  for (const { id } of [gone, lost]) await first.revoke(id)
  await store.close()
  expect(restoreInto(dataDir, file).tokens).toBe(4)

  store = openFolder(dataDir)
  onTestFinished(store.close)
  const tokens = createTokens({ store, digest, secret: SECRET })
  for (const { token } of [old, made]) expect((await tokens.verify(token)).role).toBe("bot")
  for (const { token } of [gone, lost])
    await expect(tokens.verify(token)).rejects.toThrow("Invalid or expired")
  await tokens.revoke(made.id)
  await expect(tokens.verify(made.token)).rejects.toThrow("Invalid or expired")
})

test("a token that was revoked when the backup was made stays revoked", async () => {
  const dataDir = await usedFolder(tokenRow("id", "in the backup"))
  const file = backupOf(dataDir)
  for (const since of ["NULL", "'since'"]) {
    change(database(dataDir), `UPDATE tokens SET revoked_at = ${since}`)
    restoreInto(dataDir, file)
    expect(rowsIn(database(dataDir), "SELECT revoked_at FROM tokens")).toEqual([
      { revoked_at: "in the backup" },
    ])
  }
})

test("the setup link of the first start does not work again", async () => {
  const dataDir = join(newFolder(), "data")
  let store = openFolder(dataDir)
  const first = await createAdmins({ store, digest, configuredKey: undefined }).firstRun()
  const file = backupOf(dataDir)
  await store.close()
  restoreInto(dataDir, file)
  store = openFolder(dataDir)
  onTestFinished(store.close)
  const admins = createAdmins({ store, digest, configuredKey: undefined })
  expect(await admins.firstRun()).toBeUndefined()
  expect(await admins.identify(first?.key ?? "")).toBe("admin")
  await expect(admins.redeem(first?.setupCode ?? "")).rejects.toThrow("Invalid setup code")
})

test("a damaged database is kept as it is, with its log, and what can be read of its tokens is carried over", async () => {
  const origin = await usedFolder(EVENT)
  const file = backupOf(origin)
  const dataDir = await crashedFolder(origin, tokenRow("revoked", "since"), EVENT)
  const pages = rowsIn(database(origin), "SELECT rootpage FROM sqlite_schema WHERE name = 'games'")
  spoil(database(dataDir), (pages[0] as { rootpage: number }).rootpage - 1, 1)
  const before = bytesOf(database(dataDir))
  expect(Object.keys(before)).toEqual(["", "-wal"])
  const { kept, tokens } = restoreInto(dataDir, file)
  expect(tokens).toBe(1)
  expect(bytesOf(kept ?? "")).toEqual(before)
  expect((await opened(dataDir)).events).toBe(1)
  expect(rowsIn(database(dataDir), "SELECT id, revoked_at FROM tokens")).toEqual([
    { id: "revoked", revoked_at: "since" },
  ])
  change(database(dataDir), EVENT)
  spoil(database(dataDir))
  expect(restoreInto(dataDir, file)).toMatchObject({ kept: kept?.replace(".db", "-2.db") })
})

test.each<[string, (path: string) => void]>([
  ["a file of junk", (path) => writeFileSync(path, "not a database at all\n".repeat(1_000))],
  ["what a first start left that was killed", (path) => change(path, "PRAGMA journal_mode=WAL")],
])(
  "%s in the place of the database is kept, and its tokens are said to be unreadable",
  async (_what, put) => {
    const file = backupOf(await usedFolder(EVENT))
    const dataDir = newFolder()
    put(database(dataDir))
    expect(() => backUp({ ...options, dataDir })).toThrow("Cannot back up")
    const before = bytesOf(database(dataDir))
    const { kept, tokens } = restoreInto(dataDir, file)
    expect(tokens).toBeNull()
    expect(bytesOf(kept ?? "")).toEqual(before)
    expect((await opened(dataDir)).events).toBe(1)
  },
)

function becomeFolder(file: string): void {
  renameSync(file, `${file}.away`)
  mkdirSync(file)
}

const NEWER = SCHEMA_VERSION + 1
test.each<[string, number, string, (file: string) => void]>([
  ["that does not exist", 1, "there is no such file", (file) => renameSync(file, `${file}.away`)],
  ["that is a folder", 1, "there is no such file", becomeFolder],
  ["that is empty", 2, "it is no gamenight database", (file) => writeFileSync(file, "")],
  [
    "of junk",
    2,
    "it is no gamenight database",
    (file) => writeFileSync(file, "not a database at all\n".repeat(1_000)),
  ],
  ["of another program", 2, "it is no gamenight database", (file) => change(file, "DROP TABLE meta")],
  ["without an epoch", 2, "it is no gamenight database", (file) => change(file, "DELETE FROM meta")],
  ["with damaged pages", 3, "it is damaged (", (file) => spoil(file)],
  [
    "of a newer gamenight",
    2,
    "was made by a newer gamenight",
    (file) => change(file, `PRAGMA user_version=${NEWER}`),
  ],
])("a file %s is refused, and the folder stays as it is", async (_what, code, why, spoilIt) => {
  const dataDir = await usedFolder(EVENT)
  const file = backupOf(dataDir)
  spoilIt(file)
  const before = { names: namesIn(dataDir), bytes: bytesOf(database(dataDir)) }
  const { exitCode, message } = refusal(dataDir, file)
  expect({ exitCode, message }).toEqual({ exitCode: code, message: expect.stringContaining(why) })
  expect(message).toStartWith("Cannot restore")
  expect(message).toContain(file)
  expect({ names: namesIn(dataDir), bytes: bytesOf(database(dataDir)) }).toEqual(before)
})

test("a restore is refused while a service uses the folder, and changes nothing", async () => {
  const dataDir = await usedFolder(EVENT)
  const file = backupOf(dataDir)
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  expect(refusal(dataDir, file)).toMatchObject({
    exitCode: 1,
    message: `Cannot restore: another gamenight uses the folder ${dataDir}; stop it and restore again`,
  })
  expect(existsSync(`${database(dataDir)}.restoring`)).toBeFalse()
  await store.write(({ trx }) => trx.insertInto("meta").values({ key: "still there", value: "" }).execute())
})
