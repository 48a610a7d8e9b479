/** Votes as they are read: the result of a session, and every vote page by page. */
import type { Kysely } from "kysely"
import { checkSession } from "./sessions.ts"
import type { Database, VoteType } from "./store/schema.ts"
import { voterKey } from "./vote-count.ts"

export type GameTally = {
  game_id: number
  title: string
  pack_name: string
  upvotes: number
  downvotes: number
  net_score: number
  total_votes: number
}

export type ListedVote = {
  id: number
  session_id: number
  game_id: number
  game_title: string
  pack_name: string
  username: string
  vote_type: VoteType
  timestamp: string
  created_at: string
}

export type VoteFilter = {
  session_id?: number | undefined
  game_id?: number | undefined
  username?: string | undefined
  vote_type?: VoteType | undefined
  page: number
  limit: number
}

export type VotePage = {
  votes: ListedVote[]
  pagination: { page: number; limit: number; total: number; total_pages: number }
}

export type Tallies = {
  /** The games of a session that were voted on, best first. Throws `session_not_found`. */
  ofSession(sessionId: number): Promise<{ session_id: number; votes: GameTally[] }>
  /** Votes that match every given filter, newest first. */
  page(filter: VoteFilter): Promise<VotePage>
}

/** The games that were voted on, best first, on a connection or inside a transaction. */
export async function talliesOfSession(db: Kysely<Database>, sessionId: number): Promise<GameTally[]> {
  const rows = await db
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select(["session_games.game_id", "games.title", "games.pack_name"])
    .select((eb) => [
      eb.fn.sum<number>("session_games.upvotes").as("upvotes"),
      eb.fn.sum<number>("session_games.downvotes").as("downvotes"),
    ])
    .where("session_games.session_id", "=", sessionId)
    .groupBy(["session_games.game_id", "games.title", "games.pack_name"])
    .execute()
  return rows
    .map((row) => ({
      ...row,
      net_score: row.upvotes - row.downvotes,
      total_votes: row.upvotes + row.downvotes,
    }))
    .filter((row) => row.total_votes > 0)
    .sort((a, b) => b.net_score - a.net_score || b.total_votes - a.total_votes || a.game_id - b.game_id)
}

export function createTallies(db: Kysely<Database>): Tallies {
  return {
    async ofSession(sessionId) {
      await checkSession(db, sessionId)
      return { session_id: sessionId, votes: await talliesOfSession(db, sessionId) }
    },

    async page(filter) {
      const { page, limit } = filter
      const offset = (page - 1) * limit
      const total = await countVotes(db, filter)
      const votes = offset < total ? await listVotes(db, filter).limit(limit).offset(offset).execute() : []
      return { votes, pagination: { page, limit, total, total_pages: Math.ceil(total / limit) } }
    },
  }
}

type VoteWish = Omit<VoteFilter, "page" | "limit">

const listVotes = (db: Kysely<Database>, wish: VoteWish) =>
  matchingVotes(db, wish)
    .innerJoin("games", "games.id", "votes.game_id")
    .select(["votes.id", "votes.session_id", "votes.game_id", "games.title as game_title"])
    .select(["games.pack_name", "votes.username", "votes.vote_type", "votes.timestamp", "votes.created_at"])
    .orderBy("votes.id", "desc")

function matchingVotes(db: Kysely<Database>, { session_id, game_id, username, vote_type }: VoteWish) {
  let matching = db.selectFrom("votes")
  if (session_id !== undefined) matching = matching.where("votes.session_id", "=", session_id)
  if (game_id !== undefined) matching = matching.where("votes.game_id", "=", game_id)
  if (username !== undefined) matching = matching.where("votes.voter", "=", voterKey(username))
  if (vote_type !== undefined) matching = matching.where("votes.vote_type", "=", vote_type)
  return matching
}

/** A million votes take long to count, but each is counted in the game it was cast for already. */
async function countVotes(db: Kysely<Database>, wish: VoteWish): Promise<number> {
  if (wish.username !== undefined) {
    const { total } = await matchingVotes(db, wish)
      .select((eb) => eb.fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow()
    return total
  }
  const { session_id, game_id, vote_type } = wish
  const counted =
    session_id === undefined
      ? db.selectFrom("games").select(["id as game_id", "upvotes as up", "downvotes as down"]).as("counted")
      : db
          .selectFrom("session_games")
          .select(["game_id", "upvotes as up", "downvotes as down"])
          .where("session_id", "=", session_id)
          .as("counted")
  let sums = db
    .selectFrom(counted)
    .select(({ fn }) => [fn.sum<number | null>("up").as("up"), fn.sum<number | null>("down").as("down")])
  if (game_id !== undefined) sums = sums.where("game_id", "=", game_id)
  const { up, down } = await sums.executeTakeFirstOrThrow()
  return (vote_type === "down" ? 0 : (up ?? 0)) + (vote_type === "up" ? 0 : (down ?? 0))
}
