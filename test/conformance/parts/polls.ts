/** Polls on the next game and the pick that hosts share, over HTTP and on the socket. */
import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import * as v from "valibot"
import { event } from "../../../src/server-messages.ts"
import { type Api, asAdmin, type Body } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { newFolder, startServer } from "../../support/server.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"
import { resumingBot } from "../resuming.ts"

const LABELS = { options: ["Karaoke", "Darts"] }

const voting = (host: Api, sessionId: number, verb: string, body?: object) =>
  host("POST", `/api/sessions/${sessionId}/voting/${verb}`, body)

const typesOf = (events: readonly Body[]): string[] => events.map(({ type }) => type)

export function pollsPart(command: Command): void {
  describe("a poll on the next game", () => {
    const night = startNight(command)
    const choose = (body: object) => night.bot("POST", "/api/votes/poll", body)
    const read = async (path: string) => (await night.anyone("GET", path)).body

    test("is told from its start to its result, in the shapes of the protocol", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.viewer.token, id)
      const { status, body: poll, headers } = await voting(night.host, id, "start", { playerCount: 5 })
      expect([status, headers.get("location")]).toEqual([201, `/api/sessions/${id}/voting`])
      expect(poll).toEqual({
        id: poll.id,
        session_id: id,
        state: "open",
        created_at: isoTime,
        ends_at: null,
        ended_at: null,
        options: [1, 2, 3, 4].map((position) => ({
          position,
          game_id: position === 4 ? null : expect.any(Number),
          label: expect.any(String),
          ticker: position === 4 ? null : expect.anything(),
          votes: 0,
        })),
        total_votes: 0,
        leading: null,
        winner: null,
      })
      const answer = await choose({ username: " Ann ", choice: poll.options[1].ticker, source: "irc" })
      expect(answer.body).toEqual({
        success: true,
        message: "Vote recorded successfully",
        poll: await read(`/api/sessions/${id}/voting`),
        vote: { username: "Ann", position: 2, label: poll.options[1].label, timestamp: isoTime },
      })
      expect((await choose({ username: "bob", choice: 2 })).body.poll).toMatchObject({
        total_votes: 2,
        leading: 2,
      })
      expect((await voting(night.host, id, "end", { delay: 300 })).body.state).toBe("ending")
      expect((await voting(night.host, id, "cancel-end")).body).toMatchObject({
        state: "open",
        ends_at: null,
      })
      const { body: closed } = await voting(night.host, id, "end")
      const { game_id, label } = poll.options[1]
      expect(closed.winner).toEqual({ position: 2, game_id, label, votes: 2, tie: 0 })
      expect(await read(`/api/sessions/${id}/game-selection`)).toMatchObject({ game_id, source: "poll" })
      await play(night, id, "QPL3")
      const heard = await bot.drain()
      expect(typesOf(heard)).toEqual([
        "poll.start",
        "poll.voted",
        "poll.leading",
        "poll.voted",
        "poll.ending",
        "poll.ending.cancelled",
        "voting.ended",
        "game.picked",
        ...(label === "Quiplash 3" ? [] : ["game.dismissed"]),
        "game.added",
      ])
      for (const one of heard) expect([one.type, v.is(event, one)]).toEqual([one.type, true])
      const types = event.options.map(({ entries }) => entries.type.literal).join(",")
      const { body: log } = await night.viewer("GET", `/api/events?session=${id}&types=${types}`)
      expect(typesOf(log.events)).toEqual(["session.started", ...typesOf(heard)])
      bot.close()
    })

    test("stands in the snapshot of a client that resumes, with the pending pick", async () => {
      const { id } = await openSession(night)
      const { body: poll } = await voting(night.host, id, "start", LABELS)
      const { body: selection } = await night.host("POST", `/api/sessions/${id}/game-selection`, {
        game_id: 1,
      })
      const [bot, { active_session }] = await resumingBot(night, { resume: {} })
      expect(active_session).toMatchObject({ poll, selection })
      await voting(night.host, id, "end")
      const [later, answer] = await resumingBot(night, { resume: {} })
      expect(answer.active_session).toMatchObject({ poll: null, selection })
      for (const one of [bot, later]) one.close()
    })

    test("that runs refuses a second one, and a closed one refuses votes and tells its result", async () => {
      const { id } = await openSession(night)
      const nothing = await choose({ username: "ann", choice: 1 })
      expectProblem(nothing, { status: 404, code: "poll_not_found" })
      const { body: poll } = await voting(night.host, id, "start", LABELS)
      const second = await voting(night.host, id, "start", LABELS)
      expect([second.status, second.body.code, second.body.pollId]).toEqual([409, "poll_running", poll.id])
      const wrong = await choose({ username: "ann", choice: "9" })
      expectProblem(wrong, { status: 400, code: "invalid_input", path: "choice" })
      const { body: closed } = await voting(night.host, id, "end")
      const late = await choose({ username: "ann", choice: 1 })
      expect([late.status, late.body.code, late.body.poll]).toEqual([409, "poll_closed", closed])
      const bot = await followingBot(night.server, night.viewer.token, id)
      expect((await voting(night.host, id, "end", { pollId: poll.id })).body).toEqual(closed)
      expect(await bot.drain()).toEqual([])
      bot.close()
    })

    test("ends by itself at its time, and with its session", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.viewer.token, id)
      await voting(night.host, id, "start", LABELS)
      const { body: ending } = await voting(night.host, id, "end", { delay: 1 })
      for (const type of ["poll.start", "poll.ending"]) await bot.next(type)
      const ended = await bot.next("voting.ended")
      expect(Date.parse(ended.timestamp)).toBeGreaterThanOrEqual(Date.parse(ending.ends_at))
      expect(ended.data).toMatchObject({ winnerGameId: null, winnerVotes: 0, totalVotes: 0, tie: true })
      await voting(night.host, id, "start", LABELS)
      await night.host("POST", `/api/sessions/${id}/close`)
      expect(typesOf(await bot.drain())).toEqual(["poll.start", "voting.ended", "session.ended"])
      bot.close()
    })

    test("is refused in one answer that names every wrong field", async () => {
      const { id } = await openSession(night)
      const { status, body } = await voting(night.host, id, "start", {
        options: ["", "7", 0, { id: 1 }, "a\u0000b"],
        other: "no",
        seconds: 4,
        playerCount: -1,
      })
      const paths = body.errors.map(({ path }: Body) => path).sort()
      expect([status, paths]).toEqual([
        400,
        [...[0, 1, 2, 3, 4].map((at) => `options.${at}`), "other", "playerCount", "seconds"],
      ])
      for (const options of [["one"], Array(9).fill("x"), "Karaoke", 7]) {
        const answer = await voting(night.host, id, "start", { options })
        expectProblem(answer, { status: 400, code: "invalid_input", path: "options" })
      }
      const end = await voting(night.host, id, "end", { delay: 301, pollId: "1" })
      expect(end.body.errors.map(({ path }: Body) => path)).toEqual(["delay", "pollId"])
      const vote = await choose({ choice: {}, pollId: 0, timestamp: "today" })
      expect(vote.body.errors.map(({ path }: Body) => path)).toEqual([
        "username",
        "choice",
        "pollId",
        "timestamp",
      ])
      expect(await read(`/api/sessions/${id}/voting`)).toBeNull()
    })

    test("survives a kill: the votes are there, and it ends when it was said to", async () => {
      const dataDir = join(newFolder(), "data")
      const before = await startServer(command, { dataDir })
      const host = await asAdmin(before)
      const { body: session } = await host("POST", "/api/sessions")
      const { body: poll } = await voting(host, session.id, "start", LABELS)
      await host("POST", "/api/votes/poll", { username: "ann", choice: 2 })
      await voting(host, session.id, "end", { delay: 3 })
      await before.stop("SIGKILL")

      const again = await startServer(command, { dataDir })
      const bot = await followingBot(again, host.token, session.id)
      const later = await asAdmin(again)
      const { state } = (await later("GET", `/api/sessions/${session.id}/voting`)).body
      if (state === "ending") expect((await bot.next("voting.ended")).data.pollId).toBe(poll.id)
      const { body } = await later("GET", `/api/sessions/${session.id}/voting`)
      expect(body).toMatchObject({ id: poll.id, state: "closed", winner: { label: "Darts", votes: 1 } })
      expect(await again.stop()).toBe(0)
    })

    test("that became overdue while the service was away is over when it listens again", async () => {
      const dataDir = join(newFolder(), "data")
      const before = await startServer(command, { dataDir })
      const host = await asAdmin(before)
      const { body: session } = await host("POST", "/api/sessions")
      const { body: poll } = await voting(host, session.id, "start", LABELS)
      await voting(host, session.id, "end", { delay: 300 })
      await before.stop("SIGKILL")
      endEarlier(dataDir, 10)
      const again = await startServer(command, { dataDir })
      const { body } = await (await asAdmin(again))("GET", `/api/sessions/${session.id}/voting`)
      expect(body).toMatchObject({ id: poll.id, state: "closed" })
      expect(await again.stop()).toBe(0)
    })
  })

  describe("the pending pick", () => {
    const night = startNight(command)

    test("is shared by hosts: picked, read, dismissed", async () => {
      const { id } = await openSession(night)
      const path = `/api/sessions/${id}/game-selection`
      const bot = await followingBot(night.server, night.viewer.token, id)
      expect((await night.anyone("GET", path)).body).toBeNull()
      const picked = await night.host("POST", path, { game_id: 1, source: "dice" })
      expect([picked.status, picked.body]).toEqual([
        201,
        {
          session_id: id,
          game_id: 1,
          title: expect.any(String),
          pack_name: expect.any(String),
          source: "dice",
          picked_by: "host of the tests",
          created_at: isoTime,
        },
      ])
      expect((await night.anyone("GET", path)).body).toEqual(picked.body)
      expect((await night.host("DELETE", path)).body).toEqual({ dismissed: picked.body })
      expect(await night.host("DELETE", path)).toMatchObject({ status: 200, body: { dismissed: null } })
      expect(typesOf(await bot.drain())).toEqual(["game.picked", "game.dismissed"])
      expectProblem(await night.host("POST", path, { game_id: 9_999 }), {
        status: 404,
        code: "game_not_found",
      })
      const wrong = await night.host("POST", path, { source: "dream" })
      expect(wrong.body.errors.map(({ path: field }: Body) => field)).toEqual(["game_id", "source"])
      expectProblem(await night.bot("POST", path, { game_id: 1 }), { status: 403, code: "forbidden" })
      bot.close()
    })
  })
}

/** Makes the deadline in the database so many minutes earlier. */
function endEarlier(dataDir: string, minutes: number): void {
  const database = new Database(join(dataDir, "gamenight.db"))
  database.run(`UPDATE polls SET ends_at = strftime('%Y-%m-%dT%H:%M:%fZ', ends_at, '-${minutes} minutes')`)
  database.close()
}
