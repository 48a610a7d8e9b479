/** What receivers of webhooks get, and what becomes of it when they fail. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { closedAddress, isSigned } from "../../support/receiver.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"
import { hook, logged, NIGHT, receiver, SECRET } from "../webhook-helpers.ts"

export function webhookDeliveriesPart(command: Command): void {
  describe("deliveries to webhooks", () => {
    const night = startNight(command)

    test("a receiver gets what it asked for, in the order of the log, signed over the very bytes", async () => {
      const bot = receiver()
      const { id } = await hook(night, bot.url)
      const session = await openSession(night, "Größe “quoted”")
      await play(night, session.id, "QPL3")
      await night.bot("POST", "/api/votes/live", { username: "ann 🎲", vote: "up" })
      await night.host("POST", `/api/sessions/${session.id}/game-selection`, { game_id: 1 })
      await night.host("POST", `/api/sessions/${session.id}/close`)
      const messages = await bot.came(4)
      const { body: log } = await night.viewer("GET", `/api/events?session=${session.id}&types=${NIGHT}`)
      expect(messages.map(({ body }) => body)).toEqual(
        log.events.map(({ type, timestamp, data }: Body) => ({ event: type, timestamp, data })),
      )
      for (const [at, message] of messages.entries()) {
        const { seq, type } = log.events[at]
        expect(isSigned(message, SECRET)).toBeTrue()
        expect(Object.keys(message.body)).toEqual(["event", "timestamp", "data"])
        expect(message.headers).toMatchObject({
          "content-type": "application/json",
          "user-agent": "gamenight",
          "x-webhook-event": type,
          "x-webhook-seq": String(seq),
          "x-webhook-attempt": "1",
          "x-webhook-delivery": `${log.epoch}-${id}-${seq}`,
        })
      }
      const lines = await logged(night, id, ({ length }) => length === 4)
      expect(lines.map(({ seq }) => seq)).toEqual(log.events.map(({ seq }: Body) => seq).reverse())
      expect(lines[0]).toEqual({
        id: expect.any(Number),
        webhook_id: id,
        event: "session.ended",
        seq: log.events[3].seq,
        attempt: 1,
        status: 200,
        error: null,
        duration_ms: expect.any(Number),
        created_at: isoTime,
      })
      expect((await night.admin("GET", `/api/webhooks/${id}/logs?limit=1`)).body).toEqual([lines[0]])
    })

    test("what a receiver refuses comes again, the same but for its number, and nothing overtakes it", async () => {
      const bot = receiver({ answer: (nth) => new Response("no", { status: nth === 1 ? 500 : 204 }) })
      const other = receiver()
      const { id } = await hook(night, bot.url, { events: ["session.started", "session.ended"] })
      await hook(night, other.url, { events: ["session.ended"] })
      const session = await openSession(night)
      await night.host("POST", `/api/sessions/${session.id}/close`)
      await other.next()
      const [first, again, last] = await bot.came(3)
      expect([first, again, last].map((one) => one?.body.event)).toEqual([
        "session.started",
        "session.started",
        "session.ended",
      ])
      expect(again?.bytes).toEqual(first?.bytes as Buffer)
      expect(again?.headers["x-webhook-delivery"]).toBe(first?.headers["x-webhook-delivery"] as string)
      expect(again?.headers["x-webhook-attempt"]).toBe("2")
      const lines = await logged(night, id, ({ length }) => length === 3)
      expect(lines.map(({ attempt, status, error }) => [attempt, status, error])).toEqual([
        [1, 204, null],
        [2, 204, null],
        [1, 500, "Cannot deliver: the receiver answered 500"],
      ])
    })

    test("a redirect is not followed, and an answer without an end is not read to it", async () => {
      const elsewhere = receiver()
      const away = receiver({ answer: () => Response.redirect(elsewhere.url, 307) })
      const endless = receiver({ answer: () => new Response(endlessly()) })
      const redirected = await hook(night, away.url)
      const flooded = await hook(night, endless.url)
      await openSession(night)
      await Promise.all([away.next(), endless.next()])
      const error = "Cannot deliver: the receiver answered 307, and redirects are not followed"
      const [refused] = await logged(night, redirected.id, ({ length }) => length > 0)
      expect(refused).toMatchObject({ status: 307, error })
      const [taken] = await logged(night, flooded.id, ({ length }) => length > 0)
      expect(taken).toMatchObject({ status: 200, error: null })
      expect(elsewhere.received).toEqual([])
    })

    test("a name and a password in the address reach the receiver, and no log", async () => {
      const bot = receiver()
      const { id } = await hook(night, bot.url.replace("//", "//ann:p%C3%A4ss@"))
      await night.admin("POST", `/api/webhooks/test/${id}`)
      const { headers } = await bot.next()
      expect(headers.authorization).toBe(`Basic ${Buffer.from("ann:päss").toString("base64")}`)
      const { text } = await night.admin("GET", `/api/webhooks/${id}/logs`)
      expect(text + night.server.stderr()).not.toMatch(/p%C3%A4ss|päss/)
    })

    test("one that is off gets nothing, and once it is on again only what happens from then on", async () => {
      const bot = receiver()
      const { id } = await hook(night, bot.url, { events: ["session.started"], enabled: false })
      await openSession(night, "unheard")
      await night.admin("PATCH", `/api/webhooks/${id}`, { enabled: true })
      await openSession(night, "heard")
      expect((await bot.next()).body.data.session.notes).toBe("heard")
      await night.admin("PATCH", `/api/webhooks/${id}`, { enabled: false })
      await openSession(night, "unheard, too")
      await night.admin("PATCH", `/api/webhooks/${id}`, { enabled: true })
      await openSession(night, "heard again")
      expect((await bot.next()).body.data.session.notes).toBe("heard again")
      expect(bot.received).toHaveLength(2)
    })

    test("one that is removed while a message is on its way leaves nothing, and a new address is tried at once", async () => {
      const { promise: held, resolve: release } = Promise.withResolvers<Response>()
      const slow = receiver({ answer: () => held })
      const { id } = await hook(night, slow.url)
      const moved = await hook(night, await closedAddress())
      await openSession(night)
      await slow.next()
      expect((await night.admin("DELETE", `/api/webhooks/${id}`)).status).toBe(204)
      release(new Response())
      await logged(night, moved.id, ({ length }) => length > 0)
      const bot = receiver()
      await night.admin("PATCH", `/api/webhooks/${moved.id}`, { url: bot.url, secret: "another" })
      expect(isSigned(await bot.next(), "another")).toBeTrue()
      expectProblem(await night.admin("GET", `/api/webhooks/${id}/logs`), { status: 404, code: "not_found" })
      expect(night.server.stderr()).not.toContain("Internal error")
    })
  })
}

/** Bytes for as long as somebody reads them. */
const endlessly = () =>
  new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(64 * 1024).fill(65))
      await Bun.sleep(0)
    },
  })
