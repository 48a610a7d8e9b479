/** Votes: which game a vote belongs to, whether it counts, and what the tally is afterwards. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { nextMoment, type Session, selectSessions } from "./sessions.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Trx, VoteType } from "./store/schema.ts"

export type NewVote = {
  username: string
  vote: VoteType
  /** When the viewer voted, in milliseconds since 1970; now if left out. */
  timestamp: number | undefined
  /** Names a game of the session directly instead of by time. */
  ticker: string | undefined
  /** Where the vote came from, such as "irc". */
  source: string | undefined
}

/** The game's numbers are those of all its nights. */
export type CastVote = {
  session: { id: number; games_played: number }
  game: { id: number; title: string; upvotes: number; downvotes: number; popularity_score: number }
  vote: { username: string; type: VoteType; timestamp: string }
}

export type Votes = {
  /** Throws `session_not_found`, `game_not_found` if none was played at that time, `duplicate_vote`. */
  cast(vote: NewVote, once?: Once): Promise<CastVote>
}

type Deps = {
  store: Store
  events: Events
  policy: "latest" | "every"
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  now?: () => number
}

/** How long after the end of a session the votes still on their way to it count. */
const GRACE_MS = 60_000
/** A clock further ahead than this is wrong, and the vote is taken as cast now. */
const AHEAD_MS = 60_000
/** The same voter twice within this time is one vote sent twice. */
const SAME_VOTE_MS = 1_000

const iso = (ms: number): string => new Date(ms).toISOString()

export function createVotes(deps: Deps): Votes {
  const { store, events, policy, onActivity = () => {}, now = Date.now } = deps
  const { write } = store
  return {
    cast: ({ username, vote: type, timestamp, ticker, source }, once) =>
      write(async (context) => {
        const { trx } = context
        const received = now()
        const stamped = timestamp !== undefined && timestamp <= received + AHEAD_MS
        const session = stamped ? await sessionAt(trx, timestamp) : await currentSession(trx, received)
        const at = stamped ? iso(timestamp) : await nextMoment(trx, session, received)
        const played = await playedGame(trx, session.id, at, ticker)
        const voter = voterKey(username)
        await refuseTwice(trx, session.id, voter, at)

        const change = await record(trx, policy, {
          session_id: session.id,
          session_game_id: played.id,
          game_id: played.game_id,
          username,
          voter,
          vote_type: type,
          source: source ?? null,
          timestamp: at,
          created_at: iso(received),
        })
        const totals = await applyChange(trx, played, change, iso(received))
        const vote = { username, type, timestamp: at }
        const { game_id: id, title, pack_name } = played
        if (change.up !== 0 || change.down !== 0) {
          const data = { sessionId: session.id, game: { id, title, pack_name }, vote, totals }
          await events.append(context, session.id, "vote.received", data, iso(received))
        }
        context.afterCommit(() => onActivity(session.id))
        return {
          session: { id: session.id, games_played: session.games_played },
          game: { id, title, ...totals },
          vote,
        }
      }, once),
  }
}

/** Voter names are the same whatever their case. */
export const voterKey = (username: string): string => username.normalize("NFC").toLowerCase()

/** The session that was running at `time`; one that ended is open a little longer for votes on their way to it. */
async function sessionAt(trx: Trx, time: number): Promise<Session> {
  const session = await selectSessions(trx)
    .where("created_at", "<=", iso(time))
    .where((eb) => eb.or([eb("is_active", "=", 1), eb("closed_at", ">=", iso(time - GRACE_MS))]))
    .orderBy("id", "desc")
    .executeTakeFirst()
  if (session) return session
  const active = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
  if (active) throw noGame(active.id, iso(time))
  throw new AppError("session_not_found", `Cannot count the vote: no session was running at ${iso(time)}`)
}

/** The running session, or the one that ended just now. */
async function currentSession(trx: Trx, received: number): Promise<Session> {
  const session = await selectSessions(trx)
    .where((eb) => eb.or([eb("is_active", "=", 1), eb("closed_at", ">=", iso(received - GRACE_MS))]))
    .orderBy("id", "desc")
    .executeTakeFirst()
  if (!session) throw new AppError("session_not_found", "Cannot count the vote: no session is active")
  return session
}

const noGame = (sessionId: number, at: string) =>
  new AppError("game_not_found", `Cannot count the vote: no game was played in session ${sessionId} at ${at}`)

type PlayedGame = { id: number; game_id: number; title: string; pack_name: string }

/** By time; or by ticker, and of several rounds of that game the one of that time, else the last. */
async function playedGame(
  trx: Trx,
  sessionId: number,
  at: string,
  ticker: string | undefined,
): Promise<PlayedGame> {
  let query = trx
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select(["session_games.id", "session_games.game_id", "games.title", "games.pack_name"])
    .where("session_games.session_id", "=", sessionId)
    .orderBy((eb) => eb("session_games.played_at", "<=", at), "desc")
    .orderBy("session_games.played_at", "desc")
    .orderBy("session_games.id", "desc")
    .limit(1)
  query = ticker ? query.where("games.ticker", "=", ticker) : query.where("session_games.played_at", "<=", at)
  const played = await query.executeTakeFirst()
  if (played) return played
  if (!ticker) throw noGame(sessionId, at)
  throw new AppError(
    "game_not_found",
    `Cannot count the vote: no game with ticker ${ticker} was played in session ${sessionId}`,
  )
}

async function refuseTwice(trx: Trx, sessionId: number, voter: string, at: string): Promise<void> {
  const time = Date.parse(at)
  const twin = await trx
    .selectFrom("votes")
    .select("timestamp")
    .where("session_id", "=", sessionId)
    .where("voter", "=", voter)
    .where("timestamp", ">", iso(time - SAME_VOTE_MS))
    .where("timestamp", "<", iso(time + SAME_VOTE_MS))
    .executeTakeFirst()
  if (!twin) return
  throw new AppError(
    "duplicate_vote",
    `Cannot count the vote: the same voter voted at ${twin.timestamp} already`,
  )
}

type VoteRow = {
  session_id: number
  session_game_id: number
  game_id: number
  username: string
  voter: string
  vote_type: VoteType
  source: string | null
  timestamp: string
  created_at: string
}

/** What a vote does to the counters; negative where a change of mind takes a vote back. */
type Change = { up: number; down: number }

/** Under `latest` the newest vote takes the place of the voter's earlier ones; one that comes late changes nothing. */
async function record(trx: Trx, policy: "latest" | "every", row: VoteRow): Promise<Change> {
  const change: Change = { up: 0, down: 0 }
  if (policy === "latest") {
    const earlier = await trx
      .selectFrom("votes")
      .select(["id", "vote_type", "timestamp"])
      .where("session_game_id", "=", row.session_game_id)
      .where("voter", "=", row.voter)
      .execute()
    if (earlier.some(({ timestamp }) => timestamp > row.timestamp)) return change
    for (const { vote_type } of earlier) change[vote_type]--
    if (earlier.length > 0) {
      const ids = earlier.map(({ id }) => id)
      await trx.deleteFrom("votes").where("id", "in", ids).execute()
    }
  }
  await trx.insertInto("votes").values(row).execute()
  change[row.vote_type]++
  return change
}

type Totals = { upvotes: number; downvotes: number; popularity_score: number }

async function applyChange(trx: Trx, played: PlayedGame, { up, down }: Change, at: string): Promise<Totals> {
  // A vote that changes no tally is a sign of life all the same.
  await trx
    .updateTable("session_games")
    .set((eb) => ({ upvotes: eb("upvotes", "+", up), downvotes: eb("downvotes", "+", down), active_at: at }))
    .where("id", "=", played.id)
    .execute()
  if (up !== 0 || down !== 0) {
    await trx
      .updateTable("games")
      .set((eb) => ({ upvotes: eb("upvotes", "+", up), downvotes: eb("downvotes", "+", down) }))
      .where("id", "=", played.game_id)
      .execute()
  }
  const { upvotes, downvotes } = await trx
    .selectFrom("games")
    .select(["upvotes", "downvotes"])
    .where("id", "=", played.game_id)
    .executeTakeFirstOrThrow()
  return { upvotes, downvotes, popularity_score: upvotes - downvotes }
}
