/** Requests no handler should ever see. */
import { describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { sendRaw } from "../../support/raw-http.ts"
import { within } from "../../support/server.ts"
import { type Command, expectProblem, isNodeBundle, startNight } from "../night.ts"

export function errorsPart(command: Command): void {
  describe("requests that make no sense", () => {
    const night = startNight(command)
    const raw = (text: string) => sendRaw(night.server, text)
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

    test("HEAD is answered like GET, with its length and without its body", async () => {
      const paths = ["/health", "/api/games", "/api/sessions/active", "/api/sessions/live", "/api/nothing"]
      for (const path of [...paths, "/api/tokens", "/setup"]) {
        const request = `${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
        const [get, head] = [await raw(`GET ${request}`), await raw(`HEAD ${request}`)]
        const length = String(Buffer.byteLength(get.text, "latin1"))
        expect({
          path,
          status: head.status,
          length: head.headers.get("content-length"),
          text: head.text,
        }).toEqual({
          path,
          status: get.status,
          length,
          text: "",
        })
        expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"))
      }
      const active = await night.anyone("GET", "/api/sessions/active")
      const etag = { "if-none-match": String(active.headers.get("etag")) }
      const unchanged = await night.anyone("HEAD", "/api/sessions/active", undefined, etag)
      expect([unchanged.status, unchanged.headers.get("content-length")]).toEqual([304, null])
      const stream = { accept: "text/event-stream" }
      const events = await night.viewer("HEAD", "/api/events", undefined, stream)
      expect([events.status, events.headers.get("content-length")]).toEqual([200, null])
    })

    test("a path that is not there is not found", async () => {
      for (const path of ["/api/nothing", "/api/sessions/1/nothing", "/api", "/favicon.ico"]) {
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
        ["POST", "/api/votes", "GET, HEAD"],
        ["GET", "/api/auth/login", "POST"],
        ["PATCH", "/api/sessions/1", "GET, HEAD, DELETE"],
        ["PUT", "/api/sessions/active", "GET, HEAD"],
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
      expect(await streamed.json()).toMatchObject({ status: 413, code: "too_large" })
      const huge = "x".repeat(7 * 1024 * 1024)
      expectProblem(await night.host("POST", "/api/sessions", huge), { status: 413, code: "too_large" })
      const claimed = "POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
      expectProblem(await raw(claimed), { status: 413, code: "too_large" })
      await alive()
    })

    test("a Host that is not ours is turned away", async () => {
      const health = (...hosts: string[]) =>
        raw(`GET /health HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join("")}\r\n`)
      const { port } = new URL(night.server.url)
      const ours = ["localhost", "LOCALHOST", `127.0.0.1:${port}`, "192.168.1.20:65535", "[::1]:5000"]
      for (const host of [...ours, "PI.local", "PI.local:5000"]) {
        expect([host, (await health(host)).status]).toEqual([host, 200])
      }
      const others = [
        "evil.example",
        "localhost.evil.example",
        "local",
        "",
        "a b",
        "[::1",
        "1.2.3.4.5",
        "999.1.1.1",
      ]
      const broken = [
        "127.0.0.1@evil.example",
        "user@localhost",
        "localhost:",
        "localhost:99999",
        "localhost/",
      ]
      for (const host of [...others, ...broken]) {
        expectProblem(await health(host), { status: 421, code: "misdirected" })
      }
      expectProblem(await health("localhost", "evil.example"), { status: 421, code: "misdirected" })
      expectProblem(await health("localhost", "localhost"), { status: 421, code: "misdirected" })
      // Without any, which HTTP/1.1 does not allow, the parser answers by itself.
      expect(await health()).toMatchObject({ status: 400, text: "" })
    })

    test("bytes that are no request end with the parser, which has nothing to say", async () => {
      const tried: [string, number][] = [
        ["hello\r\n\r\n", 400],
        ["GET / HTTP/9.9\r\n\r\n", isNodeBundle(command) ? 400 : 505],
        ["GET health HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
        ["POST /setup HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400],
        ["POST /setup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n", 400],
        [`GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
      ]
      for (const [text, status] of tried) expect(await raw(text)).toMatchObject({ status, text: "" })
      await alive()
    })

    test("a path that is no path is not found", async () => {
      for (const path of ["//", "/%ff%00", "/a\\b", "//evil.example/health"]) {
        const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        expectProblem(answer, { status: 404, code: "not_found" })
      }
      expect(night.server.stderr()).not.toContain("Internal error")
    })

    test("a client that leaves in the middle of its body is no defect", async () => {
      const { hostname, port } = new URL(night.server.url)
      const begun = `POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${night.host.token}\r\n`
      for (const rest of ["Content-Length: 20\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"]) {
        for (let i = 0; i < 20; i++) {
          await within<void>("the end of a connection", (done) => {
            const socket = connect(Number(port), hostname, () => socket.end(begun + rest))
            socket.on("data", () => {})
            socket.on("close", () => done())
          })
        }
      }
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
