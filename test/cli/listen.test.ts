/** `gamenight listen`: the test script of the seeds. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Api, asAdmin, asRole } from "../support/api.ts"
import { startServer, type TestServer } from "../support/server.ts"
import { compiled, type Ended, type Running, run, start } from "./program.ts"

/** "Expected Output" of the seeds' session.ended document, which shows no indents anywhere. */
const SEEDS_OUTPUT = `🚀 Testing session.ended WebSocket event
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
📡 Connecting to: ws://localhost:5000/api/sessions/live
🎮 Session ID: 17
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
✅ Connected to WebSocket server
🔐 Authenticating...
✅ Authentication successful
📻 Subscribing to session 17...
✅ Subscribed to session 17
👂 Listening for session.ended events...
(Close the session in the Picker to trigger the event)
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
🎉 SESSION.ENDED EVENT RECEIVED!
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
📦 Event Data:
{
"type": "session.ended",
"timestamp": "2025-11-01T02:30:45.123Z",
"data": {
"session": {
"id": 17,
"is_active": 0,
"games_played": 5
}
}
}
✨ Event Details:
Session ID: 17
Active: No
Games Played: 5
Timestamp: 2025-11-01T02:30:45.123Z
✅ Test successful! The bot should now announce the session end.
`

const LISTENING = "👂 Listening for session.ended events...\n"
const REFUSED = "Cannot listen: SESSION_ID must be a whole number above 0\n"

let server: TestServer
let admin: Api
beforeAll(async () => {
  server = await startServer([compiled()], { flags: ["--rate-limits", "off"] })
  admin = await asAdmin(server)
  for (let id = 1; id < 17; id++) await closeSession((await admin("POST", "/api/sessions")).body.id)
  await admin("POST", "/api/sessions")
  for (const game of [1, 2, 3, 4, 5]) await admin("POST", "/api/sessions/17/games", { game_id: game })
})
afterAll(() => server.stop())

const closeSession = (id: number) => admin("POST", `/api/sessions/${id}/close`)

const listening = (id: number, token: string | undefined, to = server): Running =>
  start(["listen", String(id), String(token), "--url", to.socketUrl])

function failed({ exitCode, stderr }: Ended, message: string): void {
  expect(stderr).toBe(`❌ ${message}\n`)
  expect(exitCode).toBe(1)
}

test("it prints what the test script of the seeds prints and ends with 0", async () => {
  const viewer = await asRole(admin, "viewer")
  const listener = listening(17, viewer.token)
  const before = await listener.printed("trigger the event)\n")
  expect(before).toEndWith(`${LISTENING}(Close the session in the Picker to trigger the event)\n`)
  expect((await closeSession(17)).status).toBe(200)
  const { exitCode, stdout, stderr } = await listener.ended
  expect(stderr).toBe("")
  expect(exitCode).toBe(0)

  const [, timestamp = ""] = /^Timestamp: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/m.exec(stdout) ?? []
  const expected = SEEDS_OUTPUT.replace("ws://localhost:5000/api/sessions/live", server.socketUrl).replaceAll(
    "2025-11-01T02:30:45.123Z",
    timestamp,
  )
  expect(stdout.replace(/^ +/gm, "")).toBe(expected)
  const [json = ""] = /^\{\n[\s\S]+?^\}$/m.exec(stdout) ?? []
  expect(json).toBe(JSON.stringify(JSON.parse(json), null, 2))
})

test("other events of the session pass by unseen", async () => {
  const { body } = await admin("POST", "/api/sessions")
  const listener = listening(body.id, admin.token)
  await listener.printed(LISTENING)
  await admin("POST", `/api/sessions/${body.id}/games`, { game_id: 1 })
  await admin("POST", "/api/votes/live", { username: "ann", vote: "up", timestamp: new Date().toISOString() })
  await closeSession(body.id)
  const { exitCode, stdout } = await listener.ended
  expect(exitCode).toBe(0)
  expect(stdout).not.toContain("game.added")
  expect(stdout).toEndWith("✅ Test successful! The bot should now announce the session end.\n")
})

test("a wrong token is said and ends it with 1", async () => {
  const ended = await listening(17, "not-a-token").ended
  failed(ended, "Invalid or expired token")
  expect(ended.stdout).toEndWith("🔐 Authenticating...\n")
})

test("a session that does not exist is said and ends it with 1", async () => {
  const ended = await listening(4711, admin.token).ended
  failed(ended, "Cannot subscribe to session 4711: there is no such session")
  expect(ended.stdout).toEndWith("📻 Subscribing to session 4711...\n")
})

test("a token revoked meanwhile is said and ends it with 1", async () => {
  const bot = await asRole(admin, "bot")
  const listener = listening(17, bot.token)
  await listener.printed(LISTENING)
  await admin("DELETE", `/api/tokens/${bot.id}`)
  failed(await listener.ended, "Connection closed: Token revoked (code 4401)")
})

test("a server that stops meanwhile is said and ends it with 1", async () => {
  const other = await startServer([compiled()])
  const owner = await asAdmin(other)
  const { body } = await owner("POST", "/api/sessions")
  const listener = listening(body.id, owner.token, other)
  await listener.printed(LISTENING)
  await other.stop()
  failed(await listener.ended, "Connection closed: Restarting (code 1012)")
})

test("a server that is killed meanwhile is said and ends it with 1", async () => {
  const other = await startServer([compiled()])
  const owner = await asAdmin(other)
  const { body } = await owner("POST", "/api/sessions")
  const listener = listening(body.id, owner.token, other)
  await listener.printed(LISTENING)
  await other.stop("SIGKILL")
  const { exitCode, stderr } = await listener.ended
  expect(stderr).toMatch(/^❌ Connection closed.* \(code 1006\)\n$/)
  expect(exitCode).toBe(1)
})

test("an address where nobody answers is said and ends it with 1", async () => {
  const gone = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } })
  const socketUrl = `ws://127.0.0.1:${gone.port}/api/sessions/live`
  gone.stop(true)
  const ended = await listening(17, "token", { ...server, socketUrl }).ended
  expect(ended.stderr).toStartWith(`❌ Cannot connect to ${socketUrl}: no gamenight answers there`)
  expect(ended.stderr.match(/\n/g)).toHaveLength(1)
  expect(ended.exitCode).toBe(1)
})

test("an address that is no gamenight is said and ends it with 1", async () => {
  const other = { ...server, socketUrl: server.socketUrl.replace("/api/sessions/live", "/health") }
  const ended = await listening(17, admin.token, other).ended
  expect(ended.stderr).toStartWith(`❌ Cannot connect to ${other.socketUrl}: no gamenight answers there`)
  expect(ended.exitCode).toBe(1)
})

test.each(["seventeen", "0", "1.5", "0x11", "1e1", ""])(
  "%p is no SESSION_ID: wrong use, exit 2",
  async (id) => {
    expect(await run(["listen", id, "token"])).toEqual({ exitCode: 2, stdout: "", stderr: REFUSED })
  },
)

test("a negative SESSION_ID behind -- is no SESSION_ID either", async () => {
  expect(await run(["listen", "--", "-17", "token"])).toEqual({ exitCode: 2, stdout: "", stderr: REFUSED })
})

test.each(["nonsense", "http://localhost:5000/", "ws://", "ws://localhost/#here"])(
  "%p is no address of a socket: wrong use, exit 2",
  async (url) => {
    const stderr = "Cannot listen: --url must be like ws://localhost:5000/api/sessions/live\n"
    expect(await run(["listen", "17", "token", "--url", url])).toEqual({ exitCode: 2, stdout: "", stderr })
  },
)
