/** The four events of a night: who hears them, in which order, and every byte of them. */
import { describe, expect, test } from "bun:test"
import { followingBot, openBot } from "../../support/bot.ts"
import { after, type Command, isoTime, openSession, play, startNight } from "../night.ts"

export function eventsPart(command: Command): void {
  describe("events", () => {
    const night = startNight(command)

    test("every authenticated socket hears session.started, without a subscription", async () => {
      const bots = await Promise.all([
        followingBot(night.server, night.viewer.token),
        followingBot(night.server, night.bot.token),
      ])
      const stranger = await openBot(night.server)
      const { id, created_at } = await openSession(night, "Friday Game Night")
      const started = {
        type: "session.started",
        timestamp: created_at,
        data: { session: { id, is_active: 1, created_at, notes: "Friday Game Night" } },
      }
      for (const bot of bots) expect(await bot.drain()).toEqual([started])
      stranger.send({ type: "ping" })
      expect((await stranger.next()).code).toBe("unauthenticated")
      await night.server.logged(`[Sessions] Broadcasted session.started event for session ${id}`)
      await night.server.logged(`[WebSocket] Broadcasted session.started to 2 client(s) for session ${id}`)
      for (const bot of [...bots, stranger]) bot.close()
    })

    test("the rest of a night reaches only the sockets that follow its session", async () => {
      const { id } = await openSession(night)
      const follower = await followingBot(night.server, night.viewer.token, id)
      const bystander = await followingBot(night.server, night.viewer.token)
      await night.server.logged(`[WebSocket] Client subscribed to session ${id}`)
      const row = await play(night, id, "QPL3")
      const { game_id, title, pack_name, min_players, max_players, played_at } = row
      const timestamp = after(played_at, 1)
      await night.bot("POST", "/api/votes/live", { username: "Ann", vote: "up", timestamp })
      await night.host("POST", `/api/sessions/${id}/close`)

      expect(await follower.drain()).toEqual([
        {
          type: "game.added",
          timestamp: played_at,
          data: {
            session: { id, is_active: true, games_played: 1 },
            game: {
              id: game_id,
              title,
              pack_name,
              min_players,
              max_players,
              manually_added: false,
              room_code: null,
            },
          },
        },
        {
          type: "vote.received",
          timestamp: isoTime,
          data: {
            sessionId: id,
            game: { id: game_id, title, pack_name },
            vote: { username: "Ann", type: "up", timestamp },
            totals: { upvotes: 1, downvotes: 0, popularity_score: 1 },
          },
        },
        {
          type: "session.ended",
          timestamp: isoTime,
          data: { session: { id, is_active: 0, games_played: 1 } },
        },
      ])
      expect(await bystander.drain()).toEqual([])
      await night.server.logged(`[WebSocket] Broadcasted session.ended to 1 client(s) for session ${id}`)
    })

    test("a session that is closed twice ends once", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.viewer.token, id)
      await Promise.all([1, 2, 3].map(() => night.host("POST", `/api/sessions/${id}/close`)))
      expect((await bot.drain()).map(({ type }) => type)).toEqual(["session.ended"])
    })

    test("a game added by hand with a room code says both", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.viewer.token, id)
      const game = { game_id: 1, manually_added: true, room_code: "WXYZ" }
      await night.host("POST", `/api/sessions/${id}/games`, game)
      const { data } = await bot.next("game.added")
      expect(data.game).toMatchObject({ id: 1, manually_added: true, room_code: "WXYZ" })
    })

    test("a vote that changes no tally is told to nobody", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "QPL3")
      const bot = await followingBot(night.server, night.viewer.token, id)
      const cast = (vote: string, ms: number) =>
        night.bot("POST", "/api/votes/live", { username: "Ann", vote, timestamp: after(played_at, ms) })
      await cast("up", 5_000)
      await cast("up", 8_000)
      await cast("down", 1_000)
      await cast("down", 8_500)
      await cast("sideways", 20_000)
      await cast("down", 20_000)
      const heard = await bot.drain()
      expect(heard.map(({ data }) => [data.vote.type, data.totals.upvotes])).toEqual([
        ["up", expect.any(Number)],
        ["down", heard[0].data.totals.upvotes - 1],
      ])
    })

    test("an event is heard before the answer to the one who caused it", async () => {
      const bot = await followingBot(night.server, night.viewer.token)
      for (let round = 0; round < 20; round++) {
        const { id } = await openSession(night)
        const heard = await bot.drain()
        expect(heard.at(-1)).toMatchObject({ type: "session.started", data: { session: { id } } })
      }
    })

    test("a socket that unsubscribes hears no more, and one that subscribes twice hears once", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.viewer.token, id, id)
      await play(night, id, "QPL3")
      expect((await bot.drain()).map(({ type }) => type)).toEqual(["game.added"])
      bot.send({ type: "unsubscribe", sessionId: id })
      expect(await bot.next()).toEqual({
        type: "unsubscribed",
        sessionId: id,
        message: `Unsubscribed from session ${id}`,
      })
      await play(night, id, "TKO")
      expect(await bot.drain()).toEqual([])
    })
  })

  describe("many at once", () => {
    const night = startNight(command, { env: { GAMENIGHT_RATE_LIMITS: "off" } })

    test("parallel votes reach every follower once, in the same order, with rising totals", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const bots = await Promise.all(
        Array.from({ length: 20 }, () => followingBot(night.server, night.viewer.token, id)),
      )
      const voters = Array.from({ length: 200 }, (_, i) => `voter ${i}`)
      const answers = await Promise.all(
        voters.map((username) => night.bot("POST", "/api/votes/live", { username, vote: "up" })),
      )
      expect(answers.map(({ status }) => status)).toEqual(voters.map(() => 200))
      const streams = await Promise.all(bots.map((bot) => bot.drain()))
      const [first = []] = streams
      expect(first.map(({ data }) => data.totals.upvotes)).toEqual(voters.map((_, i) => i + 1))
      expect(first.map(({ data }) => data.vote.username).sort()).toEqual([...voters].sort())
      for (const stream of streams) expect(stream).toEqual(first)
    })
  })
}
