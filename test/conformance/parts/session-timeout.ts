/** A session in which nothing happens any more ends by itself. */
import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { asAdmin, createApi } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { newFolder, startServer } from "../../support/server.ts"
import { type Command, isoTime, openSession, play, startNight } from "../night.ts"

export function sessionTimeoutPart(command: Command): void {
  describe("a session that everybody left", () => {
    const night = startNight(command, { env: { GAMENIGHT_SESSION_TIMEOUT: "1s" } })

    test("is closed by the service, with the same event as by hand, once", async () => {
      const { id } = await openSession(night)
      const bot = await followingBot(night.server, night.bot.token, id)
      await play(night, id, "QPL3")
      await bot.next("game.added")
      const ended = await bot.next("session.ended")
      expect(ended).toEqual({
        type: "session.ended",
        timestamp: isoTime,
        data: { session: { id, is_active: 0, games_played: 1 } },
      })
      const { body } = await night.anyone("GET", `/api/sessions/${id}`)
      expect(body).toMatchObject({ is_active: 0, closed_at: ended.timestamp })
      expect((await night.host("POST", `/api/sessions/${id}/close`)).body).toEqual(body)
      expect(await bot.drain()).toEqual([])
      await night.server.logged(`[Sessions] Closing session ${id}: nothing happened in it for 1 s`)
    })
  })

  describe("a session that became overdue while the service was away", () => {
    test("is over when the service listens again, and one that is not goes on", async () => {
      for (const hours of [13, 11]) {
        const dataDir = join(newFolder(), "data")
        const before = await startServer(command, { dataDir })
        const host = await asAdmin(before)
        const { body: session } = await host("POST", "/api/sessions")
        await play({ host }, session.id, "QPL3")
        await before.stop()
        setBack(dataDir, hours)

        const again = await startServer(command, { dataDir })
        const { body: running } = await createApi(again)("GET", "/api/sessions/active")
        expect([hours, running?.id]).toEqual([hours, hours > 12 ? undefined : session.id])
        expect(await again.stop()).toBe(0)
      }
    })
  })
}

/** Makes everything in the database so many hours older. */
function setBack(dataDir: string, hours: number): void {
  const database = new Database(join(dataDir, "gamenight.db"))
  const earlier = (column: string) =>
    `${column} = strftime('%Y-%m-%dT%H:%M:%fZ', ${column}, '-${hours} hours')`
  database.run(`UPDATE sessions SET ${earlier("created_at")}`)
  database.run(`UPDATE session_games SET ${earlier("played_at")}, ${earlier("active_at")}`)
  database.close()
}
