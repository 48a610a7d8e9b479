/** The flows of the two seed documents, through WebSocket clients that no one here wrote. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { type Api, asAdmin, asRole, type Body } from "../support/api.ts"
import { spawnLines } from "../support/lines.ts"
import { missingPython } from "../support/packages.ts"
import { COMPILED, NODE } from "../support/programs.ts"
import { startServer, type TestServer } from "../support/server.ts"

const CLIENTS = [
  { name: "Node's ws", command: [NODE, join(import.meta.dir, "follow.mjs")], missing: undefined },
  {
    name: "Python's websockets",
    command: ["/usr/bin/python3", join(import.meta.dir, "follow.py")],
    missing: missingPython("websockets", "python3-websockets"),
  },
]

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

for (const { name, command, missing } of CLIENTS) {
  describe.skipIf(missing !== undefined)(missing ? `${name} (${missing})` : name, () => {
    let server: TestServer
    let host: Api
    let bot: Api

    beforeAll(async () => {
      server = await startServer(COMPILED)
      host = await asAdmin(server)
      bot = await asRole(host, "bot")
    })
    afterAll(async () => {
      expect(await server.stop()).toBe(0)
    })
    const follow = (...session: string[]) =>
      spawnLines([...command, server.socketUrl, String(bot.token), ...session])

    test("hears a session start, follows it by itself and hears the whole night", async () => {
      const client = follow()
      expect(JSON.parse(await client.next())).toEqual({
        type: "auth_success",
        message: "Authenticated successfully",
      })
      const { body: session } = await host("POST", "/api/sessions", { notes: "Friday Game Night" })
      expect(JSON.parse(await client.next())).toEqual({
        type: "session.started",
        timestamp: session.created_at,
        data: {
          session: {
            id: session.id,
            is_active: 1,
            created_at: session.created_at,
            notes: "Friday Game Night",
          },
        },
      })
      expect(JSON.parse(await client.next()).type).toBe("subscribed")

      const { body: games } = await host("GET", "/api/games")
      const game = games.find(({ ticker }: Body) => ticker === "QPL3")
      await host("POST", `/api/sessions/${session.id}/games`, { game_id: game.id, room_code: "ABCD" })
      const { id, title, pack_name, min_players, max_players } = game
      expect(JSON.parse(await client.next())).toEqual({
        type: "game.added",
        timestamp: isoTime,
        data: {
          session: { id: session.id, is_active: true, games_played: 1 },
          game: { id, title, pack_name, min_players, max_players, manually_added: false, room_code: "ABCD" },
        },
      })
      await bot("POST", "/api/votes/live", { username: "ann", vote: "up" })
      const vote = JSON.parse(await client.next())
      expect(vote.data.vote).toEqual({ username: "ann", type: "up", timestamp: isoTime })
      expect(vote.data.totals.upvotes - vote.data.totals.downvotes).toBe(vote.data.totals.popularity_score)

      await host("POST", `/api/sessions/${session.id}/close`)
      expect(JSON.parse(await client.next())).toEqual({
        type: "session.ended",
        timestamp: isoTime,
        data: { session: { id: session.id, is_active: 0, games_played: 1 } },
      })
      expect(await client.exited).toBe(0)
    })

    test("follows the session it names until that ends", async () => {
      const { body: session } = await host("POST", "/api/sessions")
      const client = follow(String(session.id))
      expect(JSON.parse(await client.next()).type).toBe("auth_success")
      expect(JSON.parse(await client.next())).toEqual({
        type: "subscribed",
        sessionId: session.id,
        message: `Subscribed to session ${session.id}`,
      })
      await host("POST", `/api/sessions/${session.id}/close`)
      expect(JSON.parse(await client.next())).toEqual({
        type: "session.ended",
        timestamp: isoTime,
        data: { session: { id: session.id, is_active: 0, games_played: 0 } },
      })
      expect(await client.exited).toBe(0)
    })
  })
}
