/** What a client may say on the live socket, and what it is answered. */
import { describe, expect, test } from "bun:test"
import { followingBot, openBot } from "../../support/bot.ts"
import { type Command, openSession, startNight } from "../night.ts"

const NONSENSE: [string, string][] = [
  ["hello", "Cannot read the message: it is not JSON"],
  ["", "Cannot read the message: it is not JSON"],
  ["[]", "Cannot read the message: it is not an object"],
  ["null", "Cannot read the message: it is not an object"],
  ["17", "Cannot read the message: it is not an object"],
  ["{}", "Cannot read the message: type must be one of auth, subscribe, unsubscribe, ping"],
  ['{"type":"dance"}', "Cannot read the message: type must be one of auth, subscribe, unsubscribe, ping"],
  ['{"type":"subscribe"}', "Cannot handle subscribe: sessionId must be a whole number above 0"],
  [
    '{"type":"subscribe","sessionId":"17"}',
    "Cannot handle subscribe: sessionId must be a whole number above 0",
  ],
  [
    '{"type":"unsubscribe","sessionId":0}',
    "Cannot handle unsubscribe: sessionId must be a whole number above 0",
  ],
  [
    '{"type":"subscribe","sessionId":1.5}',
    "Cannot handle subscribe: sessionId must be a whole number above 0",
  ],
  [
    '{"type":"subscribe","sessionId":1e300}',
    "Cannot handle subscribe: sessionId must be a whole number above 0",
  ],
]

export function socketPart(command: Command): void {
  describe("the live socket", () => {
    const night = startNight(command)

    test("a token opens it, and each message is answered with the seeds' keys", async () => {
      const { id } = await openSession(night)
      const bot = await openBot(night.server)
      bot.send({ type: "auth", token: night.bot.token })
      expect(await bot.next()).toEqual({ type: "auth_success", message: "Authenticated successfully" })
      bot.send({ type: "subscribe", sessionId: id })
      expect(await bot.next()).toEqual({
        type: "subscribed",
        sessionId: id,
        message: `Subscribed to session ${id}`,
      })
      bot.send({ type: "ping" })
      expect(await bot.next()).toEqual({ type: "pong" })
      bot.send({ type: "unsubscribe", sessionId: id })
      expect(await bot.next()).toEqual({
        type: "unsubscribed",
        sessionId: id,
        message: `Unsubscribed from session ${id}`,
      })
    })

    test("without a token, or with a bad one, it is closed for good", async () => {
      const tried: [unknown, string][] = [
        [undefined, "Token required"],
        ["", "Token required"],
        [null, "Token required"],
        [17, "Token required"],
        ["nonsense", "Invalid or expired token"],
        [`${night.bot.token}x`, "Invalid or expired token"],
      ]
      for (const [token, message] of tried) {
        const bot = await openBot(night.server)
        bot.send({ type: "auth", token })
        expect(await bot.next()).toEqual({ type: "auth_error", message })
        expect(await bot.closed).toMatchObject({ code: 4401 })
      }
    })

    test("before auth nothing else is done, and the socket stays open", async () => {
      const { id } = await openSession(night)
      const bot = await openBot(night.server)
      for (const message of [{ type: "ping" }, { type: "subscribe", sessionId: id }]) {
        bot.send(message)
        expect(await bot.next()).toEqual({
          type: "error",
          code: "unauthenticated",
          message: `Cannot handle ${message.type}: send auth first`,
        })
      }
      bot.send({ type: "auth", token: night.bot.token })
      expect((await bot.next()).type).toBe("auth_success")
      await night.host("POST", `/api/sessions/${id}/close`)
      expect(await bot.drain()).toEqual([])
    })

    test("auth and subscribe sent back to back both work, in the order sent", async () => {
      const { id } = await openSession(night)
      const bot = await openBot(night.server)
      bot.send({ type: "auth", token: night.bot.token })
      bot.send({ type: "subscribe", sessionId: id })
      bot.send({ type: "subscribe", sessionId: 999_999 })
      bot.send({ type: "ping" })
      bot.send({ type: "unsubscribe", sessionId: id })
      bot.send({ type: "subscribe", sessionId: id })
      bot.send({ type: "ping" })
      const types: string[] = []
      for (let i = 0; i < 7; i++) types.push((await bot.next()).type)
      expect(types).toEqual([
        "auth_success",
        "subscribed",
        "error",
        "pong",
        "unsubscribed",
        "subscribed",
        "pong",
      ])
      await night.host("POST", `/api/sessions/${id}/close`)
      expect((await bot.next()).type).toBe("session.ended")
    })

    test("a frame that makes no sense is answered with what is wrong, and the socket stays open", async () => {
      for (const token of [undefined, night.bot.token]) {
        const bot = token ? await followingBot(night.server, token) : await openBot(night.server)
        for (const [frame, message] of NONSENSE) {
          bot.sendRaw(frame)
          expect(await bot.next()).toEqual({ type: "error", code: "invalid_message", message })
        }
        if (!token) bot.send({ type: "auth", token: night.bot.token })
        if (!token) await bot.next("auth_success")
        expect(await bot.drain()).toEqual([])
        bot.close()
      }
    })

    test("members the server does not know are ignored", async () => {
      const bot = await openBot(night.server)
      bot.send({ type: "auth", token: night.bot.token, client: "bot 1.0" })
      expect(await bot.next()).toEqual({ type: "auth_success", message: "Authenticated successfully" })
    })

    test("a session that never was cannot be followed", async () => {
      const bot = await followingBot(night.server, night.bot.token)
      bot.send({ type: "subscribe", sessionId: 999_999 })
      expect(await bot.next()).toEqual({
        type: "error",
        code: "session_not_found",
        message: "Cannot subscribe to session 999999: there is no such session",
      })
      bot.send({ type: "unsubscribe", sessionId: 999_999 })
      expect((await bot.next()).type).toBe("unsubscribed")
    })

    test("a session is followed while it runs and when it is over, and not once it is removed", async () => {
      const { id } = await openSession(night)
      const answers = async () => {
        const bot = await followingBot(night.server, night.bot.token)
        bot.send({ type: "subscribe", sessionId: id })
        const { type } = await bot.next()
        bot.close()
        return type
      }
      expect(await answers()).toBe("subscribed")
      await night.host("POST", `/api/sessions/${id}/close`)
      expect(await answers()).toBe("subscribed")
      await night.admin("DELETE", `/api/sessions/${id}`)
      expect(await answers()).toBe("error")
    })

    test("a second auth on the same socket changes nothing", async () => {
      const bot = await followingBot(night.server, night.bot.token)
      bot.send({ type: "auth", token: "nonsense" })
      expect(await bot.next()).toMatchObject({ type: "error", code: "invalid_message" })
      expect(await bot.drain()).toEqual([])
    })

    test("a plain GET on its path is told to upgrade", async () => {
      const answer = await night.anyone("GET", "/api/sessions/live")
      expect(answer.status).toBe(426)
      expect(answer.headers.get("upgrade")).toBe("websocket")
      expect(answer.body.code).toBe("upgrade_required")
    })
  })
}
