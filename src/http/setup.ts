/** The one-time setup link: its page trades the code for a first token. Opening it changes nothing. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { addressOf, createTries } from "./guard.ts"
import { body, lazily, line } from "./input.ts"
import { onceIn } from "./once.ts"

export const redemption = lazily(() =>
  v.object({ code: v.pipe(line(64), v.minLength(1, "Must not be empty")) }),
)

export function setupRoute({ admins, tokens, config, fingerprint }: Deps): HttpHandler {
  const tries = createTries(
    config,
    "Cannot set up: too many wrong codes from this address, wait before the next one",
  )
  return async (c) => {
    const { code } = await body(c, redemption)
    const address = addressOf(c)
    tries.spend(address)
    const once = await onceIn(c, fingerprint)
    const { name, stamp } = await admins.redeem(code, once)
    tries.giveBack(address)
    const token = await tokens.issue(name, "admin", stamp)
    return c.json({ token, message: "Authentication successful", expiresIn: "24h", name })
  }
}
