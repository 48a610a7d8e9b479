/**
 * The event log. An event is stored in the transaction of the change it tells of and announced after the commit;
 * `seq` rises by one per event over the life of the database.
 */
import type { Kysely } from "kysely"
import type { GameNightEvent } from "./server-messages.ts"
import type { Database } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

/** `frame` is the text that goes over the wire, built once. */
export type StoredEvent = { seq: number; session_id: number; type: GameNightEvent["type"]; frame: string }

export type Events = {
  /** Stores `data` as the next event and announces it once it is on disk. `at` is the moment of the change. */
  append<T extends GameNightEvent["type"]>(
    context: WriteContext,
    sessionId: number,
    type: T,
    data: Extract<GameNightEvent, { type: T }>["data"],
    at: string,
  ): Promise<void>
  /** At most `limit` events after `seq`, oldest first. */
  since(seq: number, limit: number): Promise<StoredEvent[]>
}

export function createEvents(db: Kysely<Database>, announce: (event: StoredEvent) => void): Events {
  return {
    async append({ trx, afterCommit }, sessionId, type, data, at) {
      const frame = JSON.stringify({ type, timestamp: at, data })
      const { seq } = await trx
        .insertInto("events")
        .values({ session_id: sessionId, type, frame, created_at: at })
        .returning("seq")
        .executeTakeFirstOrThrow()
      afterCommit(() => announce({ seq, session_id: sessionId, type, frame }))
    },
    since: (seq, limit) =>
      db
        .selectFrom("events")
        .select(["seq", "session_id", "type", "frame"])
        .where("seq", ">", seq)
        .orderBy("seq")
        .limit(limit)
        .execute(),
  }
}
