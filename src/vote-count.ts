/** What a vote does to the counts: who voted already, which of a voter's votes counts, and what it adds up to. */

import type { Selectable } from "kysely"
import type { PlayedGame } from "./nights.ts"
import { query } from "./store/query.ts"
import type { Database } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"
import { isAhead, iso } from "./vote-place.ts"

export type VotePolicy = "latest" | "every"

export type VoteRow = Omit<Selectable<Database["votes"]>, "id">

/** What a vote does to the counters, negative where a change of mind takes a vote back; and whether it was stored. */
export type Change = { up: number; down: number; stored: boolean }

/** The same voter twice within this time is one vote sent twice. */
const SAME_VOTE_MS = 1_000

/** Voter names are the same whatever their case. */
export const voterKey = (username: string): string => username.normalize("NFC").toLowerCase()

type Voting = { session_id: number; session_game_id: number; voter: string }
type Around = Pick<Voting, "session_id" | "voter"> & { after: string; before: string }

const votesBetween = (column: "timestamp" | "created_at") =>
  query<Around>()((db, value) =>
    db
      .selectFrom("votes")
      .select(["timestamp", "session_game_id"])
      .where("session_id", "=", value("session_id"))
      .where("voter", "=", value("voter"))
      .where(column, ">", value("after"))
      .where(column, "<", value("before")),
  )
const votesCastBetween = votesBetween("timestamp")
const votesReceivedBetween = votesBetween("created_at")

/** The votes of a session by any of `voters`, less than a second from `time` by that column. */
export async function votesAround(
  { run }: Pick<WriteContext, "run">,
  session_id: number,
  voters: readonly string[],
  { time, by }: { time: number; by: "timestamp" | "created_at" },
): Promise<{ timestamp: string; session_game_id: number }[]> {
  const around = by === "timestamp" ? votesCastBetween : votesReceivedBetween
  const [after, before] = [iso(time - SAME_VOTE_MS), iso(time + SAME_VOTE_MS)]
  const found = []
  for (const voter of voters) found.push(...(await run(around, { session_id, voter, after, before })))
  return found
}

const votesOnGame = query<Pick<Voting, "session_game_id" | "voter">>()((db, value) =>
  db
    .selectFrom("votes")
    .select(["id", "vote_type", "timestamp"])
    .where("session_game_id", "=", value("session_game_id"))
    .where("voter", "=", value("voter")),
)

const takeBack = query<{ id: number }>()((db, value) => db.deleteFrom("votes").where("id", "=", value("id")))

const store = query<VoteRow>()((db, value) =>
  db.insertInto("votes").values({
    session_id: value("session_id"),
    session_game_id: value("session_game_id"),
    game_id: value("game_id"),
    username: value("username"),
    voter: value("voter"),
    vote_type: value("vote_type"),
    source: value("source"),
    timestamp: value("timestamp"),
    created_at: value("created_at"),
  }),
)

/**
 * Stores the vote. Under `latest` the newest one takes the place of all that any of `voters`, the names of one person,
 * cast on this game; one that comes late changes nothing.
 */
export async function record(
  { run }: Pick<WriteContext, "run">,
  policy: VotePolicy,
  row: VoteRow,
  voters: readonly string[],
): Promise<Change> {
  const change: Change = { up: 0, down: 0, stored: false }
  const received = Date.parse(row.created_at)
  if (policy === "latest") {
    const { session_game_id } = row
    const earlier = []
    for (const voter of voters) earlier.push(...(await run(votesOnGame, { session_game_id, voter })))
    const isNewer = (timestamp: string) => timestamp > row.timestamp && !isAhead(timestamp, received)
    if (earlier.some(({ timestamp }) => isNewer(timestamp))) return change
    for (const { id, vote_type } of earlier) {
      change[vote_type]--
      await run(takeBack, { id })
    }
  }
  await run(store, row)
  change[row.vote_type]++
  change.stored = true
  return change
}

type Counting = { id: number; up: number; down: number }

const countOnGame = query<Counting>()((db, value) =>
  db
    .updateTable("games")
    .set((eb) => ({
      upvotes: eb("upvotes", "+", value("up")),
      downvotes: eb("downvotes", "+", value("down")),
    }))
    .where("id", "=", value("id")),
)

const countOnPlayed = query<Counting & { active_at: string | null }>()((db, value) =>
  db
    .updateTable("session_games")
    .set((eb) => ({
      upvotes: eb("upvotes", "+", value("up")),
      downvotes: eb("downvotes", "+", value("down")),
      active_at: eb.fn.coalesce(eb.val(value("active_at")), "active_at"),
    }))
    .where("id", "=", value("id")),
)

/** Adds a change to the numbers of the played game and to those of all nights; `activeAt` is a sign of life of the game. */
export async function addUp(
  { run, kept }: Pick<WriteContext, "run" | "kept">,
  { id, game_id, totals }: PlayedGame,
  { up, down }: Change,
  activeAt?: string,
): Promise<void> {
  const isNone = up === 0 && down === 0
  if (isNone && activeAt === undefined) return
  await run(countOnPlayed, { id, up, down, active_at: activeAt ?? null })
  if (isNone) return
  await run(countOnGame, { id: game_id, up, down })
  kept(() => {
    totals.upvotes += up
    totals.downvotes += down
  })
}
