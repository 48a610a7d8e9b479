/** What every answer tells a browser and a cache. */
import { describe, expect, test } from "bun:test"
import type { Answer } from "../../support/api.ts"
import { ADMIN_KEY } from "../../support/server.ts"
import { type Command, startNight } from "../night.ts"

const CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'"

const told = ({ headers }: Pick<Answer, "headers">) => ({
  sniff: headers.get("x-content-type-options"),
  referrer: headers.get("referrer-policy"),
  policy: headers.get("content-security-policy"),
  resource: headers.get("cross-origin-resource-policy"),
  cache: headers.get("cache-control"),
})

const COMMON = {
  sniff: "nosniff",
  referrer: "no-referrer",
  policy: CLOSED_POLICY,
  resource: "cross-origin",
  cache: "no-store",
}

export function headersPart(command: Command): void {
  describe("the headers of an answer", () => {
    const night = startNight(command)

    test("keep it out of caches, frames and referrers, whether it is granted or refused", async () => {
      const { anyone, admin } = night
      const foreign = { host: "evil.example" }
      const answers: [number, Answer][] = [
        [200, await anyone("POST", "/api/auth/login", { key: ADMIN_KEY })],
        [201, await admin("POST", "/api/tokens", { name: "a", role: "bot" })],
        [200, await admin("GET", "/api/tokens")],
        [200, await anyone("GET", "/health")],
        [200, await anyone("HEAD", "/health")],
        [204, await anyone("OPTIONS", "/api/votes/live")],
        [400, await admin("POST", "/api/tokens", "{")],
        [401, await anyone("POST", "/api/sessions")],
        [404, await anyone("GET", "/nothing")],
        [405, await anyone("DELETE", "/health")],
        [413, await admin("POST", "/api/tokens", "x".repeat(70_000))],
        [421, await anyone("GET", "/health", undefined, foreign)],
        [426, await anyone("GET", "/api/sessions/live")],
      ]
      for (const [status, answer] of answers) {
        if (status !== 421) expect(answer.headers.get("access-control-allow-origin")).toBe("*")
        expect({ status: answer.status, ...told(answer) }).toEqual({ status, ...COMMON })
      }
    })

    test("let a client that asks again keep what has not changed", async () => {
      const first = await night.anyone("GET", "/api/sessions/active")
      expect(told(first)).toEqual({ ...COMMON, cache: "no-cache" })
      const etag = { "if-none-match": first.headers.get("etag") ?? "" }
      const again = await night.anyone("GET", "/api/sessions/active", undefined, etag)
      expect({ status: again.status, ...told(again) }).toEqual({ status: 304, ...COMMON, cache: "no-cache" })
    })

    test("let a page have scripts and styles of the service and nothing else, and only the overlay a frame", async () => {
      const host = new URL(night.server.url).host
      const policy = (ancestors: string) =>
        [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' blob: data:",
          `connect-src 'self' ws://${host} wss://${host}`,
          "manifest-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "require-trusted-types-for 'script'",
          `frame-ancestors ${ancestors}`,
        ].join("; ")
      for (const method of ["GET", "HEAD"]) {
        for (const path of [
          "/",
          "/setup?code=<script>alert(1)</script>",
          "/history/17",
          "/vote",
          "/overlay",
        ]) {
          const page = await night.anyone(method, path)
          const ancestors = path === "/overlay" ? "*" : "'none'"
          expect({ path, ...told(page) }).toEqual({
            path,
            ...COMMON,
            cache: "no-cache",
            policy: policy(ancestors),
          })
          expect(page.text).not.toContain("alert")
        }
      }
    })
  })

  describe("the headers of an answer where the owner lists the origins", () => {
    const night = startNight(command, { env: { GAMENIGHT_ALLOWED_ORIGINS: "https://overlay.example" } })

    test("keep it from pages that load it without naming their origin", async () => {
      const answer = await night.anyone("GET", "/api/games")
      expect(told(answer)).toEqual({ ...COMMON, resource: "same-origin" })
      const refused = await night.anyone("GET", "/api/games", undefined, { origin: "https://a.example" })
      expect({ status: refused.status, ...told(refused) }).toEqual({
        status: 403,
        ...COMMON,
        resource: "same-origin",
      })
    })
  })
}
