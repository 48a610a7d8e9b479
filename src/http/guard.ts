/** Who may ask: the Host must be ours, the Origin allowed, the token good and its role high enough. */
import { addressGroup } from "../addresses.ts"
import type { Config } from "../config.ts"
import { AppError } from "../errors.ts"
import type { Role } from "../store/schema.ts"
import { includesRole } from "../tokens.ts"
import type { Access, Deps, HttpContext, HttpHandler } from "./context.ts"

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/
const HIGHEST_PORT = 65_535

/** A refusal of a request with these headers, if there is one. */
type Check = (headers: Headers) => AppError | undefined

/** Refuses whoever asks for another service than this one, or from a page that may not. */
export function checkSender(config: Config): Check {
  const misdirected = checkHost(config)
  const refused = checkOrigin(config)
  return (headers) => misdirected(headers) ?? refused(headers)
}

/** Refuses a Host that is not this service, which is how a hostile page reaches a server at home (DNS rebinding). */
function checkHost({ publicUrl }: Config): Check {
  const own = publicUrl ? new URL(publicUrl).hostname : undefined
  return (headers) => {
    const [, name = "", port] = HOST.exec(headers.get("host")?.toLowerCase() ?? "") ?? []
    if (isOurs(name, own) && Number(port ?? 0) <= HIGHEST_PORT) return undefined
    const message = "Cannot answer for this Host: set GAMENIGHT_PUBLIC_URL to the address in use"
    return new AppError("misdirected", message)
  }
}

const isOurs = (name: string, own: string | undefined): boolean =>
  name === "localhost" || name === own || name.endsWith(".local") || name.startsWith("[") || IPV4.test(name)

/** Lets pages of other origins call in, all of them or those the owner lists. There are no cookies to protect. */
function checkOrigin({ allowedOrigins }: Config): Check {
  if (!allowedOrigins) return () => undefined
  return (headers) => {
    const origin = headers.get("origin")
    if (origin === null || allowedOrigins.includes(origin) || isSameOrigin(headers, origin)) return undefined
    return new AppError("forbidden", `Cannot answer a page of ${origin}: its origin is not allowed`)
  }
}

/** Tells a browser that the page it shows may read the answer. */
export function allowOrigin({ allowedOrigins }: Config): (c: HttpContext, headers: Headers) => void {
  return (c, headers) => {
    headers.set("Access-Control-Allow-Origin", allowedOrigins ? (c.req.header("origin") ?? "null") : "*")
    if (allowedOrigins) headers.append("Vary", "Origin")
    headers.set("Access-Control-Expose-Headers", EXPOSED)
  }
}

const EXPOSED = "ETag, X-Total-Count, Location, Retry-After, Content-Disposition"

/** What a browser asks before a page of another origin calls in. */
export const preflight = (): Response => new Response(null, { status: 204, headers: PREFLIGHT })

const PREFLIGHT = {
  "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
  "Access-Control-Allow-Headers":
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID",
  "Access-Control-Max-Age": "86400",
}

const isSameOrigin = (headers: Headers, origin: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === headers.get("host")

/**
 * The handler of a route that can do without a token, and tells clients apart by address. It is asked for before anything
 * is waited for: one that hangs up has none any more, and what it asked for is carried out all the same.
 */
export function withAddress(access: Access, handler: HttpHandler): HttpHandler {
  if (access !== "anyone" && access !== "reader" && access !== "listener") return handler
  return (c) => {
    c.set("address", c.env.address)
    return handler(c)
  }
}

/** The handler behind a check of the token and its role, as the route asks. */
export function withAccess(access: Access, { tokens, config }: Deps, handler: HttpHandler): HttpHandler {
  if (access === "anyone" || (access === "reader" && config.publicReads)) return handler
  const needed = access === "reader" || access === "listener" ? "viewer" : access
  return async (c) => {
    const inHeader = /^Bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1]
    const inQuery = access === "listener" && !inHeader ? c.req.query("token") : undefined
    const token = inHeader ?? inQuery
    if (!token) throw new AppError("unauthenticated", "Access token required")
    const identity = await tokens.verify(token)
    c.set("identity", identity)
    requireRole(c, needed)
    // An address is kept in histories and logs of proxies: only a token that can do no more than listen may be in one.
    if (inQuery && identity.role !== "viewer") {
      throw new AppError(
        "forbidden",
        `Cannot take a token of role ${identity.role} from the address: send it in the header Authorization`,
      )
    }
    return handler(c)
  }
}

/** Throws `forbidden` if the token behind the request has a lower role. */
export function requireRole(c: HttpContext, needed: Role): void {
  const { role } = c.get("identity")
  if (includesRole(role, needed)) return
  throw new AppError("forbidden", `Cannot do this with a token of role ${role}: it takes ${needed}`)
}

/** Keys remembered at most by one allowance; beyond it the oldest starts afresh. */
const REMEMBERED = 10_000

export type Allowance = {
  /** Uses up one. Throws `rate_limited` when `key` has nothing left. */
  spend(key: string): void
  giveBack(key: string): void
}

/** A token bucket per key: `burst` at once, then `perSecond`. `enabled: false` lets everything pass. */
export function createAllowance(
  {
    burst,
    perSecond,
    enabled,
    message,
  }: { burst: number; perSecond: number; enabled: boolean; message: string },
  clock: () => number = () => performance.now(),
): Allowance {
  const buckets = new Map<string, { left: number; at: number }>()
  const bucketOf = (key: string) => {
    const at = clock()
    const known = buckets.get(key)
    const left = known ? Math.min(burst, known.left + ((at - known.at) / 1000) * perSecond) : burst
    const bucket = { left, at }
    const [oldest] = buckets.keys()
    if (!known && oldest !== undefined && buckets.size >= REMEMBERED) buckets.delete(oldest)
    buckets.set(key, bucket)
    return bucket
  }
  return {
    spend(key) {
      if (!enabled) return
      const bucket = bucketOf(key)
      if (bucket.left < 1) {
        throw new AppError("rate_limited", message, { retryAfter: Math.ceil((1 - bucket.left) / perSecond) })
      }
      bucket.left--
    },
    giveBack(key) {
      if (enabled) bucketOf(key).left++
    },
  }
}

/** Guesses at a secret: five wrong ones of an address, then one in half a minute. */
export const createTries = ({ rateLimits }: Config, message: string): Allowance =>
  createAllowance({ burst: 5, perSecond: 1 / 30, enabled: rateLimits, message })

/** The key under which requests of one address are counted. */
export const addressOf = (c: HttpContext): string => addressGroup(c.get("address"))
