/** Where the live socket draws the line. */
import { describe, expect, test } from "bun:test"
import { CLOSE, LIMITS } from "../../../src/protocol.ts"
import { asRole } from "../../support/api.ts"
import { type Bot, followingBot, openBot } from "../../support/bot.ts"
import { sendAtOnce } from "../../support/raw-socket.ts"
import { within } from "../../support/server.ts"
import { type Command, openSession, startNight } from "../night.ts"

/** A ping padded to this many bytes. */
const padded = (bytes: number): string => {
  const frame = JSON.stringify({ type: "ping", more: "" })
  return frame.replace('""', `"${"x".repeat(bytes - frame.length)}"`)
}

export function socketLimitsPart(command: Command): void {
  describe("limits of the live socket", () => {
    const night = startNight(command)

    test("a frame may have 8 KiB before auth and 64 KiB after it", async () => {
      const before = await openBot(night.server)
      before.sendRaw(padded(LIMITS.frameBytesBeforeAuth))
      expect((await before.next()).code).toBe("unauthenticated")
      before.sendRaw(padded(LIMITS.frameBytesBeforeAuth + 1))
      expect(await before.closed).toMatchObject({ code: CLOSE.frameTooLarge })

      const after = await followingBot(night.server, night.bot.token)
      after.sendRaw(padded(LIMITS.frameBytes))
      expect((await after.next()).type).toBe("pong")
      after.sendRaw(padded(LIMITS.frameBytes + 1))
      expect([CLOSE.frameTooLarge, 1006]).toContain((await after.closed).code)
    })

    test("a frame is measured in bytes, not in letters", async () => {
      const bot = await openBot(night.server)
      bot.sendRaw(JSON.stringify({ type: "ping", more: "é".repeat(LIMITS.frameBytesBeforeAuth / 2) }))
      expect(await bot.closed).toMatchObject({ code: CLOSE.frameTooLarge })
    })

    test("a binary frame closes the socket", async () => {
      for (const token of [undefined, night.bot.token]) {
        const bot = token ? await followingBot(night.server, token) : await openBot(night.server)
        bot.sendRaw(new TextEncoder().encode('{"type":"ping"}'))
        expect(await bot.closed).toMatchObject({ code: CLOSE.binaryFrame })
      }
    })

    test("repeated nonsense closes the socket", async () => {
      const bot = await followingBot(night.server, night.bot.token)
      for (let i = 0; i <= LIMITS.invalidMessages; i++) bot.send({ type: "dance" })
      expect(await bot.closed).toMatchObject({ code: CLOSE.nonsense })
    })

    test("a burst of messages is answered, a flood is refused, a lasting flood is cut", async () => {
      const bot = await followingBot(night.server, night.bot.token)
      for (let i = 1; i < LIMITS.messageBurst; i++) bot.send({ type: "ping" })
      for (let i = 1; i < LIMITS.messageBurst; i++) expect((await bot.next()).type).toBe("pong")
      for (let i = 0; i < LIMITS.messageBurst; i++) bot.send({ type: "ping" })
      const refused = await nextOf(bot, "error")
      expect(refused).toEqual({
        type: "error",
        code: "rate_limited",
        message: "Too many messages: 120 a minute are allowed",
      })
      for (let i = 0; i < LIMITS.messageBurst; i++) bot.send({ type: "ping" })
      expect(await bot.closed).toMatchObject({ code: CLOSE.tooMany })
    })

    test("eight sockets of one address may be without auth, and an open place is free again", async () => {
      const waiting = await Promise.all(
        Array.from({ length: LIMITS.socketsBeforeAuthPerAddress }, () => openBot(night.server)),
      )
      const refused = await openBot(night.server)
      expect(await refused.closed).toMatchObject({ code: CLOSE.tooMany })
      const [first, second] = waiting
      first?.send({ type: "auth", token: night.viewer.token })
      await first?.next("auth_success")
      await followingBot(night.server, night.viewer.token)
      second?.close()
      await second?.closed
      const again = await openBot(night.server)
      again.send({ type: "auth", token: night.viewer.token })
      await again.next("auth_success")
      for (const bot of waiting) bot.close()
    })

    test("a token carries twenty sockets", async () => {
      const bot = await asRole(night.admin, "bot")
      const open: Bot[] = []
      for (let i = 0; i < LIMITS.socketsPerToken; i++) open.push(await followingBot(night.server, bot.token))
      const refused = await openBot(night.server)
      refused.send({ type: "auth", token: bot.token })
      expect(await refused.closed).toMatchObject({ code: CLOSE.tooMany })
      open[0]?.close()
      await open[0]?.closed
      await followingBot(night.server, bot.token)
      for (const one of open) one.close()
    })

    test("a socket without auth is closed after ten seconds, even when it drips", async () => {
      const bot = await openBot(night.server)
      const opened = performance.now()
      const drip = setInterval(() => bot.send({ type: "ping" }), 1_000)
      const { code } = await within<{ code: number }>(
        "the close of a socket without auth",
        (done) => void bot.closed.then(done),
        15_000,
      ).finally(() => clearInterval(drip))
      expect(code).toBe(CLOSE.authTimeout)
      expect(performance.now() - opened).toBeGreaterThan(LIMITS.authWithinMs - 500)
    }, 20_000)
  })

  describe("limits that stay when the rates are lifted", () => {
    const env = { GAMENIGHT_RATE_LIMITS: "off", GAMENIGHT_MAX_SOCKETS: "30" }
    const night = startNight(command, { env })

    test("a socket follows 128 sessions at most", async () => {
      const bot = await followingBot(night.server, night.bot.token)
      for (let i = 1; i <= LIMITS.subscriptions + 1; i++) {
        const { id } = await openSession(night)
        bot.send({ type: "subscribe", sessionId: id })
        const answer = await nextOf(bot, "subscribed", "error")
        if (i <= LIMITS.subscriptions) expect(answer).toMatchObject({ type: "subscribed", sessionId: id })
        else expect(answer).toMatchObject({ type: "error", code: "rate_limited" })
      }
      bot.close()
      await bot.closed
    })

    test("messages that pile up behind one that takes time close the socket", async () => {
      const fresh = await asRole(night.admin, "bot")
      const auth = { type: "auth", token: fresh.token }
      const pings = Array.from({ length: LIMITS.waitingMessages + 1 }, () => ({ type: "ping" }))
      const closed = await sendAtOnce(night.server, [auth, ...pings])
      expect(closed).toEqual({ code: CLOSE.tooMany, reason: "Too many messages at once" })
    })

    test("the service holds as many sockets as it was given", async () => {
      const open: Bot[] = []
      for (let i = 0; i < 30; i++) open.push(await followingBot(night.server, night.bot.token))
      const refused = await openBot(night.server)
      expect(await refused.closed).toMatchObject({ code: CLOSE.tooMany })
      for (const bot of open) bot.close()
    })
  })
}

async function nextOf(bot: Bot, ...types: string[]) {
  for (;;) {
    const message = await bot.next()
    if (types.includes(message.type)) return message
  }
}
