/** Keeps the event log short: a month after a session its results are enough, and so is a day for stored answers. */
import type { Kysely } from "kysely"
import { raisePrunedThrough } from "./events.ts"
import type { GameNightEvent } from "./server-messages.ts"
import { GIVEN_AGAIN_MS } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Trx } from "./store/schema.ts"
import type { Unit } from "./store/writer.ts"

export type Retention = {
  /** Runs ten minutes from now and then every few hours, for as long as the process lives for other reasons. */
  begin(): void
  /** Removes what is old enough by now, unless the clock cannot be trusted. */
  run(): Promise<void>
  /** Resolves once nothing more is removed. */
  stop(): Promise<void>
}

type Deps = {
  store: Pick<Store, "db" | "write">
  /** Days that the events of a session stay after its end; 0 keeps them for ever. */
  logDays: number
  log: (line: string) => void
  now?: () => number
  /** Milliseconds of a clock that nobody can set. */
  elapsed?: () => number
}

/** What a session leaves behind are its beginning and its end; games, votes and polls stand in their own tables. */
const KEPT: readonly GameNightEvent["type"][] = ["session.started", "session.ended"]
/** Rows that one unit of work removes at most, so that no vote waits long behind it. */
const ROWS_PER_UNIT = 200
const DAY_MS = 24 * 60 * 60 * 1000
/** By then a machine without a clock of its own has asked the network for the time. */
const SETTLED_MS = 10 * 60 * 1000
const EVERY_MS = 6 * 60 * 60 * 1000
/** How far the two clocks may drift apart before somebody must have set one. */
const DRIFT_MS = 60_000

/** Nothing is removed once the wall clock was seen to jump: what looks old may have happened yesterday. */
export function createRetention(deps: Deps): Retention {
  const { store, logDays, log, now = Date.now, elapsed = () => performance.now() } = deps
  const { db, write } = store
  const start = { wall: now(), clock: elapsed() }
  let jumped = false
  let stopped = false
  let running: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function mayRemove(): boolean {
    const up = elapsed() - start.clock
    if (!jumped && Math.abs(now() - start.wall - up) > DRIFT_MS) {
      jumped = true
      log("[Retention] The clock was set, so nothing is removed from the log before the next start")
    }
    return !stopped && !jumped && up >= SETTLED_MS
  }

  const before = (age: number): string => new Date(now() - age).toISOString()

  /** One unit after the other, since each may be the last one that is allowed. */
  async function all(unit: Unit<number>): Promise<void> {
    while (mayRemove() && (await write(unit)) === ROWS_PER_UNIT);
  }

  async function remove(): Promise<void> {
    if (!mayRemove()) return
    const ids = logDays === 0 ? [] : await longOver(db, before(logDays * DAY_MS))
    for (const id of ids) await all(({ trx }) => removeEvents(trx, id))
    await all(({ trx }) => removeAnswers(trx, before(GIVEN_AGAIN_MS)))
  }

  async function run(): Promise<void> {
    running ??= remove()
      .catch((error) => log(`[Retention] Internal error: ${error instanceof Error ? error.stack : error}`))
      .finally(() => {
        running = undefined
      })
    await running
  }

  function wait(ms: number): void {
    timer = setTimeout(() => void run().then(() => stopped || wait(EVERY_MS)), ms)
    timer.unref()
  }

  return {
    begin: () => wait(SETTLED_MS),
    run,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** Sessions that ended before `time` and have events left to remove. */
async function longOver(db: Kysely<Database>, time: string): Promise<number[]> {
  const rows = await db
    .selectFrom("sessions")
    .select("id")
    .where("is_active", "=", 0)
    .where("closed_at", "<=", time)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("events")
          .select("seq")
          .whereRef("events.session_id", "=", "sessions.id")
          .where("type", "not in", KEPT),
      ),
    )
    // A late vote keeps them: its event lies among those of the sessions that came after.
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("events")
            .select("seq")
            .whereRef("events.session_id", "=", "sessions.id")
            .where("created_at", ">", time),
        ),
      ),
    )
    .execute()
  return rows.map(({ id }) => id)
}

async function removeEvents(trx: Trx, sessionId: number): Promise<number> {
  const old = await trx
    .selectFrom("events")
    .select("seq")
    .where("session_id", "=", sessionId)
    .where("type", "not in", KEPT)
    .orderBy("seq")
    .limit(ROWS_PER_UNIT)
    .execute()
  const last = old.at(-1)?.seq
  if (last === undefined) return 0
  await trx
    .deleteFrom("events")
    .where("session_id", "=", sessionId)
    .where("type", "not in", KEPT)
    .where("seq", "<=", last)
    .execute()
  await raisePrunedThrough(trx, last)
  return old.length
}

async function removeAnswers(trx: Trx, time: string): Promise<number> {
  const result = await trx
    .deleteFrom("idempotency")
    .where((eb) =>
      eb(
        eb.refTuple("principal", "key"),
        "in",
        eb
          .selectFrom("idempotency")
          .select(["principal", "key"])
          .where("created_at", "<=", time)
          .orderBy("created_at")
          .limit(ROWS_PER_UNIT)
          .$asTuple("principal", "key"),
      ),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
