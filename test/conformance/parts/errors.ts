/** Requests no handler should ever see. */
import { describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { within } from "../../support/server.ts"
import { type Command, expectProblem, startNight } from "../night.ts"

export function errorsPart(command: Command): void {
  describe("requests that make no sense", () => {
    const night = startNight(command)
    /** Sends these bytes and gives the first line that comes back; empty if the connection just ends. */
    const raw = (text: string): Promise<string> => {
      const { hostname, port } = new URL(night.server.url)
      return within("an answer to raw bytes", (done) => {
        let received = ""
        const socket = connect(Number(port), hostname, () => socket.write(text))
        socket.on("error", () => done(received))
        socket.on("close", () => done(received))
        socket.on("data", (data) => {
          received += data
          if (!received.includes("\r\n")) return
          socket.destroy()
          done(received.slice(0, received.indexOf("\r\n")))
        })
      })
    }
    const alive = async () => expect((await night.anyone("GET", "/health")).status).toBe(200)

    test("the service says that it is well, to HEAD too", async () => {
      for (const path of ["/health", "/health/live", "/health/ready"]) {
        const { status, body } = await night.anyone("GET", path)
        expect(status).toBe(200)
        expect(body).toEqual({ status: "ok", message: expect.any(String) })
        const head = await night.anyone("HEAD", path)
        expect({ status: head.status, text: head.text }).toEqual({ status: 200, text: "" })
      }
    })

    test("a path that is not there is not found", async () => {
      for (const path of ["/api/nothing", "/api/sessions/1/nothing", "/api", "//", "/favicon.ico"]) {
        expectProblem(await night.anyone("GET", path), { status: 404, code: "not_found" })
      }
    })

    test("a slash at the end of a path changes nothing", async () => {
      expect((await night.anyone("GET", "/api/sessions/")).body).toEqual([])
      expect((await night.anyone("GET", "/health/")).status).toBe(200)
      expectProblem(await night.anyone("POST", "/api/sessions/"), { status: 401, code: "unauthenticated" })
    })

    test("a method the path does not know is told which it knows", async () => {
      const wrong: [string, string, string][] = [
        ["DELETE", "/api/sessions", "GET, HEAD, POST"],
        ["PUT", "/api/votes/live", "POST"],
        ["POST", "/api/games", "GET, HEAD"],
        ["GET", "/api/auth/login", "POST"],
        ["PATCH", "/api/sessions/1", "GET, HEAD"],
        ["POST", "/health", "GET, HEAD"],
      ]
      for (const [method, path, allow] of wrong) {
        const answer = await night.admin(method, path)
        expectProblem(answer, { status: 405, code: "method_not_allowed" })
        expect(answer.headers.get("allow")).toBe(allow)
      }
    })

    test("a body that is not JSON is refused before anything happens", async () => {
      const broken = ["{", "hello", "{'a':1}", '{"a":1}x', new Uint8Array([0x7b, 0xff, 0x7d])]
      for (const body of broken) {
        const answer = await night.host("POST", "/api/sessions", body)
        expectProblem(answer, { status: 400, code: "invalid_input" })
      }
      const deep = `${'{"a":'.repeat(17)}1${"}".repeat(17)}`
      expectProblem(await night.host("POST", "/api/sessions", deep), { status: 400, code: "invalid_input" })
      const nested = `${"[".repeat(30_000)}${"]".repeat(30_000)}`
      expectProblem(await night.host("POST", "/api/sessions", nested), { status: 400, code: "invalid_input" })
      for (const type of ["text/plain", "application/xml", "multipart/form-data", "application/jsonp"]) {
        const answer = await night.host("POST", "/api/sessions", "{}", { "content-type": type })
        expectProblem(answer, { status: 415, code: "unsupported_media_type" })
      }
      expect((await night.anyone("GET", "/api/sessions/active")).body).toBeNull()
    })

    test("a body above 64 KiB is refused, told by its length or not", async () => {
      const large = JSON.stringify({ notes: "x".repeat(70_000) })
      expectProblem(await night.host("POST", "/api/sessions", large), { status: 413, code: "too_large" })
      const stream = new ReadableStream({
        start(controller) {
          for (let i = 0; i < 100; i++) controller.enqueue(new TextEncoder().encode(" ".repeat(1_000)))
          controller.close()
        },
      })
      const streamed = await fetch(`${night.server.url}/api/sessions`, {
        method: "POST",
        headers: { authorization: `Bearer ${night.host.token}`, "content-type": "application/json" },
        body: stream,
      })
      expect(streamed.status).toBe(413)
      const huge = "x".repeat(7 * 1024 * 1024)
      const answer = await night.host("POST", "/api/sessions", huge).catch(() => undefined)
      expect(answer?.status ?? 413).toBe(413)
      await alive()
    })

    test("a Host that is not ours is turned away", async () => {
      const port = new URL(night.server.url).port
      const hosts = [
        "evil.example",
        "localhost.evil.example",
        "local",
        "",
        "a b",
        "127.0.0.1@evil.example",
        "[::1",
      ]
      for (const host of hosts) {
        const line = await raw(`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
        expect(line).toMatch(/^HTTP\/1.1 4(21|00) /)
      }
      for (const host of ["localhost", `127.0.0.1:${port}`, "[::1]:5000", "PI.local", "192.168.1.20:5000"]) {
        expect(await raw(`GET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toBe("HTTP/1.1 200 OK")
      }
      expect(await raw("GET /health HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 4(21|00) /)
      expect(await raw("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")).toMatch(
        /^HTTP\/1.1 4(21|00) /,
      )
      const upgrade =
        "GET /api/sessions/live HTTP/1.1\r\nHost: evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      expect(await raw(upgrade)).toMatch(/^HTTP\/1.1 421 /)
    })

    test("raw bytes and broken handshakes do no harm", async () => {
      const handshake = (lines: string) =>
        `GET /api/sessions/live HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n\r\n`
      const tried = [
        "hello\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET // HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET http://[ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET /%ff%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        handshake("Connection: Upgrade\r\nUpgrade: websocket"),
        handshake(
          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
        ),
        handshake("Connection: Upgrade\r\nUpgrade: h2c"),
        `GET /${"x".repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      ]
      for (const text of tried) expect(await raw(text)).toMatch(/^$|^HTTP\/1.1 (4\d\d|505) /)
      await alive()
      expect(night.server.stderr()).not.toContain("Internal error")
    })

    test("a connection reset in the middle of a handshake does no harm", async () => {
      const { hostname, port } = new URL(night.server.url)
      for (let i = 0; i < 20; i++) {
        await within<void>("a reset", (done) => {
          const socket = connect(Number(port), hostname, () => {
            socket.write(
              "GET /api/sessions/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
              () => socket.resetAndDestroy(),
            )
          })
          socket.on("close", () => done())
        })
      }
      await alive()
    })
  })
}
