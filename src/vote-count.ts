/** What a vote does to the counts: who voted already, which of a voter's votes counts, and what it adds up to. */

import type { Kysely, Selectable } from "kysely"
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

/** What a voter cast before. */
export type EarlierVote = Pick<
  Selectable<Database["votes"]>,
  "id" | "session_game_id" | "vote_type" | "timestamp" | "created_at"
>

/** The moment of a vote in milliseconds, and the column that tells the moments of others like it. */
export type VoteMoment = { time: number; by: "timestamp" | "created_at" }

type OfVoter = { session_id: number; voter: string }
type Between = OfVoter & { after: string; before: string }

const selectVotes = (db: Kysely<Database>) =>
  db.selectFrom("votes").select(["id", "session_game_id", "vote_type", "timestamp", "created_at"])

const votesOf = query<OfVoter>()((db, value) =>
  selectVotes(db).where("session_id", "=", value("session_id")).where("voter", "=", value("voter")),
)

const votesBetween = (column: VoteMoment["by"]) =>
  query<Between>()((db, value) =>
    selectVotes(db)
      .where("session_id", "=", value("session_id"))
      .where("voter", "=", value("voter"))
      .where(column, ">", value("after"))
      .where(column, "<", value("before")),
  )
const votesAround = { timestamp: votesBetween("timestamp"), created_at: votesBetween("created_at") }

/** What any of `voters` cast in a session so far: all of it under `latest`, where that is little, else what is near. */
export function earlierVotes(
  { run }: Pick<WriteContext, "run">,
  policy: VotePolicy,
  { session_id, voters, moment }: { session_id: number; voters: readonly string[]; moment: VoteMoment },
): EarlierVote[] {
  if (policy === "latest") return voters.flatMap((voter) => run(votesOf, { session_id, voter }))
  const [after, before] = edgesOf(moment)
  return voters.flatMap((voter) => run(votesAround[moment.by], { session_id, voter, after, before }))
}

/** One of the votes that is the same as another at this moment, sent twice. */
export function twinIn(earlier: readonly EarlierVote[], moment: VoteMoment): EarlierVote | undefined {
  if (earlier.length === 0) return undefined
  const [after, before] = edgesOf(moment)
  return earlier.find((vote) => vote[moment.by] > after && vote[moment.by] < before)
}

const edgesOf = ({ time }: VoteMoment) => [iso(time - SAME_VOTE_MS), iso(time + SAME_VOTE_MS)] as const

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
 * Stores the vote. Under `latest` the newest one takes the place of those on this game among the `earlier` ones of the
 * same person; one that comes late changes nothing.
 */
export function record(
  { run }: Pick<WriteContext, "run">,
  policy: VotePolicy,
  row: VoteRow,
  earlier: readonly EarlierVote[],
): Change {
  const change: Change = { up: 0, down: 0, stored: false }
  if (policy === "latest" && earlier.length > 0) {
    const received = Date.parse(row.created_at)
    const onGame = earlier.filter(({ session_game_id }) => session_game_id === row.session_game_id)
    const isNewer = (timestamp: string) => timestamp > row.timestamp && !isAhead(timestamp, received)
    if (onGame.some(({ timestamp }) => isNewer(timestamp))) return change
    for (const { id, vote_type } of onGame) {
      change[vote_type]--
      run(takeBack, { id })
    }
  }
  run(store, row)
  change[row.vote_type]++
  change.stored = true
  return change
}
