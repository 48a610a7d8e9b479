/** The chat of a night over HTTP: large, checked line by line, told to nobody. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { sendRaw } from "../../support/raw-http.ts"
import { type Command, expectProblem, openSession, play, startNight } from "../night.ts"

export function chatImportPart(command: Command): void {
  describe("a chat that is read afterwards", () => {
    const night = startNight(command)
    const load = (id: unknown, body: unknown) => night.host("POST", `/api/sessions/${id}/chat-import`, body)
    const say = (username: unknown, message: unknown, timestamp: unknown) => ({
      username,
      message,
      timestamp,
    })

    test("counts its votes in the games of their time, once, and tells nobody", async () => {
      const { id } = await openSession(night)
      const row = await play(night, id, "QPL3")
      const bot = await followingBot(night.server, night.bot.token, id)
      const chatData = [
        say("Ann", "thisgame++", row.played_at),
        say("Bob", "well, QPL3-- I say", row.played_at),
        say("Cleo", "TKO++", row.played_at),
        say("Dora", "hello", row.played_at),
      ]
      const { status, body } = await load(id, { chatData })
      expect(status).toBe(200)
      const unmatched_votes = [{ index: 2, username: "Cleo", text: "TKO++", reason: "not_played" }]
      const rest = { session_id: id, read: 4, unmatched: 1, unmatched_votes }
      expect(body).toEqual({ ...rest, votes: 2, duplicates: 0 })
      expect((await load(id, chatData)).body).toEqual({ ...rest, votes: 0, duplicates: 2 })
      const { body: result } = await night.anyone("GET", `/api/sessions/${id}/votes`)
      expect(result.votes).toMatchObject([{ game_id: row.game_id, upvotes: 1, downvotes: 1 }])
      const { body: page } = await night.anyone("GET", `/api/votes?session_id=${id}`)
      expect(page.votes.map(({ username }: Body) => username)).toEqual(["Bob", "Ann"])
      expect(await bot.drain()).toEqual([])
      bot.close()
    })

    test("may be long, and has votes of the night that is over", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "TKO")
      await night.host("POST", `/api/sessions/${id}/close`)
      const chatter = Array.from({ length: 20_000 }, (_, i) => say(`v${i}`, "hello everybody", played_at))
      const { status, body } = await load(id, [...chatter, say("Ann", "ThisGame++", played_at)])
      expect([status, body.read, body.votes]).toEqual([200, 20_001, 1])
    })

    test("is refused whole when a line of it is wrong, and every wrong line is named", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "TKO")
      const chatData = [
        say("Ann", "thisgame++", played_at),
        say("", "thisgame++", "yesterday"),
        "thisgame++",
        say("B\u0007b", 7, played_at),
        say("x".repeat(65), "y".repeat(4_001), 1_762_027_200_000),
      ]
      const answer = await load(id, { chatData })
      expectProblem(answer, { status: 400, code: "invalid_input", path: "chatData.1.username" })
      expect(answer.body.errors.map(({ path }: Body) => path)).toEqual([
        "chatData.1.username",
        "chatData.1.timestamp",
        "chatData.2",
        "chatData.3.username",
        "chatData.3.message",
        "chatData.4.username",
        "chatData.4.message",
        "chatData.4.timestamp",
      ])
      expectProblem(await load(id, [null]), { status: 400, code: "invalid_input", path: "0" })
      const { body: page } = await night.anyone("GET", `/api/votes?session_id=${id}`)
      expect(page.votes).toEqual([])
    })

    test("is refused when it is no chat, too large, or of no session", async () => {
      const { id } = await openSession(night)
      const wrong = { status: 400, code: "invalid_input" }
      for (const body of [undefined, {}, { chatData: "thisgame++" }]) {
        expectProblem(await load(id, body), { ...wrong, path: "chatData" })
      }
      for (const body of ["7", "null", "thisgame++"]) expectProblem(await load(id, body), wrong)
      expectProblem(await load(id, `[${"1,".repeat(100_000)}1]`), { ...wrong, path: "chatData" })
      expectProblem(await load(999_999, []), { status: 404, code: "session_not_found" })
      expectProblem(await load("0", []), { ...wrong, path: "id" })
      const byBot = await night.bot("POST", `/api/sessions/${id}/chat-import`, [])
      expectProblem(byBot, { status: 403, code: "forbidden" })
      // Only told how long it is: a body nobody reads may cost the connection, and the answer with it.
      const claimed = `POST /api/sessions/${id}/chat-import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${night.host.token}\r\nContent-Length: ${5 * 1024 * 1024 + 1}\r\n\r\n`
      expectProblem(await sendRaw(night.server, claimed), { status: 413, code: "too_large" })
    })
  })
}
