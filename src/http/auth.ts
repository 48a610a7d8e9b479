/** Logging in, checking a token, and the named tokens of bots. */
import * as v from "valibot"
import { AppError } from "../errors.ts"
import { newStamp, ROLES } from "../tokens.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { addressOf, createAllowance, createTries } from "./guard.ts"
import { body, lazily, line } from "./input.ts"
import { onceIn } from "./once.ts"

/** Older clients look for this text when the key is missing. */
const KEY_REQUIRED = "Admin key is required"
const LONGEST_KEY = 1_024
const KEY_TOO_LONG = `Must have ${LONGEST_KEY} characters at most`
const LONGEST_DAYS = 3_650

export const login = lazily(() =>
  v.object({
    key: v.pipe(v.string(KEY_REQUIRED), v.minLength(1, KEY_REQUIRED), v.maxLength(LONGEST_KEY, KEY_TOO_LONG)),
  }),
)

const days = () => {
  const message = `Must be a whole number from 1 to ${LONGEST_DAYS}`
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(1, message),
    v.maxValue(LONGEST_DAYS, message),
  )
}

export const newToken = lazily(() =>
  v.object({
    name: v.pipe(line(64), v.minLength(1, "Must not be empty")),
    role: v.picklist(ROLES, `Must be one of ${ROLES.join(", ")}`),
    expires_in_days: v.optional(days(), 365),
  }),
)

/** Tokens of guests that one address is given at once, and then a second: a party behind one router, or a bus. */
const GUESTS = { burst: 60, perSecond: 1 }

export function authRoutes({ store, admins, tokens, config, fingerprint }: Deps) {
  const guests = createAllowance({
    ...GUESTS,
    enabled: config.rateLimits,
    message: "Cannot let a guest in: too many from this address, wait a little",
  })
  const tries = createTries(
    config,
    "Cannot log in: too many wrong keys from this address, wait before the next one",
  )

  return {
    login: async (c) => {
      const { key } = await body(c, login).catch(keyRequired)
      const address = addressOf(c)
      tries.spend(address)
      const name = await admins.identify(key)
      tries.giveBack(address)
      const once = await onceIn(c, fingerprint)
      const stamp = once && (await store.write(async () => newStamp(), once))
      const token = await tokens.issue(name, "admin", stamp)
      return c.json({ token, message: "Authentication successful", expiresIn: "24h", name })
    },

    /** What anyone may read, anyone may listen to. */
    guest: async (c) => {
      if (!config.publicReads)
        throw new AppError("not_found", "Cannot let a guest in: reading takes a token here")
      guests.spend(addressOf(c))
      return c.json({ token: await tokens.issue("guest", "viewer") })
    },

    verify: (c) => {
      const { name, role, iat, exp } = c.get("identity")
      return c.json({ valid: true, user: { name, role, iat, exp } })
    },

    listTokens: async (c) => c.json(await tokens.list()),

    createToken: async (c) => {
      const { name, role, expires_in_days } = await body(c, newToken)
      const once = await onceIn(c, fingerprint)
      const { revoked_at: _, ...created } = await tokens.create(name, role, expires_in_days, once)
      return c.json(created, 201)
    },

    revokeToken: async (c) => {
      await tokens.revoke(c.req.param("id") ?? "")
      return c.body(null, 204)
    },
  } satisfies Record<string, HttpHandler>
}

function keyRequired(error: unknown): never {
  const errors = error instanceof AppError ? error.details.errors : undefined
  if (errors?.some(({ path, message }) => path === "key" && message !== KEY_TOO_LONG)) {
    throw new AppError("invalid_input", KEY_REQUIRED, { errors })
  }
  throw error
}
