/** Starting, stopping and starting again. */
import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { asAdmin, asRole, createApi } from "../support/api.ts"
import { followingBot } from "../support/bot.ts"
import { ADMIN_KEY, newFolder, startServer } from "../support/server.ts"
import { compiled, type Ended, outputOf, run, start } from "./program.ts"

const NO_KEY = { env: { GAMENIGHT_ADMIN_KEY: "" } }

/** The key and the setup link of a first start; a start that shows none gives nothing. */
function shownBy(stderr: string) {
  const [, key] = /^First start\..*\n {2}(\S+)$/m.exec(stderr) ?? []
  const [, link] = /^ {2}(http:\S+)$/m.exec(stderr) ?? []
  const code = link ? new URL(link).searchParams.get("code") : null
  return key && link && code ? { key, link, code } : undefined
}

async function firstStart(dataDir = join(newFolder(), "data")) {
  const server = await startServer([compiled()], { ...NO_KEY, dataDir })
  await server.logged("/setup?code=")
  const shown = shownBy(server.stderr())
  if (!shown) throw new Error(`No key on standard error: ${server.stderr()}`)
  return { server, ...shown }
}

/** Every byte of the data folder, the write-ahead log included. */
const bytesIn = (folder: string): Buffer =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))))

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64url")

const modeOf = (...path: string[]): string => (statSync(join(...path)).mode & 0o777).toString(8)

async function stoppedBy(signal: NodeJS.Signals): Promise<Ended & { dataDir: string }> {
  const dataDir = join(newFolder(), "data")
  const server = start(["--port", "0", "--host", "127.0.0.1", "--data-dir", dataDir])
  const [, url = ""] = /(http:\S+)\n/.exec(await server.printed("\n")) ?? []
  expect((await fetch(`${url}/health`)).status).toBe(200)
  server.kill(signal)
  return { ...(await server.ended), dataDir }
}

test("a first start without a key shows a key that logs in, and a second start shows none", async () => {
  const { server, key } = await firstStart()
  expect((await asAdmin(server, key)).token).toBeString()
  expect(await server.stop()).toBe(0)

  const second = await startServer([compiled()], { ...NO_KEY, dataDir: server.dataDir })
  await asAdmin(second, key)
  await second.stop()
  expect(second.stderr()).not.toContain("First start")
  expect(shownBy(second.stderr())).toBeUndefined()
})

test("the data folder holds only the hash of the key and of the setup code", async () => {
  const { server, key, code } = await firstStart()
  for (const secret of [key, code]) {
    expect(bytesIn(server.dataDir).includes(secret)).toBeFalse()
    expect(bytesIn(server.dataDir).includes(sha256(secret))).toBeTrue()
  }
  await server.stop()
  expect(bytesIn(server.dataDir).includes(key)).toBeFalse()
})

test("the setup link gives an admin token once, and looking at it does not use it up", async () => {
  const { server, link, code } = await firstStart()
  const redeem = () => createApi(server)("POST", "/api/auth/setup", { code })

  for (const _ of ["a preview in a chat", "the owner"]) {
    expect((await fetch(link)).status).toBe(200)
  }
  const first = await redeem()
  expect(first.status).toBe(200)
  const { body } = await createApi(server, first.body.token)("POST", "/api/auth/verify")
  expect(body).toMatchObject({ valid: true, user: { role: "admin" } })

  const second = await redeem()
  expect(second.status).toBe(401)
  await server.stop()
})

test("a start with a key of the owner's makes and shows none", async () => {
  const server = await startServer([compiled()])
  await asAdmin(server, ADMIN_KEY)
  await server.stop()
  expect(server.stderr()).not.toContain("First start")
})

test("a first start that finds its port taken leaves the key to the next start", async () => {
  const taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const dataDir = join(newFolder(), "data")
  const refused = await run(["--host", "127.0.0.1", "--port", String(taken.port), "--data-dir", dataDir])
  taken.stop()
  expect(refused.exitCode).toBe(1)

  const { server, key } = await firstStart(dataDir)
  await asAdmin(server, key)
  await server.stop()
})

test("a token made before the first start leaves the key to the first start", async () => {
  const dataDir = join(newFolder(), "data")
  const token = await outputOf(["token", "create", "relay", "--data-dir", dataDir])
  const { server } = await firstStart(dataDir)
  expect((await createApi(server, token)("POST", "/api/auth/verify")).status).toBe(200)
  await server.stop()
})

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s ends it with 0 and an empty write-ahead log",
  async (signal) => {
    const { exitCode, stdout, dataDir } = await stoppedBy(signal)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Listening on http:\/\/127\.0\.0\.1:[1-9]\d*\n$/)
    expect(readdirSync(dataDir).sort()).toEqual(["gamenight.db", "gamenight.lock", "secret"])
  },
)

test("whoever follows is told to reconnect when it stops", async () => {
  const server = await startServer([compiled()])
  const admin = await asAdmin(server)
  const bot = await followingBot(server, admin.token)
  expect(await server.stop()).toBe(0)
  expect((await bot.closed).code).toBe(1012)
})

test("only its owner can read the data folder, whatever the umask says", async () => {
  const open = ["sh", "-c", 'umask 000; exec "$@"', "sh", compiled()]
  const server = await startServer(open, { dataDir: join(newFolder(), "deep", "data") })
  const { dataDir } = server
  const admin = await asAdmin(server)
  await admin("POST", "/api/sessions")
  expect(modeOf(dataDir)).toBe("700")
  expect(modeOf(dataDir, "..")).toBe("700")
  const files = readdirSync(dataDir)
  expect(files).toContain("gamenight.db-wal")
  expect(files).toContain("secret")
  for (const file of files) expect(`${file} ${modeOf(dataDir, file)}`).toBe(`${file} 600`)
  await server.stop()
})

test("a database and a secret that others could read are closed to them at the next start", async () => {
  const server = await startServer([compiled()])
  await server.stop()
  Bun.spawnSync(["chmod", "644", join(server.dataDir, "gamenight.db"), join(server.dataDir, "secret")])
  const again = await startServer([compiled()], { dataDir: server.dataDir })
  for (const file of ["gamenight.db", "secret"]) expect(modeOf(server.dataDir, file)).toBe("600")
  await again.stop()
})

test("a night that was answered is still there after SIGKILL", async () => {
  const server = await startServer([compiled()])
  const admin = await asAdmin(server)
  const { body: session } = await admin("POST", "/api/sessions", { notes: "Friday" })
  const path = `/api/sessions/${session.id}`
  const { body: game } = await admin("POST", `${path}/games`, { game_id: 1 })
  expect(await server.stop("SIGKILL")).not.toBe(0)
  expect(existsSync(join(server.dataDir, "gamenight.db-wal"))).toBeTrue()

  const again = await startServer([compiled()], { dataDir: server.dataDir })
  const api = createApi(again)
  expect((await api("GET", path)).body).toMatchObject({ id: session.id, notes: "Friday", games_played: 1 })
  expect((await api("GET", `${path}/games`)).body).toMatchObject([{ id: game.id, status: "playing" }])
  expect(await again.stop()).toBe(0)
  const database = new Database(join(server.dataDir, "gamenight.db"), { readonly: true })
  expect(database.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" })
  database.close()
})

test("tokens and the secret behind them survive a restart", async () => {
  const server = await startServer([compiled()])
  const admin = await asAdmin(server)
  const bot = await asRole(admin, "bot")
  const secret = readFileSync(join(server.dataDir, "secret"), "utf8")
  await server.stop()

  const again = await startServer([compiled()], { dataDir: server.dataDir })
  for (const token of [admin.token, bot.token]) {
    expect((await createApi(again, token)("POST", "/api/auth/verify")).status).toBe(200)
  }
  expect(readFileSync(join(server.dataDir, "secret"), "utf8")).toBe(secret)
  await again.stop()
})
