/** Polls as they are stored, as rows go out, and as events tell of them. */
import type { Kysely, Selectable } from "kysely"
import { AppError } from "./errors.ts"
import { type PollOption, totalOf } from "./poll-count.ts"
import type { Database, Flag, PollState } from "./store/schema.ts"

/** With all its options in the order of their positions. */
export type StoredPoll = Selectable<Database["polls"]> & { options: PollOption[] }

export type PollChoice = Omit<PollOption, "weight">

export type Poll = {
  id: number
  session_id: number
  state: PollState
  created_at: string
  /** When it closes by itself; null while nobody said so, and once it is closed. */
  ends_at: string | null
  ended_at: string | null
  options: PollChoice[]
  total_votes: number
  /** The position of the option that has been ahead longest; null before the first vote. */
  leading: number | null
  /** Null until it is closed. `tie` says that chance chose among those with the most votes. */
  winner: (Omit<PollChoice, "ticker"> & { tie: Flag }) | null
}

const selectPolls = (db: Kysely<Database>) => db.selectFrom("polls").selectAll()

/** Throws `poll_not_found` unless the session has this poll, or has any, of which the newest is meant. */
export async function pollOf(
  db: Kysely<Database>,
  sessionId: number,
  pollId: number | undefined,
  action: string,
): Promise<StoredPoll> {
  const poll = await (pollId === undefined ? newestPoll(db, sessionId) : pollWith(db, pollId))
  if (poll?.session_id === sessionId) return poll
  const which = pollId === undefined ? "had no poll yet" : `has no poll ${pollId}`
  throw new AppError("poll_not_found", `Cannot ${action}: session ${sessionId} ${which}`)
}

export const pollWith = async (db: Kysely<Database>, id: number): Promise<StoredPoll | undefined> =>
  withOptions(db, await selectPolls(db).where("id", "=", id).executeTakeFirst())

/** Of those that had begun by `time` (ISO 8601), if it is given. */
export async function newestPoll(
  db: Kysely<Database>,
  sessionId: number,
  time?: string,
): Promise<StoredPoll | undefined> {
  let query = selectPolls(db).where("session_id", "=", sessionId)
  if (time !== undefined) query = query.where("created_at", "<=", time)
  return withOptions(db, await query.orderBy("id", "desc").limit(1).executeTakeFirst())
}

/** The poll of a session that is not closed. */
export const runningPoll = async (db: Kysely<Database>, sessionId: number): Promise<StoredPoll | undefined> =>
  withOptions(
    db,
    await selectPolls(db)
      .where("session_id", "=", sessionId)
      .where("state", "!=", "closed")
      .executeTakeFirst(),
  )

async function withOptions(
  db: Kysely<Database>,
  poll: Selectable<Database["polls"]> | undefined,
): Promise<StoredPoll | undefined> {
  if (!poll) return undefined
  const options = await db
    .selectFrom("poll_options")
    .select(["position", "game_id", "label", "ticker", "weight", "votes"])
    .where("poll_id", "=", poll.id)
    .orderBy("position")
    .execute()
  return { ...poll, options }
}

/** The row as clients get it. */
export function shown(poll: StoredPoll): Poll {
  const { id, session_id, state, created_at, ends_at, ended_at, leading, tie } = poll
  const options = poll.options.map(({ weight: _, ...choice }) => choice)
  const won = options.find(({ position }) => position === poll.winner)
  return {
    id,
    session_id,
    state,
    created_at,
    ends_at,
    ended_at,
    options,
    total_votes: totalOf(poll.options),
    leading,
    winner: won
      ? { position: won.position, game_id: won.game_id, label: won.label, votes: won.votes, tie }
      : null,
  }
}

/** The options as events list them. */
export const told = (options: readonly PollOption[]) =>
  options.map(({ position, game_id: gameId, label, ticker, votes }) => ({
    position,
    gameId,
    label,
    ticker,
    votes,
  }))

/** Refuses what comes after the end, and says how it ended. */
export const pollClosed = (action: string, poll: StoredPoll): AppError => {
  const { id, ended_at, ends_at } = poll
  const how = ended_at === null ? `it ends at ${ends_at}` : `it ended at ${ended_at}`
  return new AppError("poll_closed", `Cannot ${action} poll ${id}: ${how}`, {
    members: { poll: shown(poll) },
  })
}
