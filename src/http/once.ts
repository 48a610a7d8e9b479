/** The header `Idempotency-Key`: a POST that bears one is carried out once, however often it arrives. */
import type { Digest } from "../digest.ts"
import { AppError } from "../errors.ts"
import type { Once } from "../store/once.ts"
import type { Env, HttpContext } from "./context.ts"
import { addressOf } from "./guard.ts"

const HEADER = "Idempotency-Key"
const KEY = /^[\x21-\x7e]{1,255}$/

/** Undefined without the header. Throws `invalid_input` that names it when it cannot be one. */
export async function onceIn(c: HttpContext, fingerprint: Digest): Promise<Once | undefined> {
  const key = c.req.header(HEADER)
  if (key === undefined) return undefined
  if (!KEY.test(key)) {
    const message = "Must have 1 to 255 visible ASCII characters"
    throw new AppError("invalid_input", `Cannot read the header: ${HEADER}: ${message}`, {
      errors: [{ path: HEADER, message }],
    })
  }
  const body = Buffer.from(await c.req.arrayBuffer()).toString("latin1")
  return {
    principal: principalOf(c),
    key,
    fingerprint: fingerprint(`${c.req.method} ${c.req.path}${new URL(c.req.url).search}\n${body}`),
  }
}

/** A bot that comes back with a new token of the same name is the same sender. */
function principalOf(c: HttpContext): string {
  const { identity }: Partial<Env["Variables"]> = c.var
  return identity ? `${identity.role} ${identity.name}` : `address ${addressOf(c)}`
}
