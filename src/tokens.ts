/**
 * JSON Web Tokens (RFC 7519), HS256 only: short ones for people who log in, named long-lived ones for bots and
 * overlays, which the owner can revoke.
 */
import type { Digest } from "./digest.ts"
import { AppError } from "./errors.ts"
import { LIMITS } from "./protocol.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Role } from "./store/schema.ts"
import type { TokenUses } from "./token-uses.ts"

/** The claims of a verified token: `id` is its `jti`, `iat` and `exp` are seconds since 1970. */
export type Identity = { id: string; name: string; role: Role; iat: number; exp: number }

export type NamedToken = Database["tokens"]

/** What tells one token of a person from the next: its `jti` and `iat`. */
export type Stamp = { id: string; issued: number }

export const newStamp = (now = Date.now()): Stamp => ({
  id: crypto.randomUUID(),
  issued: Math.floor(now / 1000),
})

export type Tokens = {
  /** A token for somebody who logged in; it lives 24 hours and is kept nowhere. The same stamp gives the same token. */
  issue(name: string, role: Role, stamp?: Stamp): Promise<string>
  /** Throws `invalid_token` for a token that is not ours, expired or revoked. */
  verify(token: string): Promise<Identity>
  /** A long-lived token, listed under its name until it is revoked or `days` have passed. */
  create(name: string, role: Role, days: number, once?: Once): Promise<NamedToken & { token: string }>
  list(): Promise<NamedToken[]>
  /** Effective at once, open sockets included. Throws `not_found`. */
  revoke(id: string): Promise<void>
  /** Takes over revocations that another process wrote into the database, if one wrote at all. */
  refresh(): Promise<void>
  onRevoked(listener: (id: string) => void): void
}

export const ROLES: readonly Role[] = ["viewer", "bot", "host", "admin"]

/** Each role includes the ones before it. */
export const includesRole = (role: Role, needed: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(needed)

const LOGIN_SECONDS = 24 * 60 * 60
const DAY_SECONDS = 24 * 60 * 60
const ISSUER = "gamenight"
/** Verified tokens remembered by digest, so that a bot's every request does not cost a signature check. */
const REMEMBERED = 2_000
const LONGEST_TOKEN = 4_096
/** How long what the database said of revocations is taken for true: a command that writes one takes longer to end. */
const FRESH_MS = 1

/** Loaded with the first token, since a start needs none; the whole of jose is more than three times as much. */
const signing = () => import("jose/jwt/sign")
const verifying = () => import("jose/jwt/verify")

type Options = {
  store: Store
  digest: Digest
  secret: Uint8Array
  /** Hears of each use; a command that only lists and changes tokens has none. */
  uses?: Pick<TokenUses, "note" | "withLast">
  now?: () => number
}

export function createTokens({ store, digest, secret, uses, now = Date.now }: Options): Tokens {
  const verified = new Map<string, Identity>()
  const listeners: ((id: string) => void)[] = []
  const revoked = new Set<string>()
  /** The state of the database that `revoked` was last read from. */
  let readAt: number | undefined
  let reading: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function sign({ id, issued }: Stamp, name: string, role: Role, expires: number): Promise<string> {
    const { SignJWT } = await signing()
    return new SignJWT({ name, role })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setJti(id)
      .setIssuedAt(issued)
      .setExpirationTime(expires)
      .sign(secret)
  }

  async function check(token: string): Promise<Identity> {
    const { jwtVerify } = await verifying()
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms: ["HS256"],
        issuer: ISSUER,
        audience: ISSUER,
        requiredClaims: ["exp", "iat", "jti", "role", "name"],
        clockTolerance: LIMITS.clockToleranceSeconds,
        currentDate: new Date(now()),
      })
      const { jti, name, role, iat, exp } = payload
      const known = ROLES.find((one) => one === role)
      if (!known || typeof name !== "string" || !jti || !iat || !exp) throw invalid()
      if (iat > now() / 1000 + LIMITS.clockToleranceSeconds) throw invalid()
      return { id: jti, name, role: known, iat, exp }
    } catch {
      throw invalid()
    }
  }

  async function refresh(): Promise<void> {
    const at = performance.now()
    if (at - askedAt < FRESH_MS) return
    while (readAt !== store.foreignWrites()) {
      reading ??= readRevoked().finally(() => {
        reading = undefined
      })
      await reading
    }
    askedAt = at
  }

  async function readRevoked(): Promise<void> {
    const writes = store.foreignWrites()
    const rows = await store.db
      .selectFrom("tokens")
      .select("id")
      .where("revoked_at", "is not", null)
      .execute()
    for (const { id } of rows) forget(id)
    readAt = writes
  }

  function forget(id: string): void {
    if (revoked.has(id)) return
    revoked.add(id)
    for (const listener of listeners) listener(id)
  }

  function remember(digest: string, identity: Identity): void {
    const [oldest] = verified.keys()
    if (oldest !== undefined && verified.size >= REMEMBERED) verified.delete(oldest)
    verified.set(digest, identity)
  }

  return {
    issue: (name, role, stamp = newStamp(now())) => sign(stamp, name, role, stamp.issued + LOGIN_SECONDS),

    async verify(token) {
      if (token.length > LONGEST_TOKEN) throw invalid()
      const known = digest(token)
      await refresh()
      const identity = verified.get(known) ?? (await check(token))
      if (identity.exp + LIMITS.clockToleranceSeconds <= now() / 1000 || revoked.has(identity.id)) {
        verified.delete(known)
        throw invalid()
      }
      if (!verified.has(known)) remember(known, identity)
      uses?.note(identity.id)
      return identity
    },

    async create(name, role, days, once) {
      const row = await store.write(async ({ trx }) => {
        const created = now()
        const made: NamedToken = {
          id: crypto.randomUUID(),
          name,
          role,
          created_at: new Date(created).toISOString(),
          expires_at: new Date(created + days * DAY_SECONDS * 1000).toISOString(),
          revoked_at: null,
          last_used_at: null,
        }
        await trx.insertInto("tokens").values(made).execute()
        return made
      }, once)
      // Signed from what is stored, so that the same row gives the same token.
      const seconds = (moment: string) => Math.floor(Date.parse(moment) / 1000)
      const stamp = { id: row.id, issued: seconds(row.created_at) }
      return { ...row, token: await sign(stamp, row.name, row.role, seconds(row.expires_at)) }
    },

    async list() {
      const rows = await store.db
        .selectFrom("tokens")
        .selectAll()
        .orderBy("created_at")
        .orderBy("id")
        .execute()
      return uses?.withLast(rows) ?? rows
    },

    async revoke(id) {
      await store.write(async ({ trx }) => {
        const known = await trx
          .selectFrom("tokens")
          .select("revoked_at")
          .where("id", "=", id)
          .executeTakeFirst()
        if (!known) throw new AppError("not_found", `Cannot revoke token ${id}: there is no such token`)
        if (known.revoked_at !== null) return
        const revokedAt = new Date(now()).toISOString()
        await trx.updateTable("tokens").set({ revoked_at: revokedAt }).where("id", "=", id).execute()
      })
      forget(id)
    },

    async refresh() {
      // Until somebody came in there is nobody to send away.
      if (verified.size > 0) await refresh()
    },

    onRevoked(listener) {
      listeners.push(listener)
    },
  }
}

const invalid = () => new AppError("invalid_token", "Invalid or expired token")
