/** What a vote does to the counts: who voted already, which of a voter's votes counts, and what it adds up to. */

import type { Insertable } from "kysely"
import type { Database, Trx } from "./store/schema.ts"
import { isAhead, iso, type PlayedGame } from "./vote-place.ts"

export type VotePolicy = "latest" | "every"

export type VoteRow = Omit<Insertable<Database["votes"]>, "id">

/** What a vote does to the counters, negative where a change of mind takes a vote back; and whether it was stored. */
export type Change = { up: number; down: number; stored: boolean }

/** The same voter twice within this time is one vote sent twice. */
const SAME_VOTE_MS = 1_000

/** Voter names are the same whatever their case. */
export const voterKey = (username: string): string => username.normalize("NFC").toLowerCase()

/** The votes of a session by any of `voters`, less than a second from `time` by that column. */
export const votesAround = (
  trx: Trx,
  sessionId: number,
  voters: readonly string[],
  { time, by }: { time: number; by: "timestamp" | "created_at" },
) =>
  trx
    .selectFrom("votes")
    .select("timestamp")
    .where("session_id", "=", sessionId)
    .where("voter", "in", voters)
    .where(by, ">", iso(time - SAME_VOTE_MS))
    .where(by, "<", iso(time + SAME_VOTE_MS))

/**
 * Stores the vote. Under `latest` the newest one takes the place of all that any of `voters`, the names of one person,
 * cast on this game; one that comes late changes nothing.
 */
export async function record(
  trx: Trx,
  policy: VotePolicy,
  row: VoteRow,
  voters: readonly string[],
): Promise<Change> {
  const change: Change = { up: 0, down: 0, stored: false }
  const received = Date.parse(row.created_at)
  if (policy === "latest") {
    const earlier = await trx
      .selectFrom("votes")
      .select(["id", "vote_type", "timestamp"])
      .where("session_game_id", "=", row.session_game_id)
      .where("voter", "in", voters)
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
  change.stored = true
  return change
}

/** Adds a change to the numbers of the played game and to those of all nights; `activeAt` is a sign of life of the game. */
export async function addUp(
  trx: Trx,
  played: PlayedGame,
  { up, down }: Change,
  activeAt?: string,
): Promise<void> {
  const isNone = up === 0 && down === 0
  if (isNone && activeAt === undefined) return
  await trx
    .updateTable("session_games")
    .set((eb) => ({
      upvotes: eb("upvotes", "+", up),
      downvotes: eb("downvotes", "+", down),
      ...(activeAt !== undefined && { active_at: activeAt }),
    }))
    .where("id", "=", played.id)
    .execute()
  if (isNone) return
  await trx
    .updateTable("games")
    .set((eb) => ({ upvotes: eb("upvotes", "+", up), downvotes: eb("downvotes", "+", down) }))
    .where("id", "=", played.game_id)
    .execute()
}
