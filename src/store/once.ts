/** Requests that may come again: the result of the first is stored with its change and given to all that follow. */
import { AppError } from "../errors.ts"
import { query } from "./query.ts"
import type { Database } from "./schema.ts"
import type { Unit, WriteContext } from "./writer.ts"

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
    const kept = keptResult(context, once)
    if (kept) return JSON.parse(kept.result)
    const result = await unit(context)
    const row = { principal, key, fingerprint, result: JSON.stringify(result) }
    context.run(keepResult, { ...row, created_at: new Date(now).toISOString() })
    return result
  }
}

const keepResult = query<Database["idempotency"]>()((db, value) =>
  db.insertInto("idempotency").values({
    principal: value("principal"),
    key: value("key"),
    fingerprint: value("fingerprint"),
    result: value("result"),
    created_at: value("created_at"),
  }),
)

const resultOf = query<Pick<Once, "principal" | "key">>()((db, value) =>
  db
    .selectFrom("idempotency")
    .select(["fingerprint", "result"])
    .where("principal", "=", value("principal"))
    .where("key", "=", value("key")),
)

/** What the same request was answered, for work of several units. Throws `idempotency_key_reused`. */
export function keptResult(
  { run }: Pick<WriteContext, "run">,
  { principal, key, fingerprint }: Once,
): { result: string } | undefined {
  const [kept] = run(resultOf, { principal, key })
  if (kept && kept.fingerprint !== fingerprint) throw reused(key)
  return kept
}

const reused = (key: string) =>
  new AppError(
    "idempotency_key_reused",
    `Cannot carry this out: the Idempotency-Key ${key} came before with another request`,
  )
