/** How the service stops: what is in flight is answered, what comes later is refused, and nobody holds it up. */
import { describe, expect, test } from "bun:test"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import { SOCKET_PATH } from "../../../src/protocol.ts"
import { type Api, asAdmin, type Body, createApi } from "../../support/api.ts"
import { type Bot, followingBot } from "../../support/bot.ts"
import {
  newFolder,
  STOPPED_WITHIN_MS,
  startServer,
  type TestServer,
  walBytes,
  within,
} from "../../support/server.ts"
import { type Command, play } from "../night.ts"

const SOCKETS = 100
const VOTERS = 8
const VOTES_BEFORE = 100

const HANDSHAKE =
  `GET ${SOCKET_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

const UNLIMITED = { env: { GAMENIGHT_RATE_LIMITS: "off" } }

/** A connection that is left to itself unless `received` is asked. */
async function connected({ url }: TestServer): Promise<{ socket: Socket; received: () => string }> {
  const { hostname, port } = new URL(url)
  const socket = await within<Socket>("a connection", (done) => {
    const opened = connect(Number(port), hostname, () => done(opened))
  })
  let text = ""
  socket
    .on("error", () => {})
    .on("data", (data) => {
      text += data
    })
  return { socket, received: () => text }
}

/** Votes without a pause until the service is gone; gives the names that were answered with 200. */
async function voteUntilGone(api: Api, voter: number, onVote: () => void): Promise<string[]> {
  const counted: string[] = []
  for (let round = 0; ; round++) {
    const username = `${voter} in ${round}`
    const answer = await api("POST", "/api/votes/live", { username, vote: "up" }).catch(() => undefined)
    if (!answer) return counted
    if (answer.status !== 200) {
      expect(answer).toMatchObject({ status: 503, body: { code: "shutting_down" } })
      return counted
    }
    counted.push(username)
    onVote()
  }
}

export function stopPart(command: Command): void {
  describe("a stop", () => {
    test("tells a hundred sockets, waits for nobody who neither reads nor speaks, and leaves no log behind", async () => {
      const server = await startServer(command, UNLIMITED)
      const host = await asAdmin(server)
      await host("POST", "/api/sessions")
      const bots: Bot[] = []
      for (let i = 0; i < SOCKETS; i++) bots.push(await followingBot(server, host.token, 1))
      const deaf = await Promise.all(
        [
          "GET /api/games HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200),
          "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
          HANDSHAKE,
          "",
        ].map(async (text) => {
          const { socket } = await connected(server)
          socket.pause()
          socket.write(text)
          return socket
        }),
      )
      await host("GET", "/health")

      const begun = performance.now()
      const stopped = [server.stop("SIGTERM"), server.stop("SIGTERM"), server.stop("SIGINT")]
      const codes = await Promise.all(bots.map(async ({ closed }) => (await closed).code))
      expect(new Set(codes)).toEqual(new Set([1012]))
      expect(await Promise.all(stopped)).toEqual([0, 0, 0])
      expect(performance.now() - begun).toBeLessThan(STOPPED_WITHIN_MS)
      expect(walBytes(server)).toBe(0)
      for (const socket of deaf) socket.destroy()
    })

    test("under load loses no vote that was answered, and lets none hang", async () => {
      const server = await startServer(command, UNLIMITED)
      const host = await asAdmin(server)
      const { body: session } = await host("POST", "/api/sessions")
      await play({ host }, session.id, "QPL3")
      let votes = 0
      const { promise: busy, resolve } = Promise.withResolvers<void>()
      const onVote = () => {
        if (++votes === VOTES_BEFORE) resolve()
      }
      const voting = Array.from({ length: VOTERS }, (_, voter) => voteUntilGone(host, voter, onVote))
      await busy
      const begun = performance.now()
      const [code, counted] = await Promise.all([server.stop(), Promise.all(voting)])
      expect(code).toBe(0)
      expect(performance.now() - begun).toBeLessThan(STOPPED_WITHIN_MS)
      expect(walBytes(server)).toBe(0)
      expect(server.stderr()).not.toContain("Internal error")

      const again = await startServer(command, { dataDir: server.dataDir })
      const kept = new Set<string>()
      for (let page = 1, pages = 1; page <= pages; page++) {
        const { body } = await createApi(again)("GET", `/api/votes?limit=100&page=${page}`)
        pages = body.pagination.total_pages
        for (const { username } of body.votes as Body[]) kept.add(username)
      }
      expect(counted.flat().filter((username) => !kept.has(username))).toEqual([])
      expect(counted.flat().length).toBeGreaterThanOrEqual(VOTES_BEFORE)
      expect(await again.stop()).toBe(0)
    })

    test("answers a request that had begun to arrive, and no other behind it", async () => {
      const dataDir = join(newFolder(), "data")
      const server = await startServer(command, { dataDir })
      const host = await asAdmin(server)
      const bot = await followingBot(server, host.token)
      const { socket, received } = await connected(server)
      const ended = new Promise((resolve) => socket.once("close", resolve))
      const body = JSON.stringify({ notes: "on the way" })
      socket.write(
        `POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${host.token}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 4)}`,
      )
      await host("GET", "/health")
      const stopped = server.stop()
      expect((await bot.closed).code).toBe(1012)
      socket.write(body.slice(4))
      await within<void>("an answer", (done) => socket.once("data", () => done()))
      socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
      await ended
      expect(await stopped).toBe(0)
      expect(received()).toMatch(/^HTTP\/1\.1 201 /)
      expect(received()).not.toContain("HTTP/1.1 200 ")

      const again = await startServer(command, { dataDir })
      expect((await createApi(again)("GET", "/api/sessions/active")).body.notes).toBe("on the way")
      expect(await again.stop()).toBe(0)
    })
  })
}
