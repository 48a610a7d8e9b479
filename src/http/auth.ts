/** Logging in, checking a token, and the named tokens of bots. */
import * as v from "valibot"
import { AppError } from "../errors.ts"
import { newStamp, ROLES } from "../tokens.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { addressOf, createAllowance } from "./guard.ts"
import { body, lazily, line } from "./input.ts"
import { onceIn } from "./once.ts"

const LOGIN_TRIES = 5
const LOGIN_TRIES_PER_SECOND = 1 / 30

const login = lazily(() =>
  v.object({
    key: v.pipe(
      v.string("Admin key is required"),
      v.minLength(1, "Admin key is required"),
      v.maxLength(1_024),
    ),
  }),
)

const newToken = lazily(() =>
  v.object({
    name: v.pipe(line(64), v.minLength(1, "Must not be empty")),
    role: v.picklist(ROLES, `Must be one of ${ROLES.join(", ")}`),
    expires_in_days: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_650)), 365),
  }),
)

export function authRoutes({ store, admins, tokens, config, fingerprint }: Deps) {
  const tries = createAllowance({
    burst: LOGIN_TRIES,
    perSecond: LOGIN_TRIES_PER_SECOND,
    enabled: config.rateLimits,
    message: "Cannot log in: too many wrong keys from this address, wait before the next one",
  })

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

/** Older clients look for this text when the key is missing. */
function keyRequired(error: unknown): never {
  if (error instanceof AppError && error.details.errors?.some(({ path }) => path === "key")) {
    throw new AppError("invalid_input", "Admin key is required", error.details)
  }
  throw error
}
