/** Clients that ask for it miss nothing and hear nothing twice, whatever happens to their connection. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { followingBot, openBot } from "../../support/bot.ts"
import { type Command, keys, openSession, play, startNight } from "../night.ts"
import { logAfter, resumingBot, vote } from "../resuming.ts"

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
        games: [{ ...row, upvotes: 1, all_time: { upvotes: 1, downvotes: 0 } }],
        votes: tally.votes,
        poll: null,
        selection: null,
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
  })
}
