/** The night, the moment and the game a vote belongs to. */
import type { ExpressionBuilder } from "kysely"
import { AppError } from "./errors.ts"
import { nextMoment, type Session, selectSessions } from "./sessions.ts"
import type { Database, Trx } from "./store/schema.ts"

export type PlayedGame = { id: number; game_id: number; title: string; pack_name: string }

export type Place = {
  session: Session
  played: PlayedGame
  at: string
  /** Whether `at` is the vote's own time. */
  stamped: boolean
}

/** What a vote says of its place; see `NewVote`. */
type Told = {
  timestamp: number | undefined
  ticker: string | undefined
  /** How many milliseconds ago what the voter saw at that time had been played. */
  delay: number
}

/** How long after the end of a session the votes still on their way to it count. */
export const GRACE_MS = 60_000
/** A time further ahead than this comes from a clock that was wrong, be it the voter's or, before it was set, ours. */
export const AHEAD_MS = 60_000

/** A moment as rows carry it. */
export const iso = (ms: number): string => new Date(ms).toISOString()

/** Whether a stored moment lies ahead of the clock, which must have been set back since. */
export const isAhead = (moment: string | null, received: number): boolean =>
  moment !== null && moment > iso(received + AHEAD_MS)

/**
 * Where a vote belongs by its own time, or by now where that time cannot be right.
 * Throws `session_not_found`, or `game_not_found` if none was played at that time.
 */
export async function placeOf(
  trx: Trx,
  { timestamp, ticker, delay }: Told,
  received: number,
): Promise<Place> {
  const told = timestamp !== undefined && timestamp <= received + AHEAD_MS ? timestamp : undefined
  const then = told === undefined ? undefined : await sessionAt(trx, told, received)
  const session = then ?? (await currentSession(trx, received))
  const at = then && told !== undefined ? iso(told) : await nextMoment(trx, session, received)
  // Under a clock that was set back `at` is no measure, as above.
  const isSeenLate = delay > 0 && !ticker && (then !== undefined || at <= iso(received))
  const seen = isSeenLate ? await gameSeen(trx, session.id, at, delay) : undefined
  const played = seen ?? (await playedGame(trx, session.id, at, ticker))
  return { session, played, at, stamped: then !== undefined }
}

/**
 * The session that was running at `time`; one that ended is open a little longer for votes on their way to it.
 * Undefined where the clock was set back during the session that runs: then its times are no measure for `time`.
 */
async function sessionAt(trx: Trx, time: number, received: number): Promise<Session | undefined> {
  const session = await selectSessions(trx)
    .select((eb) =>
      eb
        .selectFrom("session_games")
        .whereRef("session_games.session_id", "=", "sessions.id")
        .select((games) => games.fn.max("played_at").as("last"))
        .as("last_played"),
    )
    .where("created_at", "<=", iso(time))
    .where(wasOpen(time, received))
    .orderBy("id", "desc")
    .executeTakeFirst()
  if (session) return session.is_active === 1 && isAhead(session.last_played, received) ? undefined : session
  const active = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
  if (!active) {
    throw new AppError("session_not_found", `Cannot count the vote: no session was running at ${iso(time)}`)
  }
  if (isAhead(active.created_at, received)) return undefined
  throw noGame(active.id, iso(time))
}

/** Running, or ended no longer before `time` than votes are on their way; an end ahead of the clock tells nothing. */
const wasOpen = (time: number, received: number) => (eb: ExpressionBuilder<Database, "sessions">) =>
  eb.or([
    eb("is_active", "=", 1),
    eb.and([eb("closed_at", ">=", iso(time - GRACE_MS)), eb("closed_at", "<=", iso(received + AHEAD_MS))]),
  ])

/** The running session, or the one that ended just now. */
async function currentSession(trx: Trx, received: number): Promise<Session> {
  const session = await selectSessions(trx)
    .where(wasOpen(received, received))
    .orderBy("id", "desc")
    .executeTakeFirst()
  if (!session) throw new AppError("session_not_found", "Cannot count the vote: no session is active")
  return session
}

const noGame = (sessionId: number, at: string) =>
  new AppError("game_not_found", `Cannot count the vote: no game was played in session ${sessionId} at ${at}`)

/** What was played `delay` before; the first game where that was before it, undefined where none had begun. */
const gameSeen = async (
  trx: Trx,
  sessionId: number,
  at: string,
  delay: number,
): Promise<PlayedGame | undefined> =>
  (await gameAt(trx, sessionId, iso(Date.parse(at) - delay), undefined)) ??
  selectPlayed(trx, sessionId)
    .where("session_games.played_at", "<=", at)
    .orderBy("session_games.played_at")
    .orderBy("session_games.id")
    .executeTakeFirst()

const selectPlayed = (trx: Trx, sessionId: number) =>
  trx
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select(["session_games.id", "session_games.game_id", "games.title", "games.pack_name"])
    .where("session_games.session_id", "=", sessionId)

/** By time; or by ticker, and of several rounds of that game the one of that time, else the last. */
export async function gameAt(
  trx: Trx,
  sessionId: number,
  at: string,
  ticker: string | undefined,
): Promise<PlayedGame | undefined> {
  let query = selectPlayed(trx, sessionId)
    .orderBy((eb) => eb("session_games.played_at", "<=", at), "desc")
    .orderBy("session_games.played_at", "desc")
    .orderBy("session_games.id", "desc")
    .limit(1)
  query = ticker ? query.where("games.ticker", "=", ticker) : query.where("session_games.played_at", "<=", at)
  return query.executeTakeFirst()
}

/** `gameAt`, or throws `game_not_found`. */
async function playedGame(
  trx: Trx,
  sessionId: number,
  at: string,
  ticker: string | undefined,
): Promise<PlayedGame> {
  const played = await gameAt(trx, sessionId, at, ticker)
  if (played) return played
  if (!ticker) throw noGame(sessionId, at)
  throw new AppError(
    "game_not_found",
    `Cannot count the vote: no game with ticker ${ticker} was played in session ${sessionId}`,
  )
}
