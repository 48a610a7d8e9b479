/** Requests that may come again: the result of the first is stored with its change and given to all that follow. */
import { AppError } from "../errors.ts"
import type { Trx } from "./schema.ts"
import type { Unit } from "./writer.ts"

/** A request that is carried out once, however often it comes. */
export type Once = {
  /** Who sends it; two senders may use the same key. */
  principal: string
  key: string
  /** Stands for all the request says: the same key with another one is refused. */
  fingerprint: string
}

/** How long a result is given again at least, in milliseconds; retention removes it, which no jump of the clock deceives. */
export const GIVEN_AGAIN_MS = 24 * 60 * 60 * 1000

/**
 * `unit`, or the result it had when the same request came before; of that nothing is announced. A unit that fails
 * leaves nothing behind and may be tried again. Throws `idempotency_key_reused` for another request with this key.
 */
export function onceOnly<T>(unit: Unit<T>, once: Once, now: number): Unit<T> {
  const { principal, key, fingerprint } = once
  return async (context) => {
    const { trx } = context
    const kept = await keptResult(trx, once)
    if (kept) return JSON.parse(kept.result)
    const result = await unit(context)
    const row = { principal, key, fingerprint, result: JSON.stringify(result) }
    await trx
      .insertInto("idempotency")
      .values({ ...row, created_at: new Date(now).toISOString() })
      .execute()
    return result
  }
}

/** What the same request was answered, for work of several units. Throws `idempotency_key_reused`. */
export async function keptResult(
  trx: Trx,
  { principal, key, fingerprint }: Once,
): Promise<{ result: string } | undefined> {
  const kept = await trx
    .selectFrom("idempotency")
    .select(["fingerprint", "result"])
    .where("principal", "=", principal)
    .where("key", "=", key)
    .executeTakeFirst()
  if (kept && kept.fingerprint !== fingerprint) throw reused(key)
  return kept
}

const reused = (key: string) =>
  new AppError(
    "idempotency_key_reused",
    `Cannot carry this out: the Idempotency-Key ${key} came before with another request`,
  )
