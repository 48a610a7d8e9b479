/** Tokens: which are ours, how long they live, and that a revoked one is worth nothing from that moment on. */
import { expect, onTestFinished, test } from "bun:test"
import { createHmac } from "node:crypto"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type JWTPayload, SignJWT } from "jose"
import { loadSecret } from "../src/secret.ts"
import { createTokens, includesRole, ROLES } from "../src/tokens.ts"
import { createClock, digest, EVENING, files, openFolder, openNight, SECRET } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const REFUSED = { code: "invalid_token", message: "Invalid or expired token" }
const DAY = 24 * 60 * 60
const NOW = Date.parse(EVENING) / 1000

const CLAIMS: JWTPayload = {
  iss: "gamenight",
  aud: "gamenight",
  jti: "7e8a0000-0000-4000-8000-000000000000",
  name: "relay",
  role: "bot",
  iat: NOW,
  exp: NOW + DAY,
}

type Forgery = { claims?: JWTPayload; without?: string; alg?: string; secret?: Uint8Array }

/** A token somebody else made, right in everything but what is named. */
function forged({ claims = {}, without, alg = "HS256", secret = SECRET }: Forgery): Promise<string> {
  const all = Object.entries({ ...CLAIMS, ...claims }).filter(([name]) => name !== without)
  return new SignJWT(Object.fromEntries(all)).setProtectedHeader({ alg }).sign(secret)
}

test("somebody who logs in is known by their token for 24 hours", async () => {
  const { tokens, clock } = await openNight()
  const token = await tokens.issue("Ann", "admin")
  const identity = await tokens.verify(token)
  expect(identity).toEqual({ id: identity.id, name: "Ann", role: "admin", iat: NOW, exp: NOW + DAY })
  expect(identity.id).toMatch(/^[0-9a-f-]{36}$/)
  clock.pass(DAY)
  expect(await tokens.verify(token)).toEqual(identity)
})

test("every token has an id of its own", async () => {
  const { tokens } = await openNight()
  const [one, two] = await Promise.all([tokens.issue("Ann", "host"), tokens.issue("Ann", "host")])
  expect((await tokens.verify(one)).id).not.toBe((await tokens.verify(two)).id)
})

test("a token is past its time 30 seconds after it expired, also when it was good a moment before", async () => {
  const { tokens, clock } = await openNight()
  const remembered = await tokens.issue("Ann", "admin")
  const unseen = await tokens.issue("Bob", "admin")
  clock.pass(DAY + 29)
  await tokens.verify(remembered)
  clock.pass(1)
  await expect(tokens.verify(remembered)).rejects.toMatchObject(REFUSED)
  await expect(tokens.verify(unseen)).rejects.toMatchObject(REFUSED)
})

test("the right claims under the right secret make a token, so that the forgeries below differ in one thing", async () => {
  const { tokens } = await openNight()
  expect(await tokens.verify(await forged({}))).toMatchObject({ name: "relay", role: "bot" })
  expect(await tokens.verify(await forged({ claims: { iat: NOW + 30 } }))).toMatchObject({ iat: NOW + 30 })
})

test.each<[string, Forgery]>([
  ["signed with HS512", { alg: "HS512", secret: new Uint8Array(64).fill(7) }],
  ["signed with HS384 and our secret", { alg: "HS384" }],
  ["signed with another secret", { secret: new Uint8Array(32).fill(7) }],
  ["signed with a secret of 8 bytes", { secret: SECRET.slice(0, 8) }],
  ["without an end", { without: "exp" }],
  ["without a beginning", { without: "iat" }],
  ["without an id", { without: "jti" }],
  ["without an issuer", { without: "iss" }],
  ["without an audience", { without: "aud" }],
  ["without a role", { without: "role" }],
  ["without a name", { without: "name" }],
  ["of another issuer", { claims: { iss: "jackbox" } }],
  ["for another audience", { claims: { aud: "jackbox" } }],
  ["from the future", { claims: { iat: NOW + 31 } }],
  ["that is not valid yet", { claims: { nbf: NOW + 31 } }],
  ["that is expired", { claims: { exp: NOW - 30 } }],
  ["of a role that does not exist", { claims: { role: "owner" } }],
  ["with a number for a name", { claims: { name: 17 } }],
])("a token %s is refused", async (_what, forgery) => {
  const { tokens } = await openNight()
  await expect(tokens.verify(await forged(forgery))).rejects.toMatchObject(REFUSED)
})

test("a token that says it needs no signature is refused, with a signature and without", async () => {
  const { tokens } = await openNight()
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  for (const alg of ["none", "None", "NONE"]) {
    const text = `${part({ alg, typ: "JWT" })}.${part(CLAIMS)}`
    const signature = createHmac("sha256", SECRET).update(text).digest("base64url")
    await expect(tokens.verify(`${text}.`)).rejects.toMatchObject(REFUSED)
    await expect(tokens.verify(`${text}.${signature}`)).rejects.toMatchObject(REFUSED)
  }
})

test("what is no token at all is refused, and so is one that was changed or is far too long", async () => {
  const { tokens } = await openNight()
  const token = await tokens.issue("Ann", "viewer")
  const [header, , signature] = token.split(".")
  const claims = Buffer.from(JSON.stringify({ ...CLAIMS, role: "admin" })).toString("base64url")
  const long = await forged({ claims: { name: "x".repeat(5_000) } })
  for (const wrong of [
    "",
    ".",
    "..",
    "Ann",
    `${token}x`,
    token.slice(0, -2),
    `${header}.${claims}.${signature}`,
    long,
  ]) {
    await expect(tokens.verify(wrong)).rejects.toMatchObject(REFUSED)
  }
})

test("the secret is made once, for its owner alone, and a shortened one stops the start", async () => {
  const dataDir = newFolder()
  const load = (folder: string) => loadSecret(files, folder)
  const secret = await load(dataDir)
  expect(secret).toHaveLength(32)
  expect(await load(dataDir)).toEqual(secret)
  expect(await load(newFolder())).not.toEqual(secret)
  const path = join(dataDir, "secret")
  expect(statSync(path).mode & 0o777).toBe(0o600)
  for (const wrong of ["", Buffer.from(secret.slice(0, 31)).toString("base64url")]) {
    writeFileSync(path, wrong)
    await expect(load(dataDir)).rejects.toThrow("holds no secret of 32 bytes")
    expect(readFileSync(path, "utf8")).toBe(wrong)
  }
})

test("a token of a bot is listed under its name, without the token itself, and lives as long as asked", async () => {
  const { tokens, clock } = await openNight()
  const { token, ...listed } = await tokens.create("IRC relay", "bot", 30)
  expect(listed).toEqual({
    id: listed.id,
    name: "IRC relay",
    role: "bot",
    created_at: "2025-11-01T20:00:00.000Z",
    expires_at: "2025-12-01T20:00:00.000Z",
    revoked_at: null,
    last_used_at: null,
  })
  clock.pass(1)
  const second = await tokens.create("overlay", "viewer", 1)
  expect((await tokens.list()).map(({ id }) => id)).toEqual([listed.id, second.id])
  expect((await tokens.list())[0]).toEqual(listed)
  expect(await tokens.verify(token)).toMatchObject({ id: listed.id, role: "bot", exp: NOW + 30 * DAY })
})

test("a revoked token is refused at once, the others are not, and the hub hears of it", async () => {
  const { tokens } = await openNight()
  const heard: string[] = []
  tokens.onRevoked((id) => heard.push(id))
  const [lost, kept] = [await tokens.create("lost", "bot", 1), await tokens.create("kept", "bot", 1)]
  await tokens.verify(lost.token)
  await tokens.revoke(lost.id)
  expect(heard).toEqual([lost.id])
  await expect(tokens.verify(lost.token)).rejects.toMatchObject(REFUSED)
  expect((await tokens.verify(kept.token)).name).toBe("kept")
})

test("revoking twice keeps the first time, and what was never made cannot be revoked", async () => {
  const { tokens, clock } = await openNight()
  const { id } = await tokens.create("relay", "bot", 1)
  await tokens.revoke(id)
  clock.pass(60)
  await tokens.revoke(id)
  expect((await tokens.list())[0]?.revoked_at).toBe("2025-11-01T20:00:00.000Z")
  await expect(tokens.revoke("nobody")).rejects.toMatchObject({
    code: "not_found",
    message: "Cannot revoke token nobody: there is no such token",
  })
})

/** A running service, and a command beside it on the same folder. */
async function serviceAndCommand() {
  const dataDir = newFolder()
  const tokensOf = (beside: boolean) => {
    const store = openFolder(dataDir, { beside })
    onTestFinished(store.close)
    return createTokens({ store, digest, secret: SECRET, now: createClock().now })
  }
  const service = tokensOf(false)
  const { id, token } = await service.create("relay", "bot", 1)
  await service.verify(token)
  return { service, command: tokensOf(true), id, token }
}

test("a token that a command revokes beside the service is refused by the service, and told to the hub", async () => {
  const { service, command, id, token } = await serviceAndCommand()
  const heard: string[] = []
  service.onRevoked((revoked) => heard.push(revoked))
  await command.revoke(id)
  await expect(service.verify(token)).rejects.toMatchObject(REFUSED)
  await service.refresh()
  expect(heard).toEqual([id])
})

test("of two requests that arrive together after that, neither slips through", async () => {
  const { service, command, id, token } = await serviceAndCommand()
  await command.revoke(id)
  const outcomes = await Promise.allSettled([service.verify(token), service.verify(token)])
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"])
})

test("a revoked token stays refused after a restart", async () => {
  const dataDir = newFolder()
  const evening = () => {
    const store = openFolder(dataDir)
    return { store, tokens: createTokens({ store, digest, secret: SECRET, now: createClock().now }) }
  }
  const first = evening()
  const [lost, kept] = [await first.tokens.create("a", "bot", 1), await first.tokens.create("b", "bot", 1)]
  await first.tokens.revoke(lost.id)
  await first.store.close()
  const second = evening()
  onTestFinished(second.store.close)
  await expect(second.tokens.verify(lost.token)).rejects.toMatchObject(REFUSED)
  expect((await second.tokens.verify(kept.token)).id).toBe(kept.id)
})

test("each role may do what the ones before it may, and no more", () => {
  expect(ROLES).toEqual(["viewer", "bot", "host", "admin"])
  for (const [at, role] of ROLES.entries()) {
    expect(ROLES.filter((needed) => includesRole(role, needed))).toEqual(ROLES.slice(0, at + 1))
  }
})
