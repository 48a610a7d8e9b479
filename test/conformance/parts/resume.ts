/** Clients that ask for it miss nothing and hear nothing twice, whatever happens to their connection. */
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import * as v from "valibot"
import { serverMessage } from "../../../src/server-messages.ts"
import { asAdmin, type Body } from "../../support/api.ts"
import { type Bot, followingBot, openBot } from "../../support/bot.ts"
import { newFolder, startServer } from "../../support/server.ts"
import { type Command, keys, type Night, openSession, play, startNight } from "../night.ts"

type Auth = { resume?: object; follow?: boolean }

/** A socket that authenticates with these wishes, and what the server answered. */
async function resumingBot(night: Pick<Night, "server" | "viewer">, auth: Auth): Promise<[Bot, Body]> {
  const bot = await openBot(night.server)
  bot.send({ type: "auth", token: night.viewer.token, ...auth })
  const answer = await bot.next("auth_success")
  expect(v.is(serverMessage, answer)).toBeTrue()
  return [bot, answer]
}

/** Everything in the log after `since`, as it is told to a client that counts. */
async function logAfter(night: Pick<Night, "viewer">, since: number): Promise<Body[]> {
  const { body } = await night.viewer("GET", `/api/events?since=${since}&limit=1000`)
  return body.events
}

let votes = 0
const vote = async (night: Pick<Night, "bot">) => {
  const { status } = await night.bot("POST", "/api/votes/live", { username: `voter ${++votes}`, vote: "up" })
  expect(status).toBe(200)
}

export function resumePart(command: Command): void {
  describe("a client that resumes", () => {
    const night = startNight(command)

    test("learns its place in the log and the running session", async () => {
      const session = await openSession(night, "Friday Game Night")
      const row = await play(night, session.id, "QPL3")
      await vote(night)
      const [bot, answer] = await resumingBot(night, { resume: {} })
      const { type, message, epoch, seq, heartbeat_interval_ms, active_session, ...rest } = answer
      expect({ type, message, rest }).toEqual({
        type: "auth_success",
        message: "Authenticated successfully",
        rest: {},
      })
      expect(epoch).toMatch(/^[0-9a-f-]{36}$/)
      expect(seq).toBe((await logAfter(night, 0)).at(-1).seq)
      expect(heartbeat_interval_ms).toBe(25_000)
      const { body: tally } = await night.anyone("GET", `/api/sessions/${session.id}/votes`)
      expect(active_session).toEqual({
        ...session,
        games_played: 1,
        games: [{ ...row, upvotes: 1 }],
        votes: tally.votes,
      })
      bot.close()
    })

    test("is told that no session runs", async () => {
      const { id } = await openSession(night)
      await night.host("POST", `/api/sessions/${id}/close`)
      const [bot, answer] = await resumingBot(night, { resume: {} })
      expect(answer.active_session).toBeNull()
      bot.close()
    })

    test("hears every event with its seq, while others hear what the seeds show", async () => {
      const { id } = await openSession(night)
      const [bot, { seq }] = await resumingBot(night, { resume: {} })
      const plain = await followingBot(night.server, night.viewer.token, id)
      bot.send({ type: "subscribe", sessionId: id })
      expect(await bot.next()).toEqual({
        type: "subscribed",
        sessionId: id,
        message: `Subscribed to session ${id}`,
      })
      await play(night, id, "QPL3")
      await vote(night)
      await night.host("POST", `/api/sessions/${id}/close`)
      const heard = await bot.drain()
      expect(heard.map((event) => event.seq)).toEqual([seq + 1, seq + 2, seq + 3])
      expect(heard).toEqual(await logAfter(night, seq))
      const told = await plain.drain()
      expect(told).toEqual(heard.map(({ seq: _, ...event }) => event))
      for (const event of told) expect(keys(event)).toEqual(["data", "timestamp", "type"])
      for (const one of [bot, plain]) one.close()
    })

    test("gets what it missed, of its sessions and of everyone, before what is new", async () => {
      const { id } = await openSession(night)
      const [first, { epoch, seq }] = await resumingBot(night, { resume: {} })
      first.close()
      await first.closed
      await play(night, id, "QPL3")
      for (let i = 0; i < 5; i++) await vote(night)
      const other = await openSession(night)
      await play(night, other.id, "DRWF")
      const [again, answer] = await resumingBot(night, { resume: { epoch, seq, sessions: [id] } })
      expect(answer.recovered).toBeTrue()
      await vote(night)
      const missed = await again.drain()
      const ofOthers = (event: Body) => event.type === "session.started" || event.data.session?.id === id
      const wanted = (await logAfter(night, seq)).filter(
        (event) => ofOthers(event) || event.data.sessionId === id,
      )
      expect(missed).toEqual(wanted)
      expect(missed.map(({ type }) => type)).toEqual([
        "game.added",
        ...Array(5).fill("vote.received"),
        "session.ended",
        "session.started",
      ])
      again.close()
    })

    test("that follows needs no subscription, misses no first game and nothing while it was away", async () => {
      const [first, { epoch, seq }] = await resumingBot(night, { resume: {}, follow: true })
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      await vote(night)
      expect(await first.drain()).toEqual(await logAfter(night, seq))
      first.close()
      await first.closed
      await vote(night)
      const place = (await logAfter(night, seq)).at(-2).seq
      const { id: second } = await openSession(night)
      await play(night, second, "DRWF")
      await vote(night)
      const [again, answer] = await resumingBot(night, {
        resume: { epoch, seq: place, sessions: [] },
        follow: true,
      })
      expect(answer.recovered).toBeTrue()
      await vote(night)
      const heard = await again.drain()
      expect(heard).toEqual(await logAfter(night, place))
      expect(heard.map(({ type }) => type)).toEqual([
        "vote.received",
        "session.ended",
        "session.started",
        "game.added",
        "vote.received",
        "vote.received",
      ])
      again.close()
    })

    test("may follow without counting, and hears exactly what the seeds show", async () => {
      const [bot, answer] = await resumingBot(night, { follow: true })
      expect(answer).toEqual({ type: "auth_success", message: "Authenticated successfully" })
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const heard = await bot.drain()
      expect(heard.slice(-2).map(keys)).toEqual(Array(2).fill(["data", "timestamp", "type"]))
      expect(heard.slice(-2).map(({ type }) => type)).toEqual(["session.started", "game.added"])
      bot.send({ type: "unsubscribe", sessionId: id })
      await bot.next("unsubscribed")
      await vote(night)
      expect(await bot.drain()).toEqual([])
      bot.close()
    })

    test("that names another history or a place that is not in the log starts from the snapshot", async () => {
      const { id } = await openSession(night)
      const [first, { epoch, seq }] = await resumingBot(night, { resume: {} })
      first.close()
      await play(night, id, "QPL3")
      for (const resume of [{ epoch: "another", seq }, { seq }, { epoch, seq: 999_999 }, { epoch }]) {
        const [bot, answer] = await resumingBot(night, { resume: { ...resume, sessions: [id, 999] } })
        expect(answer.recovered).toBeFalse()
        expect(answer.active_session.games).toHaveLength(1)
        await vote(night)
        expect(await bot.drain()).toEqual(await logAfter(night, answer.seq))
        bot.close()
      }
    })

    test("that asks in a way that makes no sense is told which member is wrong", async () => {
      const bot = await openBot(night.server)
      const { token } = night.viewer
      for (const [wish, member] of [
        [{ resume: { seq: -1 } }, "resume.seq"],
        [{ resume: { seq: "7" } }, "resume.seq"],
        [{ resume: { sessions: [1, "2"] } }, "resume.sessions.1"],
        [{ resume: { sessions: Array(129).fill(1) } }, "resume.sessions"],
        [{ resume: 7 }, "resume"],
        [{ follow: "yes" }, "follow"],
      ] as const) {
        bot.send({ type: "auth", token, ...wish })
        const { type, code, message } = await bot.next()
        expect({ type, code }).toEqual({ type: "error", code: "invalid_message" })
        expect(message).toStartWith(`Cannot handle auth: ${member} must be`)
      }
      bot.send({ type: "auth", token })
      await bot.next("auth_success")
      bot.send({ type: "subscribe", sessionId: 1, since: -1 })
      expect((await bot.next("error")).message).toBe(
        "Cannot handle subscribe: since must be a whole number, 0 or more",
      )
      bot.close()
    })

    test("that subscribes since a place gets the session's events after it, then the new ones", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      await vote(night)
      const [bot, { seq }] = await resumingBot(night, { resume: {} })
      bot.send({ type: "subscribe", sessionId: id, since: seq - 2 })
      expect(await bot.next()).toMatchObject({ type: "subscribed", sessionId: id, recovered: true })
      await vote(night)
      expect(await bot.drain()).toEqual(await logAfter(night, seq - 2))
      // The same again: what it asks for is sent again, and the new ones still come once.
      bot.send({ type: "subscribe", sessionId: id, since: seq })
      await bot.next("subscribed")
      await vote(night)
      expect(await bot.drain()).toEqual(await logAfter(night, seq))
      bot.send({ type: "subscribe", sessionId: id, since: 999_999 })
      expect(await bot.next()).toMatchObject({ type: "subscribed", recovered: false })
      await vote(night)
      expect(await bot.drain()).toEqual((await logAfter(night, seq)).slice(-1))
      bot.close()
    })

    test("finds no gap and no double at the seam while votes pour in", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const [first, { epoch, seq }] = await resumingBot(night, { resume: {} })
      first.close()
      let pouring = true
      const pour = Promise.all(
        Array.from({ length: 8 }, async () => {
          while (pouring) await vote(night)
        }),
      )
      const bots: Bot[] = []
      for (let i = 0; i < 10; i++) {
        const [bot, answer] = await resumingBot(night, { resume: { epoch, seq, sessions: [id] } })
        expect(answer.recovered).toBeTrue()
        bots.push(bot)
        const [late, { seq: from }] = await resumingBot(night, { resume: {}, follow: true })
        const heard = await late.drain()
        expect(heard.map((event) => event.seq)).toEqual(heard.map((_, i) => from + 1 + i))
        late.close()
      }
      pouring = false
      await pour
      const log = await logAfter(night, seq)
      for (const bot of bots) {
        expect((await bot.drain()).map((event) => event.seq)).toEqual(log.map((event) => event.seq))
        bot.close()
      }
    })
  })

  test("a client that resumes finds the same history after SIGKILL", async () => {
    const dataDir = join(newFolder(), "data")
    const night = await nightIn(command, dataDir)
    const { id } = await openSession(night)
    await play(night, id, "QPL3")
    const [bot, { epoch, seq }] = await resumingBot(night, { resume: {}, follow: true })
    for (let i = 0; i < 3; i++) await vote(night)
    const [seen] = await bot.drain()
    await night.server.stop("SIGKILL")
    await bot.closed
    const again = await nightIn(command, dataDir)
    await vote(again)
    const [resumed, answer] = await resumingBot(again, { resume: { epoch, seq: seen.seq }, follow: true })
    expect(answer).toMatchObject({ epoch, recovered: true, seq: seq + 4 })
    expect((await resumed.drain()).map((event) => event.seq)).toEqual([seq + 2, seq + 3, seq + 4])
    expect(await again.server.stop()).toBe(0)
  })
}

/** A service on this folder, with one caller for every role. */
async function nightIn(command: Command, dataDir: string) {
  const server = await startServer(command, { dataDir })
  const admin = await asAdmin(server)
  return { server, anyone: admin, viewer: admin, bot: admin, host: admin, admin } satisfies Night
}
