/** A POST with `Idempotency-Key`: carried out once, answered the same each time. */
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { type Answer, type Api, asAdmin, asRole, type Body, createApi } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { breakOffAfter } from "../../support/raw-http.ts"
import { ADMIN_KEY, newFolder, startServer } from "../../support/server.ts"
import { type Command, expectProblem, openSession, play, startNight } from "../night.ts"

/** Every route that carries out what it is told once. */
export const POSTS = [
  "/api/auth/login",
  "/api/tokens",
  "/api/backups",
  "/api/webhooks",
  "/api/webhooks/test/:id",
  "/api/sessions",
  "/api/sessions/:id/games",
  "/api/votes/live",
  "/api/votes/phone",
  "/api/sessions/:id/voting/start",
  "/api/votes/poll",
  "/api/votes/phone/poll",
  "/api/sessions/:id/voting/cancel-end",
  "/api/sessions/:id/voting/end",
  "/api/sessions/:id/game-selection",
  "/api/sessions/:id/chat-import",
  "/api/voters/links",
  "/api/sessions/:id/close",
  "/api/sessions/:id/archive",
  "/api/sessions/:id/unarchive",
  "/api/sessions/bulk",
  "/api/games",
  "/api/games/import/csv",
  "/api/games/import/json",
  "/api/auth/setup",
] as const

const keyed = (key: string) => ({ "idempotency-key": key })

const GAME = { title: "Once", pack_name: "House games", min_players: 2, max_players: 8, ticker: "ONCE" }

const LISTED = { ...GAME, title: "Listed", ticker: null }
const CSV = "Game Pack,Game Title,Min. Players,Max. Players\nHouse games,Tabled,2,8\n"
const PHONE = { device: "0".repeat(32), vote: "up", game_id: 1 }
const CHAT = [{ username: "b", message: "thisgame++", timestamp: "2025-11-01T20:00:00.000Z" }]

const HOOK = {
  name: "nobody",
  url: "http://127.0.0.1:1/",
  secret: "secret",
  events: ["game.added"],
  enabled: false,
}
const POLL = { options: [1, "Karaoke"], seconds: 3_600 }
const PICK = { game_id: 1, source: "dice" }

/** What must come again: everything but the moment of the answer. */
const shape = ({ status, text, headers }: Answer) => ({ status, text, location: headers.get("location") })

/** A call per route for a whole night, in an order in which each succeeds. */
function wholeNight(admin: Api, anyone: Api, session: () => number) {
  const path = (rest: string) => `/api/sessions/${session()}${rest}`
  const bulk = (body: Body) => admin("POST", "/api/sessions/bulk", body, keyed("bulk"))
  return [
    ["/api/auth/login", () => anyone("POST", "/api/auth/login", { key: ADMIN_KEY }, keyed("login"))],
    ["/api/tokens", () => admin("POST", "/api/tokens", { name: "relay", role: "bot" }, keyed("token"))],
    ["/api/backups", () => admin("POST", "/api/backups", undefined, keyed("backup"))],
    ["/api/webhooks", () => admin("POST", "/api/webhooks", HOOK, keyed("hook"))],
    ["/api/webhooks/test/:id", () => admin("POST", "/api/webhooks/test/1", undefined, keyed("hook-test"))],
    ["/api/sessions", () => admin("POST", "/api/sessions", { notes: "once" }, keyed("open"))],
    ["/api/sessions/:id/games", () => admin("POST", path("/games"), { game_id: 1 }, keyed("play"))],
    ["/api/votes/live", () => admin("POST", "/api/votes/live", { username: "a", vote: "up" }, keyed("vote"))],
    ["/api/votes/phone", () => anyone("POST", "/api/votes/phone", PHONE, keyed("phone"))],
    ["/api/sessions/:id/voting/start", () => admin("POST", path("/voting/start"), POLL, keyed("poll"))],
    [
      "/api/votes/poll",
      () => admin("POST", "/api/votes/poll", { username: "a", choice: 2 }, keyed("choice")),
    ],
    [
      "/api/votes/phone/poll",
      () =>
        anyone("POST", "/api/votes/phone/poll", { device: PHONE.device, pollId: 1, choice: 1 }, keyed("tap")),
    ],
    ["/api/sessions/:id/voting/cancel-end", () => admin("POST", path("/voting/cancel-end"), {}, keyed("on"))],
    ["/api/sessions/:id/voting/end", () => admin("POST", path("/voting/end"), { delay: 0 }, keyed("end"))],
    ["/api/sessions/:id/game-selection", () => admin("POST", path("/game-selection"), PICK, keyed("pick"))],
    ["/api/sessions/:id/chat-import", () => admin("POST", path("/chat-import"), CHAT, keyed("chat"))],
    ["/api/voters/links", () => admin("POST", "/api/voters/links", { usernames: ["c", "d"] }, keyed("link"))],
    ["/api/sessions/:id/close", () => admin("POST", path("/close"), undefined, keyed("close"))],
    ["/api/sessions/:id/archive", () => admin("POST", path("/archive"), undefined, keyed("away"))],
    ["/api/sessions/:id/unarchive", () => admin("POST", path("/unarchive"), undefined, keyed("back"))],
    ["/api/sessions/bulk", () => bulk({ action: "archive", ids: [session()] })],
    ["/api/games", () => admin("POST", "/api/games", GAME, keyed("game"))],
    ["/api/games/import/csv", () => admin("POST", "/api/games/import/csv", { csv: CSV }, keyed("csv"))],
    ["/api/games/import/json", () => admin("POST", "/api/games/import/json", [LISTED], keyed("json"))],
  ] as const
}

export function idempotencyPart(command: Command): void {
  describe("a request that comes again with its Idempotency-Key", () => {
    const night = startNight(command)

    test("changes nothing a second time and has the answer of the first, also after a kill", async () => {
      const dataDir = join(newFolder(), "data")
      const before = await startServer(command, { dataDir })
      const admin = await asAdmin(before)
      let session = 0
      const first: Answer[] = []
      const calls = wholeNight(admin, createApi(before), () => session)
      for (const [path, call] of calls) {
        const [one, two] = await Promise.all([call(), call()])
        expect([path, shape(two)]).toEqual([path, shape(one)])
        if (path === "/api/sessions") session = one.body.id
        first.push(one)
      }
      expect(first.map(({ status }) => status)).toEqual([
        200, 201, 201, 201, 200, 201, 201, 200, 200, 201, 200, 200, 200, 200, 201, 200, 201, 200, 200, 200,
        200, 201, 200, 200,
      ])
      await before.stop("SIGKILL")

      const again = await startServer(command, { dataDir })
      const later = wholeNight(createApi(again, admin.token), createApi(again), () => session)
      for (const [at, [path, call]] of later.entries()) {
        expect([path, shape(await call())]).toEqual([path, shape(first[at] as Answer)])
      }
      const read = async (what: string) => (await createApi(again)("GET", what)).body
      expect(await read("/api/sessions?filter=archived")).toHaveLength(1)
      expect(await read(`/api/sessions/${session}/games`)).toHaveLength(1)
      expect((await read("/api/votes")).votes).toHaveLength(2)
      expect(await read(`/api/sessions/${session}/voting`)).toMatchObject({ id: 1, total_votes: 2 })
      expect(await read("/api/games?pack=House%20games")).toHaveLength(3)
      for (const what of ["/api/tokens", "/api/backups", "/api/webhooks", "/api/webhooks/1/logs"]) {
        expect((await createApi(again, admin.token)("GET", what)).body).toHaveLength(1)
      }
      expect(await again.stop()).toBe(0)
    })

    test("is told to those who listen once", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const bot = await followingBot(night.server, night.bot.token, id)
      const vote = () => night.bot("POST", "/api/votes/live", { username: "ann", vote: "up" }, keyed("told"))
      const answers = await Promise.all([vote(), vote(), vote()])
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
      expect((await bot.drain()).map(({ type }: Body) => type)).toEqual(["vote.received"])
      bot.close()
    })

    test("is refused when it says something else, at another path too", async () => {
      await openSession(night)
      const token = (name: string) =>
        night.admin("POST", "/api/tokens", { name, role: "viewer" }, keyed("other"))
      expect((await token("one")).status).toBe(201)
      const conflict = { status: 409, code: "idempotency_key_reused" }
      expectProblem(await token("two"), conflict)
      expectProblem(await night.admin("POST", "/api/sessions", undefined, keyed("other")), conflict)
      const { body: tokens } = await night.admin("GET", "/api/tokens")
      expect(tokens.filter(({ role }: Body) => role === "viewer").map(({ name }: Body) => name)).toEqual([
        "viewer of the tests",
        "one",
      ])
    })

    test("is another one when somebody else sends it, and the same with a new token of the same name", async () => {
      const open = (api: Api) => api("POST", "/api/sessions", { notes: "mine" }, keyed("mine"))
      await night.host("POST", `/api/sessions/${(await openSession(night)).id}/close`)
      const mine = await open(night.host)
      expect(mine.status).toBe(201)
      expect((await open(await asRole(night.admin, "host"))).text).toBe(mine.text)
      expectProblem(await open(night.admin), { status: 409, code: "session_active" })
    })

    test("is carried out after all when it failed the first time", async () => {
      const { id } = await openSession(night)
      const open = () => night.host("POST", "/api/sessions", undefined, keyed("failed"))
      expectProblem(await open(), { status: 409, code: "session_active" })
      await night.host("POST", `/api/sessions/${id}/close`)
      expect((await open()).status).toBe(201)
      expect((await open()).status).toBe(201)
    })

    test("is refused with a key that cannot be one", async () => {
      const wrong = ["", "a b", "x".repeat(256), "k\u00e9y", "a\tb"]
      for (const key of wrong) {
        const answer = await night.host("POST", "/api/sessions", undefined, keyed(key))
        expectProblem(answer, { status: 400, code: "invalid_input", path: "Idempotency-Key" })
      }
      await openSession(night)
      const longest = await night.host("POST", "/api/sessions", undefined, keyed("~".repeat(255)))
      expectProblem(longest, { status: 409, code: "session_active" })
    })
  })

  describe("a vote of a phone whose connection broke off", () => {
    const night = startNight(command, { env: { GAMENIGHT_RATE_LIMITS: "off" } })

    test("has its answer when it comes again with its Idempotency-Key", async () => {
      const { id } = await openSession(night)
      const { game_id } = await play(night, id, "QPL3")
      const phones = Array.from({ length: 20 }, (_, nth) => ({
        ...PHONE,
        device: String(nth).padStart(32, "0"),
        game_id,
      }))
      for (const phone of phones) {
        await breakOffAfter(night.server, {
          head: [
            "POST /api/votes/phone HTTP/1.1",
            "Content-Type: application/json",
            `Idempotency-Key: ${phone.device}`,
          ],
          body: JSON.stringify(phone),
        })
      }
      for (const phone of phones) {
        const { status } = await night.anyone("POST", "/api/votes/phone", phone, keyed(phone.device))
        expect(status).toBe(200)
      }
      expect((await night.host("GET", "/api/votes")).body.pagination.total).toBe(phones.length)
    })
  })

  describe("the setup link that is used twice with one Idempotency-Key", () => {
    test("gives one token, the same both times", async () => {
      const server = await startServer(command, { env: { GAMENIGHT_ADMIN_KEY: "" } })
      await server.logged("/setup?code=")
      const code = /\/setup\?code=(\S+)/.exec(server.stderr())?.[1] ?? ""
      const redeem = async (other = code) => {
        const answer = await createApi(server)("POST", "/api/auth/setup", { code: other }, keyed("setup"))
        return { status: answer.status, token: answer.body.token }
      }
      const first = await redeem()
      expect(first).toEqual({ status: 200, token: expect.stringContaining(".") })
      expect(await redeem()).toEqual(first)
      expect((await redeem("another")).status).toBe(409)
      expect((await createApi(server, first.token)("POST", "/api/auth/verify")).status).toBe(200)
      expect(await server.stop()).toBe(0)
    })
  })
}
