/** Who may call which route, and from where. */
import { describe, expect, test } from "bun:test"
import { createApi } from "../../support/api.ts"
import { openBot } from "../../support/bot.ts"
import { type Command, expectProblem, startNight } from "../night.ts"

const ROLES = ["viewer", "bot", "host", "admin"] as const

/** Every route that needs a token, called so that it finds nothing to change. */
const GUARDED = [
  ["POST", "/api/auth/verify", "viewer"],
  ["GET", "/api/tokens", "admin"],
  ["POST", "/api/tokens", "admin"],
  ["DELETE", "/api/tokens/nobody", "admin"],
  ["POST", "/api/sessions/999/close", "host"],
  ["POST", "/api/sessions/999/games", "host"],
  ["PATCH", "/api/sessions/999/games/1/status", "host"],
  ["POST", "/api/votes/live", "bot"],
] as const

const READS = [
  "/api/sessions",
  "/api/sessions/active",
  "/api/sessions/1",
  "/api/sessions/1/games",
  "/api/sessions/1/votes",
  "/api/votes",
  "/api/games",
  "/api/games/1",
  "/api/games/packs",
  "/api/games/meta/packs",
] as const

export function accessPart(command: Command): void {
  describe("roles", () => {
    const night = startNight(command)

    for (const [method, path, role] of GUARDED) {
      test(`${method} ${path} takes the role ${role} or a higher one`, async () => {
        const bare = await night.anyone(method, path)
        expectProblem(bare, { status: 401, code: "unauthenticated", error: "Access token required" })
        for (const caller of ROLES) {
          const { status, body } = await night[caller](method, path)
          if (ROLES.indexOf(caller) >= ROLES.indexOf(role)) expect([401, 403]).not.toContain(status)
          else expect({ caller, status, code: body.code }).toEqual({ caller, status: 403, code: "forbidden" })
        }
      })
    }

    test("opening a session takes the role host", async () => {
      for (const caller of ["viewer", "bot"] as const) {
        const refused = await night[caller]("POST", "/api/sessions", { notes: "mine" })
        expectProblem(refused, { status: 403, code: "forbidden" })
      }
      expect((await night.anyone("GET", "/api/sessions")).body).toEqual([])
      expect((await night.host("POST", "/api/sessions")).status).toBe(201)
    })

    test("everybody may read, and any token may listen", async () => {
      for (const path of READS) expect((await night.anyone("GET", path)).status).toBe(200)
      for (const caller of ROLES) {
        const socket = await openBot(night.server)
        socket.send({ type: "auth", token: night[caller].token })
        expect((await socket.next()).type).toBe("auth_success")
        socket.close()
      }
    })
  })

  describe("a service whose owner closed the reads and the origins", () => {
    const env = { GAMENIGHT_PUBLIC_READS: "false", GAMENIGHT_ALLOWED_ORIGINS: "https://overlay.example" }
    const night = startNight(command, { env })

    test("reading takes a token of any role", async () => {
      await night.host("POST", "/api/sessions")
      for (const path of READS) {
        const bare = await night.anyone("GET", path)
        expectProblem(bare, { status: 401, code: "unauthenticated", error: "Access token required" })
        expect((await night.viewer("GET", path)).status).toBe(200)
      }
      expect((await night.anyone("GET", "/health")).status).toBe(200)
    })

    test("only a listed origin and the service's own pages may call", async () => {
      const from = (origin: string) => night.viewer("GET", "/api/games/packs", undefined, { origin })
      expectProblem(await from("https://elsewhere.example"), { status: 403, code: "forbidden" })
      expectProblem(await from("null"), { status: 403, code: "forbidden" })
      const listed = await from("https://overlay.example")
      expect(listed.status).toBe(200)
      expect(listed.headers.get("access-control-allow-origin")).toBe("https://overlay.example")
      expect(listed.headers.get("vary")).toContain("Origin")
      expect((await from(night.server.url)).status).toBe(200)
    })

    test("the socket opens for a listed origin only", async () => {
      const code = async (origin: string) => {
        const response = await fetch(night.server.socketUrl.replace("ws", "http"), {
          headers: {
            origin,
            connection: "Upgrade",
            upgrade: "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
          },
        })
        return response.status
      }
      expect(await code("https://elsewhere.example")).toBe(403)
      expect(await code("https://overlay.example")).toBe(101)
    })
  })

  describe("a service open to all origins", () => {
    const night = startNight(command)

    test("pages of any origin may call, overlays opened from a file too", async () => {
      for (const origin of ["https://overlay.example", "null"]) {
        const { status, headers } = await night.anyone("GET", "/api/games", undefined, { origin })
        expect({ status, allowed: headers.get("access-control-allow-origin") }).toEqual({
          status: 200,
          allowed: "*",
        })
      }
      const preflight = await createApi(night.server)("OPTIONS", "/api/votes/live", undefined, {
        origin: "https://overlay.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get("access-control-allow-methods")).toContain("POST")
      expect(preflight.headers.get("access-control-allow-headers")?.toLowerCase()).toContain("authorization")
      const refused = await night.anyone("GET", "/api/tokens", undefined, { origin: "https://a.example" })
      expect(refused.status).toBe(401)
      expect(refused.headers.get("access-control-allow-origin")).toBe("*")
    })
  })
}
