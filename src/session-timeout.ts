/** Ends a night that everybody left: one in which no game or poll began, no vote came and no status changed for long. */
import type { Kysely } from "kysely"
import type { Sessions } from "./sessions.ts"
import type { Database } from "./store/schema.ts"

export type SessionTimeout = {
  /** Goes on where the process before this one ended: a session that is overdue by now is closed. */
  begin(): Promise<void>
  /** Something happened in this session. */
  active(sessionId: number): void
  /** Closes the session if it is overdue, or waits until it would be. */
  check(): Promise<void>
  stop(): void
}

type Deps = {
  db: Kysely<Database>
  sessions: Pick<Sessions, "active" | "close">
  /** How long nothing may happen, in milliseconds; 0 waits for ever. */
  limit: number
  log: (line: string) => void
  now?: () => number
  /** Milliseconds of a clock that nobody can set. */
  elapsed?: () => number
}

/** A session that could not be closed, on a full disk for one, is tried again after this many milliseconds. */
const RETRY_MS = 60_000
/** A timer that is told to wait longer than this fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Idle time is read from `elapsed`, so that setting the wall clock closes nothing; only `begin` has to trust `now`. */
export function createSessionTimeout(deps: Deps): SessionTimeout {
  const { db, sessions, limit, log, now = Date.now, elapsed = () => performance.now() } = deps
  let last: { id: number; at: number } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait(ms: number): void {
    timer = setTimeout(check, Math.min(ms, LONGEST_TIMER_MS))
    timer.unref()
  }

  function active(id: number): void {
    // A late vote for the session before does not count for the one that runs.
    if (limit === 0 || (last && id < last.id)) return
    last = { id, at: elapsed() }
    if (timer === undefined) wait(limit)
  }

  async function check(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (!last) return
    const { id, at } = last
    const left = at + limit - elapsed()
    if (left > 0) return wait(left)
    try {
      const running = await sessions.active()
      if (running?.id !== id) return
      log(`[Sessions] Closing session ${id}: nothing happened in it for ${Math.round(limit / 1000)} s`)
      await sessions.close(id)
    } catch (error) {
      log(`[Sessions] Cannot close session ${id}: ${error instanceof Error ? error.message : error}`)
      wait(RETRY_MS)
    }
  }

  return {
    async begin() {
      const running = limit === 0 ? null : await sessions.active()
      if (!running) return
      const moment = await lastMoment(db, running)
      const idle = Math.max(0, now() - Date.parse(moment))
      last = { id: running.id, at: elapsed() - idle }
      await check()
    },
    active,
    check,
    stop() {
      clearTimeout(timer)
      last = undefined
    },
  }
}

async function lastMoment(
  db: Kysely<Database>,
  { id, created_at }: { id: number; created_at: string },
): Promise<string> {
  const games = await db
    .selectFrom("session_games")
    .select((eb) => eb.fn.max(eb.fn.coalesce("active_at", "played_at")).as("last"))
    .where("session_id", "=", id)
    .executeTakeFirstOrThrow()
  const polls = await db
    .selectFrom("polls")
    .select((eb) => eb.fn.max("active_at").as("last"))
    .where("session_id", "=", id)
    .executeTakeFirstOrThrow()
  return [created_at, games.last ?? created_at, polls.last ?? created_at].toSorted().at(-1) ?? created_at
}
