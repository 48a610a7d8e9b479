/** Votes: which game a vote belongs to, whether it counts, and what the tally is afterwards. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Trx, VoteType } from "./store/schema.ts"
import { isAhead, type PlayedGame, placeOf } from "./vote-place.ts"

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
        const { session, played, at, stamped } = await placeOf(trx, { timestamp, ticker }, received)
        const voter = voterKey(username)
        const twin = stamped
          ? { time: Date.parse(at), by: "timestamp" as const }
          : { time: received, by: "created_at" as const }
        await refuseTwice(trx, session.id, voter, twin)

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

/** Votes without a time of their own are told apart by their arrival: behind a clock that was set back all have one time. */
async function refuseTwice(
  trx: Trx,
  sessionId: number,
  voter: string,
  { time, by }: { time: number; by: "timestamp" | "created_at" },
): Promise<void> {
  const twin = await trx
    .selectFrom("votes")
    .select("timestamp")
    .where("session_id", "=", sessionId)
    .where("voter", "=", voter)
    .where(by, ">", iso(time - SAME_VOTE_MS))
    .where(by, "<", iso(time + SAME_VOTE_MS))
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
  const received = Date.parse(row.created_at)
  if (policy === "latest") {
    const earlier = await trx
      .selectFrom("votes")
      .select(["id", "vote_type", "timestamp"])
      .where("session_game_id", "=", row.session_game_id)
      .where("voter", "=", row.voter)
      .execute()
    const isNewer = (timestamp: string) => timestamp > row.timestamp && !isAhead(timestamp, received)
    if (earlier.some(({ timestamp }) => isNewer(timestamp))) return change
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
