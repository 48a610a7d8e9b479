/** Changes of a game by hand, guests, and who is connected: what the pages stand on. */
import { describe, expect, test } from "bun:test"
import { createApi } from "../../support/api.ts"
import { followingBot, openBot } from "../../support/bot.ts"
import { startServer } from "../../support/server.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"
import { logAfter, resumingBot } from "../resuming.ts"

export function changesPart(command: Command): void {
  describe("a change of a game by hand", () => {
    const night = startNight(command)

    test("is told to those who count, in the order of the changes, and to nobody else", async () => {
      const { id } = await openSession(night)
      const plain = await followingBot(night.server, night.viewer.token, id)
      const [page, start] = await resumingBot(night, { resume: {}, follow: true })
      const first = await play(night, id, "QPL3")
      const second = await play(night, id, "TKO")
      const path = (row: number, what: string) => `/api/sessions/${id}/games/${row}${what}`
      await night.host("PATCH", path(second.id, "/room-code"), { room_code: "WXYZ" })
      await night.host("PATCH", path(second.id, "/player-count"), { player_count: 6 })
      await night.host("PATCH", path(first.id, "/status"), { status: "playing" })
      await night.host("PATCH", path(first.id, "/status"), { status: "playing" })
      await night.host("DELETE", path(second.id, ""))

      const heard = await page.drain()
      const { played_at } = second
      const game = { id: second.id, game_id: second.game_id, title: "Tee K.O.", played_at }
      const changed = { ...game, status: "playing", room_code: "WXYZ", player_count: null }
      expect(heard.slice(2).map(({ type, data }) => ({ type, ...data }))).toEqual([
        { type: "game.changed", sessionId: id, game: changed },
        { type: "game.changed", sessionId: id, game: { ...changed, player_count: 6 } },
        {
          type: "game.changed",
          sessionId: id,
          game: {
            id: first.id,
            game_id: first.game_id,
            title: "Quiplash 3",
            played_at: first.played_at,
            status: "playing",
            room_code: null,
            player_count: null,
          },
        },
        { type: "game.removed", sessionId: id, game },
      ])
      expect(await logAfter(night, start.seq)).toEqual(heard)
      expect((await plain.drain()).map(({ type }) => type)).toEqual(["game.added", "game.added"])

      plain.send({ type: "subscribe", sessionId: id, since: start.seq })
      await plain.next("subscribed")
      expect((await plain.drain()).map(({ type }) => type)).toEqual(["game.added", "game.added"])
      plain.close()
      page.close()
    })

    test("is in the snapshot, with the votes of all nights", async () => {
      const first = await openSession(night)
      await play(night, first.id, "TKO2")
      await night.bot("POST", "/api/votes/live", { username: "ann", vote: "up" })
      const second = await openSession(night)
      await play(night, second.id, "TKO2")
      await night.bot("POST", "/api/votes/live", { username: "bob", vote: "down" })
      const [page, { active_session }] = await resumingBot(night, { resume: {} })
      expect(active_session.games).toEqual([
        expect.objectContaining({ upvotes: 0, downvotes: 1, all_time: { upvotes: 1, downvotes: 1 } }),
      ])
      page.close()
    })

    test("hosts see who is connected, by name and role", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.bot.token, id)
      const stranger = await openBot(night.server)
      const { body } = await night.host("GET", "/api/sockets")
      expect(body).toEqual([
        {
          name: expect.any(String),
          role: "bot",
          since: isoTime,
          silent_seconds: 0,
          lag_bytes: 0,
          sessions: [id],
        },
      ])
      expectProblem(await night.bot("GET", "/api/sockets"), { status: 403, code: "forbidden" })
      bot.close()
      stranger.close()
    })

    test("a guest is let in as a viewer where reading is free", async () => {
      const { status, body } = await night.anyone("POST", "/api/auth/guest")
      expect(status).toBe(200)
      const guest = createApi(night.server, body.token)
      const { user } = (await guest("POST", "/api/auth/verify")).body
      expect(user).toMatchObject({ name: "guest", role: "viewer" })
      expectProblem(await guest("POST", "/api/votes/live", { username: "ann", vote: "up" }), {
        status: 403,
        code: "forbidden",
      })
    })

    test("nobody is a guest where reading takes a token, and one address brings so many at once", async () => {
      const closed = await startServer(command, { flags: ["--public-reads", "false"] })
      expectProblem(await createApi(closed)("POST", "/api/auth/guest"), { status: 404, code: "not_found" })
      expect(await closed.stop()).toBe(0)
      const all = await Promise.all(Array.from({ length: 70 }, () => night.anyone("POST", "/api/auth/guest")))
      const refused = all.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(0)
      for (const one of refused) expectProblem(one, { status: 429, code: "rate_limited" })
    })
  })
}
