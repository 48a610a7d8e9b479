/** Logging in, checking tokens, named tokens and their end. */
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { SignJWT } from "jose"
import { asRole, createApi } from "../../support/api.ts"
import { followingBot, openBot } from "../../support/bot.ts"
import { ADMIN_KEY } from "../../support/server.ts"
import { type Command, expectProblem, isoTime, keys, startNight } from "../night.ts"

export function authPart(command: Command): void {
  describe("logging in", () => {
    const night = startNight(command)

    test("the right key gives a token that is good for a day", async () => {
      const { status, body } = await night.anyone("POST", "/api/auth/login", { key: ADMIN_KEY, more: 1 })
      expect(status).toBe(200)
      expect(body).toEqual({
        token: expect.any(String),
        message: "Authentication successful",
        expiresIn: "24h",
        name: "admin",
      })
      const verified = await createApi(night.server, body.token)("POST", "/api/auth/verify")
      expect(verified.status).toBe(200)
      expect(verified.body).toEqual({
        valid: true,
        user: { name: "admin", role: "admin", iat: expect.any(Number), exp: verified.body.user.iat + 86_400 },
      })
    })

    test("a login without a key says so", async () => {
      for (const body of [undefined, {}, { key: "" }, { key: 5 }, { key: null }]) {
        const answer = await night.anyone("POST", "/api/auth/login", body)
        expectProblem(answer, { status: 400, code: "invalid_input", error: "Admin key is required" })
      }
    })

    test("a key beyond any length is told apart from a missing one", async () => {
      const answer = await night.anyone("POST", "/api/auth/login", { key: "x".repeat(1_025) })
      const error = "Cannot read the body: key: Must have 1024 characters at most"
      expectProblem(answer, { status: 400, code: "invalid_input", error, path: "key" })
    })

    test("a setup code that makes no sense costs no try, a wrong one does", async () => {
      const post = (body: unknown) => night.anyone("POST", "/api/auth/setup", body)
      for (let i = 0; i < 6; i++) {
        for (const wrong of [{}, { code: "" }, { kode: "x" }, { code: "\n" }, { code: "x".repeat(65) }]) {
          expectProblem(await post(wrong), { status: 400, code: "invalid_input", path: "code" })
        }
      }
      const guess = () => post({ code: "wrong" })
      for (let i = 0; i < 5; i++) expectProblem(await guess(), { status: 401, code: "invalid_key" })
      expectProblem(await guess(), { status: 429, code: "rate_limited" })
    })

    test("a missing, broken or foreign token is refused", async () => {
      const missing = await night.anyone("POST", "/api/auth/verify")
      expectProblem(missing, { status: 401, code: "unauthenticated", error: "Access token required" })
      for (const token of ["x", "a.b.c", "é".repeat(3), `${night.host.token}x`, "A".repeat(5_000)]) {
        const header = { authorization: `Bearer ${encodeURIComponent(token)}` }
        const answer = await night.anyone("POST", "/api/auth/verify", undefined, header)
        expectProblem(answer, { status: 401, code: "invalid_token", error: "Invalid or expired token" })
      }
      const basic = await night.anyone("GET", "/api/tokens", undefined, { authorization: "Basic YTpi" })
      expectProblem(basic, { status: 401, code: "unauthenticated", error: "Access token required" })
    })

    test("a token signed in any other way than ours is refused, even with the right secret", async () => {
      const secret = Buffer.from(
        readFileSync(join(night.server.dataDir, "secret"), "utf8").trim(),
        "base64url",
      )
      const now = Math.floor(Date.now() / 1000)
      const claims = { name: "x", role: "admin", jti: "x", iat: now, exp: now + 600 }
      const ours = { ...claims, iss: "gamenight", aud: "gamenight" }
      const sign = (payload: object, alg = "HS256", key: Uint8Array = secret) =>
        new SignJWT({ ...payload }).setProtectedHeader({ alg }).sign(key)
      const verify = (token: string) => createApi(night.server, token)("POST", "/api/auth/verify")
      expect((await verify(await sign(ours))).status).toBe(200)

      const { exp: _, ...endless } = ours
      const { jti: __, ...nameless } = ours
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url")
      const forged = [
        await sign(claims),
        await sign({ ...ours, iss: "other" }),
        await sign({ ...ours, aud: "other" }),
        await sign({ ...ours, role: "owner" }),
        await sign({ ...ours, exp: now - 60 }),
        await sign({ ...ours, iat: now + 600 }),
        await sign(endless),
        await sign(nameless),
        await sign(ours, "HS512", Buffer.concat([secret, secret])),
        await sign(ours, "HS256", new Uint8Array(32)),
        `${encode({ alg: "none" })}.${encode(ours)}.`,
      ]
      for (const token of forged) expectProblem(await verify(token), { status: 401, code: "invalid_token" })
    })

    test("six wrong keys in a row lock the address out for a while", async () => {
      for (let tried = 0; tried < 5; tried++) {
        const wrong = await night.anyone("POST", "/api/auth/login", { key: `wrong ${tried}` })
        expectProblem(wrong, { status: 401, code: "invalid_key", error: "Invalid admin key" })
      }
      const locked = await night.anyone("POST", "/api/auth/login", { key: ADMIN_KEY })
      expectProblem(locked, { status: 429, code: "rate_limited" })
      const seconds = Number(locked.headers.get("retry-after"))
      expect(seconds).toBeGreaterThan(0)
      expect(seconds).toBeLessThanOrEqual(30)
    })
  })

  describe("named tokens", () => {
    const night = startNight(command)

    test("an admin makes one for a bot, and it is shown once only", async () => {
      const wanted = { name: "  irc bot ", role: "bot", expires_in_days: 30 }
      const { status, body } = await night.admin("POST", "/api/tokens", wanted)
      expect(status).toBe(201)
      expect(keys(body)).toEqual(["created_at", "expires_at", "id", "name", "role", "token"])
      expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(30 * 86_400_000)
      expect(body).toMatchObject({ name: "irc bot", role: "bot" })
      expect(body.created_at).toEqual(isoTime)
      const { body: list } = await night.admin("GET", "/api/tokens")
      const { token: _, ...row } = body
      expect(list).toContainEqual({ ...row, revoked_at: null })
    })

    test("a wish that makes no sense names its field", async () => {
      const wrong: [string, object][] = [
        ["name", { role: "bot" }],
        ["name", { role: "bot", name: " " }],
        ["name", { role: "bot", name: "x".repeat(65) }],
        ["role", { name: "x" }],
        ["role", { name: "x", role: "owner" }],
        ["expires_in_days", { name: "x", role: "bot", expires_in_days: 0 }],
        ["expires_in_days", { name: "x", role: "bot", expires_in_days: 1.5 }],
        ["expires_in_days", { name: "x", role: "bot", expires_in_days: 3_651 }],
        ["expires_in_days", { name: "x", role: "bot", expires_in_days: "soon" }],
      ]
      for (const [path, body] of wrong) {
        const answer = await night.admin("POST", "/api/tokens", body)
        expectProblem(answer, { status: 400, code: "invalid_input", path })
      }
    })

    test("a revoked one is worthless at once, and its open sockets are closed", async () => {
      const bot = await asRole(night.admin, "bot")
      const socket = await followingBot(night.server, bot.token)
      const bystander = await followingBot(night.server, night.bot.token)
      expect((await bot("POST", "/api/auth/verify")).status).toBe(200)

      expect((await night.admin("DELETE", `/api/tokens/${bot.id}`)).status).toBe(204)
      expect(await socket.closed).toMatchObject({ code: 4401 })
      expectProblem(await bot("POST", "/api/auth/verify"), { status: 401, code: "invalid_token" })
      const late = await openBot(night.server)
      late.send({ type: "auth", token: bot.token })
      expect(await late.next()).toEqual({ type: "auth_error", message: "Invalid or expired token" })
      expect(await late.closed).toMatchObject({ code: 4401 })
      expect(await bystander.drain()).toEqual([])

      expect((await night.admin("DELETE", `/api/tokens/${bot.id}`)).status).toBe(204)
      const { body: list } = await night.admin("GET", "/api/tokens")
      expect(list).toContainEqual(expect.objectContaining({ id: bot.id, revoked_at: isoTime }))
    })

    test("one that never was cannot be revoked", async () => {
      expectProblem(await night.admin("DELETE", "/api/tokens/nobody"), { status: 404, code: "not_found" })
    })
  })
}
