/** `gamenight backup` and `gamenight restore`, as the owner of a service uses them. */
import { afterAll, describe, expect, test } from "bun:test"
import { existsSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { migrations, SCHEMA_VERSION } from "../../src/store/migrations.ts"
import { asAdmin, asRole, createApi } from "../support/api.ts"
import { openBot } from "../support/bot.ts"
import { change, EVENT, namesIn, rowsIn, spoil, usedFolder } from "../support/folders.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import { newFolder, startServer } from "../support/server.ts"
import { fill, missingSmallDisk, smallDisk, unmountAll } from "../support/small-disk.ts"
import { type Ended, outputOf, run, startCommand } from "./program.ts"

const TIME = String.raw`\d{8}T\d{6}Z`
const database = (dataDir: string): string => join(dataDir, "gamenight.db")
const within = (dataDir: string, ...words: string[]): string[] => [...words, "--data-dir", dataDir]

/** A refusal is one line on standard error, without a stack, and nothing on standard output. */
function expectRefusal({ exitCode, stdout, stderr }: Ended, code: number, sentence: string | RegExp): void {
  expect(stderr).toMatch(sentence)
  expect(stderr.split("\n")).toEqual([expect.stringMatching(/^Cannot [^\n]+[^.]$/), ""])
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" })
}

describe.each([
  ["the compiled file", COMPILED],
  ["the Node bundle", NODE_BUNDLE],
])("%s", (_name, command) => {
  test("copies the night beside the service, and goes back to it once that is stopped", async () => {
    const server = await startServer(command)
    const { dataDir } = server
    const admin = await asAdmin(server)
    const bot = await asRole(admin, "bot")
    const { body: kept } = await admin("POST", "/api/sessions", { notes: "Friday" })
    const json = async (...words: string[]) => {
      const { exitCode, stdout, stderr } = await startCommand([...command, ...within(dataDir, ...words)])
        .ended
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
      return JSON.parse(stdout)
    }
    const backup = await json("backup", "--json")
    const file = expect.stringMatching(new RegExp(`^${dataDir}/backups/gamenight-${TIME}\\.db$`))
    const epoch = expect.stringMatching(/^[0-9a-f-]{36}$/)
    const created_at = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(backup).toEqual({ file, bytes: statSync(backup.file).size, epoch, seq: 1, created_at })

    await admin("POST", `/api/sessions/${kept.id}/close`)
    await admin("DELETE", `/api/tokens/${bot.id}`)
    await server.stop()
    const restored = await json("restore", backup.file, "--json")
    const before = expect.stringMatching(new RegExp(`^${dataDir}/backups/before-restore-${TIME}\\.db$`))
    expect(restored).toEqual({ file: backup.file, epoch, seq: 1, kept: before, tokens: 1 })
    expect(restored.epoch).not.toBe(backup.epoch)

    const again = await startServer(command, { dataDir })
    expect((await createApi(again)("GET", "/api/sessions/active")).body).toMatchObject({ notes: "Friday" })
    expect((await createApi(again, bot.token)("POST", "/api/auth/verify")).status).toBe(401)
    const follower = await openBot(again)
    follower.send({ type: "auth", token: admin.token, resume: { epoch: backup.epoch, seq: 2 } })
    expect(await follower.next("auth_success")).toMatchObject({
      recovered: false,
      epoch: restored.epoch,
      seq: 1_000_002,
    })
    expect(await again.stop()).toBe(0)
  })
})

test("backup prints the path, restore what it did", async () => {
  const dataDir = await usedFolder(EVENT)
  const file = await outputOf(within(dataDir, "backup"))
  expect(file).toMatch(new RegExp(`^${dataDir}/backups/gamenight-${TIME}\\.db$`))
  const [done, kept, ...more] = (await outputOf(within(dataDir, "restore", file))).split("\n")
  expect(done).toBe(`Restored ${file} into ${dataDir}, with the events up to 1`)
  expect(kept).toMatch(
    new RegExp(`^Kept the database that was there as ${dataDir}/backups/before-restore-${TIME}`),
  )
  expect(more).toEqual([])
})

test("FILE is a new file or a folder, seen from where the command runs", async () => {
  const dataDir = await usedFolder()
  const cwd = newFolder()
  expect(await outputOf(within(dataDir, "backup", "night.db"), { cwd })).toBe(join(cwd, "night.db"))
  expect(await outputOf(within(dataDir, "backup", "."), { cwd })).toStartWith(join(cwd, "gamenight-"))
  expect(namesIn(cwd)).toHaveLength(2)
  const bytes = readFileSync(join(cwd, "night.db"))
  const exists = `Cannot back up: the file ${cwd}/night.db exists already;`
  expectRefusal(await run(within(dataDir, "backup", "night.db"), { cwd }), 1, exists)
  expect(readFileSync(join(cwd, "night.db"))).toEqual(bytes)
  expect(namesIn(cwd)).toHaveLength(2)
  expect(await outputOf(within(dataDir, "restore", "night.db"), { cwd })).toContain(
    `Restored ${cwd}/night.db`,
  )
})

test("many backups at the same time get a name each", async () => {
  const dataDir = await usedFolder()
  const made = await Promise.all(Array.from({ length: 6 }, () => outputOf(within(dataDir, "backup"))))
  expect(new Set(made).size).toBe(6)
  expect(namesIn(join(dataDir, "backups"))).toHaveLength(6)
  for (const file of made) expect(rowsIn(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }])
})

test("wrong use ends with 2, and a folder without a database with 1", async () => {
  const dataDir = join(newFolder(), "data")
  expectRefusal(await run(within(dataDir, "backup", "")), 2, "Cannot back up: FILE must not be empty")
  expectRefusal(
    await run(within(dataDir, "backup", "a", "b")),
    2,
    'Cannot run this: "b" is one argument too many',
  )
  expectRefusal(await run(within(dataDir, "restore")), 2, /^Cannot run this: .*FILE.*; see --help/i)
  expectRefusal(
    await run(within(dataDir, "backup")),
    1,
    `Cannot back up ${dataDir}: it holds no gamenight database`,
  )
  expectRefusal(
    await run(within(dataDir, "restore", "/nowhere")),
    1,
    "Cannot restore /nowhere: there is no such file",
  )
  expect(existsSync(dataDir)).toBeFalse()
})

test("a restore beside a running service is refused and disturbs nobody", async () => {
  const server = await startServer(COMPILED)
  const file = await outputOf(within(server.dataDir, "backup"))
  expectRefusal(
    await run(within(server.dataDir, "restore", file)),
    1,
    `Cannot restore: another gamenight uses the folder ${server.dataDir}; stop it and restore again`,
  )
  expect((await (await asAdmin(server))("POST", "/api/sessions")).status).toBe(201)
  expect(await server.stop()).toBe(0)
})

test("the command a damaged database names brings the service back, whatever the folder is called", async () => {
  const server = await startServer(COMPILED, { dataDir: join(newFolder(), "the owner's data") })
  const { dataDir } = server
  await outputOf(within(dataDir, "backup"))
  await server.stop()
  spoil(database(dataDir))
  const refused = await run(within(dataDir, "--port", "0"))
  expectRefusal(refused, 3, "is damaged (")
  const [, words = ""] = / with: gamenight (restore .+)\n$/.exec(refused.stderr) ?? []
  const shell = Bun.spawnSync(["sh", "-c", `${COMPILED} ${words}`])
  expect(shell.stderr.toString()).toBe("")
  expect(shell.stdout.toString()).toContain("Restored ")
  const again = await startServer(COMPILED, { dataDir })
  expect(await again.stop()).toBe(0)
})

afterAll(unmountAll)
const missing = missingSmallDisk()
describe.skipIf(missing !== undefined)(missing ? `on a full disk (${missing})` : "on a full disk", () => {
  test("a backup or a restore is refused in one sentence and leaves nothing behind", async () => {
    const dataDir = await usedFolder(EVENT)
    const file = await outputOf(within(dataDir, "backup"))
    const folder = smallDisk(64) ?? ""
    const full = `the disk that holds ${folder} is full; free some space and`
    expectRefusal(await run(within(dataDir, "backup", folder)), 1, `Cannot back up: ${full} back up again`)
    expect(namesIn(folder)).toEqual([])
    expectRefusal(await run(within(folder, "restore", file)), 1, `Cannot restore: ${full} restore again`)
    expect(namesIn(folder)).toEqual(["gamenight.lock"])
  })

  test("an older database without room for its copy stays as it is, and is brought up to date when there is", async () => {
    const dataDir = smallDisk(2_000) ?? ""
    change(database(dataDir), "PRAGMA journal_mode=WAL", migrations[0]?.sql ?? "", "PRAGMA user_version=1")
    change(database(dataDir), "INSERT INTO meta VALUES ('epoch', 'the first')", EVENT)
    fill(dataDir)
    // Room for the log of the upgrade, and not for the copy.
    const filler = join(dataDir, "filler")
    truncateSync(filler, statSync(filler).size - 80 * 1_024)
    const refused = await run(within(dataDir, "token", "list"))
    expectRefusal(
      refused,
      1,
      `Cannot start: the disk that holds ${dataDir} is full; free some space and start again`,
    )
    expect(rowsIn(database(dataDir), "PRAGMA user_version")).toEqual([{ user_version: 1 }])
    expect(namesIn(join(dataDir, "backups"))).toEqual([])
    rmSync(filler)
    await outputOf(within(dataDir, "token", "list"))
    expect(namesIn(join(dataDir, "backups"))).toEqual([`before-schema-${SCHEMA_VERSION}.db`])
  })
})
