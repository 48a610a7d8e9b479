/** Votes: which game a vote belongs to, whether it counts, and what the tally is afterwards. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { createNights, type PlayedGame } from "./nights.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { VoteType } from "./store/schema.ts"
import {
  type Change,
  type EarlierVote,
  earlierVotes,
  record,
  twinIn,
  type VoteMoment,
  type VotePolicy,
  voterKey,
} from "./vote-count.ts"
import { createCounters } from "./vote-counters.ts"
import { iso, placeOf } from "./vote-place.ts"

export type NewVote = {
  username: string
  vote: VoteType
  /** When the viewer voted, in milliseconds since 1970; now if left out. */
  timestamp: number | undefined
  /** Names a game of the session directly instead of by time. */
  ticker: string | undefined
  /** Where the vote came from, such as "irc". */
  source: string | undefined
  /** The game the voter sees; if another one is played by now the vote does not count. */
  gameId?: number | undefined
  /** How votes of this voter on one game count, if not as all others. */
  policy?: VotePolicy | undefined
}

/** The game's numbers are those of all its nights. */
export type CastVote = {
  session: { id: number; games_played: number }
  game: { id: number; title: string; upvotes: number; downvotes: number; popularity_score: number }
  vote: { username: string; type: VoteType; timestamp: string }
}

export type Votes = {
  /** Throws `session_not_found`, `game_not_found` if none was played at that time, `duplicate_vote`, `conflict`. */
  cast(vote: NewVote, once?: Once): Promise<CastVote>
}

type Deps = {
  store: Store
  events: Events
  policy: VotePolicy
  /** By how many milliseconds the viewers of a source see the night late. */
  delayOf?: (source: string) => number
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  now?: () => number
}

export function createVotes(deps: Deps): Votes {
  const { store, events, policy: usual, delayOf = () => 0, onActivity = () => {}, now = Date.now } = deps
  const { write } = store
  const nights = createNights(store)
  const counters = createCounters(store)
  return {
    cast: ({ username, vote: type, timestamp, ticker, source, gameId, policy = usual }, once) =>
      write(async (context) => {
        const received = now()
        const told = { timestamp, ticker, delay: source === undefined ? 0 : delayOf(source) }
        const { night, played, at, stamped } = await placeOf(context, nights, told, received)
        const { session, links } = night
        if (gameId !== undefined && gameId !== played.game_id) {
          throw new AppError("conflict", `Cannot count the vote: ${played.title} is played by now`)
        }
        const voter = voterKey(username)
        const voters = links.get(voter) ?? [voter]
        // Votes without a time of their own are told apart by their arrival: behind a clock that was set back all
        // have one time.
        const moment: VoteMoment = stamped
          ? { time: Date.parse(at), by: "timestamp" }
          : { time: received, by: "created_at" }
        const earlier = earlierVotes(context, policy, { session_id: session.id, voters, moment })
        const twin = twinIn(earlier, moment)
        if (twin) throw sameVote(twin)
        const created_at = iso(received)
        const row = {
          session_id: session.id,
          session_game_id: played.id,
          game_id: played.game_id,
          username,
          voter,
          vote_type: type,
          source: source ?? null,
          timestamp: at,
          created_at,
        }
        const change = record(context, policy, row, earlier)
        // A vote that changes no tally is a sign of life all the same.
        counters.add(context, played, change, created_at)
        const totals = totalsAfter(played, change)
        const vote = { username, type, timestamp: at }
        const { game_id: id, title, pack_name } = played
        if (change.up !== 0 || change.down !== 0) {
          const data = { sessionId: session.id, game: { id, title, pack_name }, vote, totals }
          events.append(context, session.id, "vote.received", data, created_at)
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

const sameVote = ({ timestamp }: EarlierVote) =>
  new AppError("duplicate_vote", `Cannot count the vote: the same voter voted at ${timestamp} already`)

function totalsAfter({ totals }: PlayedGame, { up, down }: Change) {
  const [upvotes, downvotes] = [totals.upvotes + up, totals.downvotes + down]
  return { upvotes, downvotes, popularity_score: upvotes - downvotes }
}
