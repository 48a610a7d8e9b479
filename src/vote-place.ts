/** The night, the moment and the game a vote belongs to. */
import type { ExpressionBuilder } from "kysely"
import { AppError } from "./errors.ts"
import { type Night, type Nights, nightOf, type PlayedGame } from "./nights.ts"
import { type Session, selectSessions } from "./sessions.ts"
import type { Database, Trx } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

export type Place = {
  night: Night
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
export function iso(ms: number): string {
  if (ms !== written.ms) written = { ms, text: new Date(ms).toISOString() }
  return written.text
}
/** A vote asks for its moment several times, as do all that come within a millisecond. */
let written = { ms: Number.NaN, text: "" }

/** Whether a stored moment lies ahead of the clock, which must have been set back since. */
export const isAhead = (moment: string | null, received: number): boolean =>
  moment !== null && moment > iso(received + AHEAD_MS)

/**
 * Where a vote belongs by its own time, or by now where that time cannot be right.
 * Throws `session_not_found`, or `game_not_found` if none was played at that time.
 */
export async function placeOf(
  context: WriteContext,
  nights: Nights,
  { timestamp, ticker, delay }: Told,
  received: number,
): Promise<Place> {
  const told = timestamp !== undefined && timestamp <= received + AHEAD_MS ? timestamp : undefined
  const then = told === undefined ? undefined : await nightAt(context, nights, told, received)
  const night = then ?? (await currentNight(context, nights, received))
  const at = then && told !== undefined ? iso(told) : momentIn(night, received)
  // Under a clock that was set back `at` is no measure, as above.
  const isSeenLate = delay > 0 && !ticker && (then !== undefined || at <= iso(received))
  const seen = isSeenLate ? gameSeen(night, at, delay) : undefined
  return { night, played: seen ?? playedGame(night, at, ticker), at, stamped: then !== undefined }
}

/** When the last game began; undefined without any. */
const lastPlayed = ({ games }: Night): string | undefined => games.at(-1)?.played_at

/** Now, or the last moment of the night so far if the wall clock has jumped back: its times never fall. */
function momentIn(night: Night, received: number): string {
  const last = lastPlayed(night) ?? night.session.created_at
  if (last > iso(received)) return last
  return iso(received)
}

/**
 * The night that was running at `time`; one that ended is open a little longer for votes on their way to it.
 * Undefined where the clock was set back during the session that runs: then its times are no measure for `time`.
 */
async function nightAt(
  context: WriteContext,
  nights: Nights,
  time: number,
  received: number,
): Promise<Night | undefined> {
  const running = await nights.running(context)
  // No session is newer than the one that runs.
  if (running && running.session.created_at <= iso(time)) {
    return isAhead(lastPlayed(running) ?? null, received) ? undefined : running
  }
  const session = await sessionBefore(context.trx, time, received)
  if (session) return nightOf(context.trx, session)
  if (!running) {
    throw new AppError("session_not_found", `Cannot count the vote: no session was running at ${iso(time)}`)
  }
  if (isAhead(running.session.created_at, received)) return undefined
  throw noGame(running.session.id, iso(time))
}

const sessionBefore = (trx: Trx, time: number, received: number): Promise<Session | undefined> =>
  selectSessions(trx)
    .where("created_at", "<=", iso(time))
    .where(wasOpen(time, received))
    .orderBy("id", "desc")
    .executeTakeFirst()

/** Running, or ended no longer before `time` than votes are on their way; an end ahead of the clock tells nothing. */
const wasOpen = (time: number, received: number) => (eb: ExpressionBuilder<Database, "sessions">) =>
  eb.or([
    eb("is_active", "=", 1),
    eb.and([eb("closed_at", ">=", iso(time - GRACE_MS)), eb("closed_at", "<=", iso(received + AHEAD_MS))]),
  ])

/** The running night, or the one that ended just now. */
async function currentNight(context: WriteContext, nights: Nights, received: number): Promise<Night> {
  const running = await nights.running(context)
  if (running) return running
  const session = await selectSessions(context.trx)
    .where(wasOpen(received, received))
    .orderBy("id", "desc")
    .executeTakeFirst()
  if (!session) throw new AppError("session_not_found", "Cannot count the vote: no session is active")
  return nightOf(context.trx, session)
}

const noGame = (sessionId: number, at: string) =>
  new AppError("game_not_found", `Cannot count the vote: no game was played in session ${sessionId} at ${at}`)

/** What was played `delay` before; the first game where that was before it, undefined where none had begun. */
const gameSeen = (night: Night, at: string, delay: number): PlayedGame | undefined =>
  gameAt(night, iso(Date.parse(at) - delay), undefined) ??
  night.games.find(({ played_at }) => played_at <= at)

/** By time; or by ticker, and of several rounds of that game the one of that time, else the last. */
export function gameAt({ games }: Night, at: string, ticker: string | undefined): PlayedGame | undefined {
  const begun = (game: PlayedGame) => game.played_at <= at
  if (!ticker) return games.findLast(begun)
  const wanted = tickerKey(ticker)
  const rounds = games.filter((game) => game.ticker !== null && tickerKey(game.ticker) === wanted)
  return rounds.findLast(begun) ?? rounds.at(-1)
}

/** Tickers are the same whatever the case of their letters from a to z, as the database compares them. */
const tickerKey = (ticker: string): string => ticker.replace(/[a-z]+/g, (letters) => letters.toUpperCase())

/** `gameAt`, or throws `game_not_found`. */
function playedGame(night: Night, at: string, ticker: string | undefined): PlayedGame {
  const played = gameAt(night, at, ticker)
  if (played) return played
  if (!ticker) throw noGame(night.session.id, at)
  throw new AppError(
    "game_not_found",
    `Cannot count the vote: no game with ticker ${ticker} was played in session ${night.session.id}`,
  )
}
