/** What is still there after the service went away and came back. */
import { describe, expect, test } from "bun:test"
import { once } from "node:events"
import { connect } from "node:net"
import { join } from "node:path"
import { asAdmin, createApi } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { newFolder, startServer } from "../../support/server.ts"
import { type Command, play } from "../night.ts"

export function restartPart(command: Command): void {
  describe("a restart", () => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      test(`after ${signal} every answered change and every token is still there`, async () => {
        const dataDir = join(newFolder(), "data")
        const before = await startServer(command, { dataDir })
        const host = await asAdmin(before)
        const { body: session } = await host("POST", "/api/sessions", { notes: "keep me" })
        await play({ host }, session.id, "QPL3")
        await host("POST", "/api/votes/live", { username: "ann", vote: "up" })
        const read = async (url: string) => {
          const api = createApi({ url }, host.token)
          const paths = ["", `/${session.id}/games`, `/${session.id}/votes`].map(
            (rest) => `/api/sessions${rest}`,
          )
          return Promise.all(
            [...paths, "/api/votes", "/api/games"].map(async (path) => (await api("GET", path)).body),
          )
        }
        const kept = await read(before.url)
        const bot = await followingBot(before, host.token, session.id)
        const code = await before.stop(signal)
        const closed = await bot.closed
        if (signal === "SIGTERM") expect({ code, closed }).toMatchObject({ code: 0, closed: { code: 1012 } })

        const again = await startServer(command, { dataDir })
        expect(await read(again.url)).toEqual(kept)
        const follower = await followingBot(again, host.token, session.id)
        const { body } = await createApi(again, host.token)("POST", `/api/sessions/${session.id}/close`)
        expect(body).toMatchObject({ is_active: 0, games_played: 1 })
        expect((await follower.next()).type).toBe("session.ended")
        expect(await again.stop()).toBe(0)
      })
    }
  })

  describe("a stop", () => {
    test("does not wait for a request that never comes to its end", async () => {
      const server = await startServer(command)
      const { hostname, port } = new URL(server.url)
      const socket = connect(Number(port), hostname)
      const ended = new Promise((resolve) => socket.once("close", resolve))
      await once(socket, "connect")
      socket.on("error", () => {}).resume()
      socket.write("POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
      const begun = performance.now()
      expect(await server.stop()).toBe(0)
      expect(performance.now() - begun).toBeLessThan(5_000)
      await ended
    })
  })
}
