/**
 * The event log. An event is stored in the transaction of the change it tells of and announced after the commit;
 * `seq` rises by one per event over the life of the database.
 */
import type { Kysely, Selectable } from "kysely"
import type { GameNightEvent } from "./server-messages.ts"
import type { Store } from "./store/open.ts"
import { query } from "./store/query.ts"
import type { Database, Trx } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

export type EventType = GameNightEvent["type"]

/** `frame` is the text that goes over the wire, built once. */
export type StoredEvent = { seq: number; session_id: number; type: EventType; frame: string }

/** Which events of the log are asked for; those without a member of their own are all. */
export type EventFilter = {
  /** The last `seq` that is looked at. */
  through?: number
  /** Events of one session. */
  session?: number | undefined
  /** What a socket hears that follows these sessions: theirs, and those that go to everyone. */
  heardBy?: readonly number[] | undefined
  types?: readonly EventType[] | undefined
}

export type Events = {
  /** Stores `data` as the next event and announces it once it is on disk. `at` is the moment of the change. */
  append<T extends EventType>(
    context: WriteContext,
    sessionId: number,
    type: T,
    data: Extract<GameNightEvent, { type: T }>["data"],
    at: string,
  ): void
  /** Removes all events of these sessions. Whoever stands before the last of them cannot resume from there any more. */
  forget(context: WriteContext, sessionIds: readonly number[]): Promise<void>
  /** At most `limit` events after `seq`, oldest first. */
  since(seq: number, limit: number, filter?: EventFilter): Promise<StoredEvent[]>
  /** The `seq` of the newest event that was announced; all before it were. */
  head(): number
  /** Names the history that `seq` counts in. */
  epoch: string
  /** The highest `seq` that was removed from the log, 0 if none was. */
  prunedThrough(): number
  /** Whether every event after `seq` is still in the log. */
  isWhole(seq: number): boolean
  /**
   * Where to read on so that no event after `seq` (of `session` alone, if it is given) is missing; undefined if some
   * are gone.
   */
  placeAfter(seq: number, session?: number): Promise<number | undefined>
  /** The `seq` of the last event from before `time` (ISO 8601), 0 if there is none. */
  lastBefore(time: string): Promise<number>
  /** Calls `wake` once, with the next event that is announced. Gives a function that takes it back. */
  onNext(wake: (event: StoredEvent) => void): () => void
}

/** The key of `prunedThrough` in the table `meta`. */
const PRUNED_THROUGH = "pruned_through"

/** The `seq` of the newest event, on a connection or inside a transaction; 0 without any. */
export async function newestSeq(db: Kysely<Database>): Promise<number> {
  const last = await db.selectFrom("events").select("seq").orderBy("seq", "desc").limit(1).executeTakeFirst()
  return last?.seq ?? 0
}

/** From now on no place before `seq` counts as whole. Inside the transaction that removes the event. */
export async function raisePrunedThrough(trx: Trx, seq: number): Promise<void> {
  const value = String(Math.max(seq, await prunedThroughIn(trx)))
  await trx
    .insertInto("meta")
    .values({ key: PRUNED_THROUGH, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute()
}

/** `prunedThrough` as a transaction sees it. */
export async function prunedThroughIn(trx: Trx): Promise<number> {
  const known = await trx
    .selectFrom("meta")
    .select("value")
    .where("key", "=", PRUNED_THROUGH)
    .executeTakeFirst()
  return Number(known?.value ?? 0)
}

const storeEvent = query<Omit<Selectable<Database["events"]>, "seq">>()((db, value) =>
  db.insertInto("events").values({
    session_id: value("session_id"),
    type: value("type"),
    frame: value("frame"),
    created_at: value("created_at"),
  }),
)

/** `announce` gets each event after the commit, in the order of `seq`. */
export function createEvents(store: Store, announce: (event: StoredEvent) => void): Events {
  const { db, epoch, meta } = store
  const waiting = new Set<(event: StoredEvent) => void>()
  const prunedThrough = () => Number(meta(PRUNED_THROUGH) ?? 0)
  let head = store.lastSeq

  function tell(event: StoredEvent): void {
    head = event.seq
    try {
      announce(event)
    } finally {
      const woken = [...waiting]
      waiting.clear()
      for (const wake of woken) wake(event)
    }
  }

  return {
    append({ insert, afterCommit }, sessionId, type, data, at) {
      const frame = JSON.stringify({ type, timestamp: at, data })
      const seq = insert(storeEvent, { session_id: sessionId, type, frame, created_at: at })
      afterCommit(() => tell({ seq, session_id: sessionId, type, frame }))
    },

    async forget({ trx }, sessionIds) {
      const { last } = await trx
        .selectFrom("events")
        .select((eb) => eb.fn.max("seq").as("last"))
        .where("session_id", "in", sessionIds)
        .executeTakeFirstOrThrow()
      if (last === null) return
      await trx.deleteFrom("events").where("session_id", "in", sessionIds).execute()
      await raisePrunedThrough(trx, last)
    },

    since(seq, limit, { through, session, heardBy, types } = {}) {
      let query = db
        .selectFrom("events")
        .select(["seq", "session_id", "type", "frame"])
        .where("seq", ">", seq)
      if (through !== undefined) query = query.where("seq", "<=", through)
      if (session !== undefined) query = query.where("session_id", "=", session)
      if (types) query = query.where("type", "in", types)
      if (heardBy) {
        query = query.where((eb) =>
          eb.or([eb("type", "=", "session.started"), eb("session_id", "in", heardBy)]),
        )
      }
      return query.orderBy("seq").limit(limit).execute()
    },

    head: () => head,
    epoch,
    prunedThrough,
    isWhole: (seq) => seq <= head && seq >= prunedThrough(),

    async placeAfter(seq, session) {
      const pruned = prunedThrough()
      if (seq > head) return undefined
      if (seq >= pruned || session === undefined) return seq >= pruned ? seq : undefined
      // The first event of a session stays: where it lies behind what was removed, the session lost none.
      const first = await db
        .selectFrom("events")
        .select("seq")
        .where("session_id", "=", session)
        .orderBy("seq")
        .limit(1)
        .executeTakeFirst()
      return first && first.seq > pruned ? pruned : undefined
    },

    async lastBefore(time) {
      const last = await db
        .selectFrom("events")
        .select("seq")
        .where("created_at", "<", time)
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst()
      return last?.seq ?? 0
    },

    onNext(wake) {
      waiting.add(wake)
      return () => void waiting.delete(wake)
    },
  }
}
