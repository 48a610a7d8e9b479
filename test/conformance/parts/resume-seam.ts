/** Where what was missed ends and what is new begins: no gap and no double, under load and over a crash. */
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { asAdmin } from "../../support/api.ts"
import type { Bot } from "../../support/bot.ts"
import { openFolder } from "../../support/night.ts"
import { readLate } from "../../support/raw-socket.ts"
import { newFolder, startServer } from "../../support/server.ts"
import { type Command, type Night, openSession, play, startNight } from "../night.ts"
import { logAfter, resumingBot, vote } from "../resuming.ts"

/** Events of 8 KB each: far more than the buffers of a connection hold. */
const MANY = 3_000

export function resumeSeamPart(command: Command): void {
  describe("a client that resumes", () => {
    const night = startNight(command)

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

    test("that follows hears late votes for a session that is over, as it would have, had it stayed", async () => {
      const [stayed, { epoch }] = await resumingBot(night, { resume: {}, follow: true })
      const { id: over } = await openSession(night)
      const row = await play(night, over, "QPL3")
      await openSession(night)
      const away = (await stayed.drain()).at(-1).seq
      const late = { username: "late voter", vote: "up", timestamp: row.played_at }
      expect((await night.bot("POST", "/api/votes/live", late)).status).toBe(200)
      const [back] = await resumingBot(night, { resume: { epoch, seq: away }, follow: true })
      const again = { username: "later voter", vote: "up", timestamp: row.played_at }
      expect((await night.bot("POST", "/api/votes/live", again)).status).toBe(200)
      const heard = await back.drain()
      expect(heard.map(({ data }) => [data.sessionId, data.vote.username])).toEqual([
        [over, "late voter"],
        [over, "later voter"],
      ])
      expect(await stayed.drain()).toEqual(heard)
      for (const bot of [stayed, back]) bot.close()
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

  test("a client that reads slowly gets all it missed, however much that is", async () => {
    const dataDir = join(newFolder(), "data")
    const store = openFolder(dataDir)
    const notes = "x".repeat(8_000)
    const frame = (id: number) =>
      JSON.stringify({ type: "session.started", timestamp: "", data: { id, notes } })
    await store.write(async ({ trx }) => {
      for (let id = 1; id <= MANY; id++) {
        const row = { session_id: id, type: "session.started", frame: frame(id), created_at: "" } as const
        await trx.insertInto("events").values(row).execute()
      }
    })
    const { epoch } = store
    await store.close()
    const night = await nightIn(command, dataDir)
    const auth = { type: "auth", token: night.viewer.token, resume: { epoch, seq: 0 } }
    const answer = "auth_success"
    const until = ({ type, seq }: { type: string; seq?: number }) => type !== answer && seq === MANY
    const [first, ...events] = await readLate(night.server, auth, { pauseMs: 500, until })
    expect(first).toMatchObject({ type: answer, recovered: true })
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: MANY }, (_, i) => i + 1))
    expect(await night.server.stop()).toBe(0)
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
