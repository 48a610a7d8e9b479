/** Requests that offer another protocol: who is taken over, and how the others are answered. */
import { describe, expect, test } from "bun:test"
import { sendRaw } from "../../support/raw-http.ts"
import { type Command, expectProblem, isNodeBundle, startNight } from "../night.ts"

/** A whole handshake; a header that is undefined is left out. */
function handshake(
  first = "GET /api/sessions/live",
  headers: Record<string, string | undefined> = {},
): string {
  const all = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  }
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
  return [`${first} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n")
}

/** What curl --http2 sends. */
const HTTP2 = {
  Connection: "Upgrade, HTTP2-Settings",
  Upgrade: "h2c",
  "HTTP2-Settings": "AAMAAABkAAQAoAAAAAIAAAAA",
  "Sec-WebSocket-Version": undefined,
  "Sec-WebSocket-Key": undefined,
}

export function handshakesPart(command: Command): void {
  describe("requests that offer another protocol", () => {
    const night = startNight(command, { env: { GAMENIGHT_ALLOWED_ORIGINS: "https://overlay.example" } })
    const send = (...parts: Parameters<typeof handshake>) => sendRaw(night.server, handshake(...parts))

    test("a whole handshake opens the socket", async () => {
      for (const path of ["", "/", "?from=bot"]) {
        const { status, headers } = await send(`GET /api/sessions/live${path}`)
        expect(status).toBe(101)
        expect(headers.get("sec-websocket-accept")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
      }
      expect(
        (await send(undefined, { Upgrade: "WebSocket", Connection: "keep-alive, upgrade" })).status,
      ).toBe(101)
    })

    test("one that offers compression is taken without it", async () => {
      const { status, headers } = await send(undefined, { "Sec-WebSocket-Extensions": "permessage-deflate" })
      expect([status, headers.get("sec-websocket-extensions")]).toEqual([101, null])
    })

    test("one that lacks something is told what", async () => {
      for (const key of [undefined, "", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ==="]) {
        const answer = await send(undefined, { "Sec-WebSocket-Key": key })
        expectProblem(answer, { status: 400, code: "invalid_input" })
        expect(answer.body.error).toContain("Sec-WebSocket-Key")
      }
      for (const version of [undefined, "8", "12", "x"]) {
        const answer = await send(undefined, { "Sec-WebSocket-Version": version })
        expectProblem(answer, { status: 426, code: "upgrade_required" })
        expect(answer.headers.get("sec-websocket-version")).toBe("13")
        expect(answer.headers.get("upgrade")).toBe("websocket")
      }
      const lacking = [{ Connection: undefined }, { Connection: "keep-alive" }, { Upgrade: undefined }, HTTP2]
      for (const headers of lacking) {
        expectProblem(await send(undefined, headers), { status: 426, code: "upgrade_required" })
      }
    })

    test("one by another method, from another Host or another origin is refused as any request is", async () => {
      const posted = await send("POST /api/sessions/live", { "Content-Length": "0" })
      expectProblem(posted, { status: 405, code: "method_not_allowed" })
      expect(posted.headers.get("allow")).toBe("GET, HEAD")
      expect((await send("HEAD /api/sessions/live")).status).toBe(426)
      expectProblem(await send(undefined, { Host: "evil.example" }), { status: 421, code: "misdirected" })
      const elsewhere = { Origin: "https://elsewhere.example" }
      expectProblem(await send(undefined, elsewhere), { status: 403, code: "forbidden" })
      expect((await send(undefined, { Origin: "https://overlay.example" })).status).toBe(101)
    })

    test("one that tells of a body is taken, and refused where that is too large", async () => {
      expect((await send(undefined, { "Content-Length": "0" })).status).toBe(101)
      expect((await send(undefined, { "Content-Length": "2" })).status).toBe(101)
      expect((await send(undefined, { "Content-Length": String(64 * 1024) })).status).toBe(101)
      const answer = await send(undefined, { "Content-Length": String(64 * 1024 + 1) })
      expectProblem(answer, { status: 413, code: "too_large" })
    })

    test("one on another path is answered as the plain request it is", async () => {
      const health = await send("GET /health")
      expect(health.status).toBe(200)
      expect(health.body).toEqual({ status: "ok", message: "gamenight is running" })
      expectProblem(await send("GET //"), { status: 404, code: "not_found" })
      expectProblem(await send("GET /api/tokens"), { status: 401, code: "unauthenticated" })
    })

    test("what offers HTTP/2 is answered over HTTP/1.1 (RFC 9110 section 7.8)", async () => {
      expect((await send("GET /health", HTTP2)).body.status).toBe("ok")
      const body = '{"key":"no key of ours"}'
      const headers = { ...HTTP2, "Content-Type": "application/json", "Content-Length": String(body.length) }
      const login = handshake("POST /api/auth/login", headers) + body
      expectProblem(await sendRaw(night.server, login), { status: 401, code: "invalid_key" })
    })

    test("a handshake sent behind a request that is still being answered does no harm", async () => {
      const ahead = "GET /api/games HTTP/1.1\r\nHost: localhost\r\n\r\n"
      const both = sendRaw(night.server, ahead + handshake())
      // Node hands the connection out before the answer is there, and nothing can be sent on it in order any more.
      if (isNodeBundle(command)) await expect(both).rejects.toThrow("ended without an answer")
      else expect((await both).status).toBe(200)
      expect((await night.anyone("GET", "/health")).status).toBe(200)
    })
  })
}
