/** `gamenight token`, `gamenight admin` and `gamenight version`. */
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import manifest from "../../package.json" with { type: "json" }
import { type Api, asAdmin, type Body, createApi } from "../support/api.ts"
import { followingBot, openBot } from "../support/bot.ts"
import { newFolder, startServer, type TestServer } from "../support/server.ts"
import { compiled, outputOf, run } from "./program.ts"

let server: TestServer
let admin: Api
beforeAll(async () => {
  server = await startServer([compiled()], { flags: ["--rate-limits", "off"] })
  admin = await asAdmin(server)
})
afterAll(() => server.stop())

const within = (...args: string[]): string[] => [...args, "--data-dir", server.dataDir]
const createToken = (...args: string[]) => outputOf(within("token", "create", ...args))
const verified = async (token: string) => createApi(server, token)("POST", "/api/auth/verify")
const failure = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await run(within(...args))
  expect(stdout).toBe("")
  return [exitCode, stderr]
}

test("a token created while the server runs works at once, as a bot for a year unless told", async () => {
  const token = await createToken("relay of the chat")
  const { status, body } = await verified(token)
  expect(status).toBe(200)
  expect(body.user).toMatchObject({ name: "relay of the chat", role: "bot" })
  expect(body.user.exp - body.user.iat).toBe(365 * 24 * 60 * 60)
  const bot = await followingBot(server, token)
  bot.close()
})

test.each(["viewer", "bot", "host", "admin"])("a token of role %s may do what the role may", async (role) => {
  const api = createApi(server, await createToken(`a ${role}`, "--role", role, "--days", "2"))
  const { body } = await api("POST", "/api/auth/verify")
  expect(body.user).toMatchObject({ name: `a ${role}`, role })
  expect(body.user.exp - body.user.iat).toBe(2 * 24 * 60 * 60)
  const vote = { username: "ann", vote: "up", timestamp: new Date().toISOString() }
  const answers = [
    (await api("POST", "/api/votes/live", vote)).status === 403,
    (await api("POST", "/api/sessions", { notes: 7 })).status === 403,
    (await api("GET", "/api/tokens")).status === 403,
  ]
  const refused = { viewer: [true, true, true], bot: [false, true, true], host: [false, false, true] }
  expect(answers).toEqual(refused[role as keyof typeof refused] ?? [false, false, false])
})

test.each([
  [["relay", "--role", "king"], "--role must be one of viewer, bot, host, admin"],
  [["relay", "--role"], "--role must be one of viewer, bot, host, admin"],
  [["relay", "--days", "0"], "--days must be a whole number from 1 to 3650"],
  [["relay", "--days", "3651"], "--days must be a whole number from 1 to 3650"],
  [["relay", "--days", "soon"], "--days must be a whole number from 1 to 3650"],
  [["  "], "NAME must have 1 to 64 characters"],
  [["x".repeat(65)], "NAME must have 1 to 64 characters"],
  [["\u001b[2Jrelay"], "NAME must not hold control characters"],
])("wrong use of token create is said, ends with 2 and makes nothing: %j", async (args, why) => {
  const env = { GAMENIGHT_DATA_DIR: join(newFolder(), "data") }
  const stderr = `Cannot create the token: ${why}\n`
  expect(await run(["token", "create", ...args], { env })).toEqual({ exitCode: 2, stdout: "", stderr })
  expect(existsSync(env.GAMENIGHT_DATA_DIR)).toBeFalse()
})

test("token create --json gives the token with its row, and token list the rows alone", async () => {
  const { token, ...row } = JSON.parse(await createToken("overlay", "--role=viewer", "--json"))
  expect(row).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: "overlay",
    role: "viewer",
    created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
    revoked_at: null,
    last_used_at: null,
  })
  const json = await outputOf(within("token", "list", "--json"))
  expect(JSON.parse(json)).toContainEqual(row)
  const onDisk = ({ last_used_at: _, ...known }: Body) => known
  // What the service noted since it last wrote is not on disk yet.
  expect(JSON.parse(json).map(onDisk)).toEqual((await admin("GET", "/api/tokens")).body.map(onDisk))

  const list = await outputOf(within("token", "list"))
  expect(list.split("\n")).toContain(`${row.id}  viewer  until ${row.expires_at}  never used  overlay`)
  for (const shown of [json, list]) expect(shown).not.toContain(token)
})

test("revoking closes the open socket with 4401 and refuses REST with 401", async () => {
  const { id, token } = JSON.parse(await createToken("lost bot", "--json"))
  const kept = await createToken("kept bot")
  const lost = await followingBot(server, token)
  const other = await followingBot(server, kept)
  expect((await verified(token)).status).toBe(200)

  expect(await outputOf(within("token", "revoke", id))).toBe(`Revoked ${id}`)
  expect(await lost.closed).toEqual({ code: 4401, reason: "Token revoked" })
  expect(await verified(token)).toMatchObject({ status: 401, body: { error: "Invalid or expired token" } })
  const again = await openBot(server)
  again.send({ type: "auth", token })
  expect(await again.next("auth_error")).toEqual({ type: "auth_error", message: "Invalid or expired token" })
  expect((await again.closed).code).toBe(4401)

  expect(await other.drain()).toEqual([])
  other.close()
  expect(await outputOf(within("token", "list"))).toMatch(
    new RegExp(`^${id}  bot     revoked .*Z  (never used|used .*Z)  lost bot$`, "m"),
  )
})

test("revoking twice is no harm, revoking what does not exist ends with 1", async () => {
  const { id } = JSON.parse(await createToken("twice", "--json"))
  for (const _ of [1, 2]) expect(await outputOf(within("token", "revoke", id))).toBe(`Revoked ${id}`)
  expect(await failure("token", "revoke", "nobody")).toEqual([
    1,
    "Cannot revoke token nobody: there is no such token\n",
  ])
})

test("a token revoked while no server runs is refused by the next one", async () => {
  const dataDir = join(newFolder(), "data")
  const created = await outputOf(["token", "create", "relay", "--json", "--data-dir", dataDir])
  const { id, token } = JSON.parse(created)
  await outputOf(["token", "revoke", id, "--data-dir", dataDir])
  const next = await startServer([compiled()], { dataDir })
  expect((await createApi(next, token)("POST", "/api/auth/verify")).status).toBe(401)
  await next.stop()
})

test("a list longer than a pipe holds is printed whole", async () => {
  const dataDir = join(newFolder(), "data")
  await outputOf(["admin", "create", "Ann", "--data-dir", dataDir])
  expect(await outputOf(["token", "list", "--data-dir", dataDir])).toBe("")
  expect(await outputOf(["token", "list", "--json", "--data-dir", dataDir])).toBe("[]")
  const database = new Database(join(dataDir, "gamenight.db"))
  const insert = database.prepare("INSERT INTO tokens VALUES (?, ?, 'bot', ?, ?, NULL, NULL)")
  const now = new Date().toISOString()
  database.transaction(() => {
    for (let n = 0; n < 5_000; n++) insert.run(crypto.randomUUID(), `bot ${n}`, now, now)
  })()
  database.close()
  expect((await outputOf(["token", "list", "--data-dir", dataDir])).split("\n")).toHaveLength(5_000)
  const json = await outputOf(["token", "list", "--json", "--data-dir", dataDir])
  expect(JSON.parse(json)).toHaveLength(5_000)
})

test("admin create prints a key that logs in under the name, and the folder holds only its hash", async () => {
  const key = await outputOf(within("admin", "create", "  Ann  "))
  expect(key).toMatch(/^[\w-]{32}$/)
  const { status, body } = await createApi(server)("POST", "/api/auth/login", { key })
  expect([status, body.name]).toEqual([200, "Ann"])
  expect((await createApi(server, body.token)("GET", "/api/tokens")).status).toBe(200)

  const made = JSON.parse(await outputOf(within("admin", "create", "Bo", "--json")))
  expect(made).toEqual({ name: "Bo", key: expect.stringMatching(/^[\w-]{32}$/) })
  const database = new Database(join(server.dataDir, "gamenight.db"), { readonly: true })
  expect(JSON.stringify(database.query("SELECT * FROM admins").all())).not.toContain(made.key)
  database.close()
})

test("a name that is taken ends admin create with 1, a name that is none with 2", async () => {
  await outputOf(within("admin", "create", "Cy"))
  for (const name of ["Cy", "cy", " Cy ", "admin", "Admin"]) {
    const message = `Cannot create admin ${name.trim()}: there is one of this name\n`
    expect(await failure("admin", "create", name)).toEqual([1, message])
  }
  const none = "Cannot create the admin: NAME must have 1 to 64 characters\n"
  expect(await failure("admin", "create", "")).toEqual([2, none])
})

test("version names the version of the package", async () => {
  const { version } = manifest
  for (const word of ["version", "--version", "-v"])
    expect(await outputOf([word])).toBe(`gamenight ${version}`)
  expect(JSON.parse(await outputOf(["version", "--json"]))).toEqual({ name: "gamenight", version })
})
