/** Votes on the game to come: which poll they belong to, and what they do to its counts. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { leadingAfter, optionCalled, type PollOption, totalOf } from "./poll-count.ts"
import { newestPoll, type Poll, pollClosed, pollWith, type StoredPoll, shown, told } from "./poll-rows.ts"
import type { Database, Trx } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"
import { voterKey } from "./vote-count.ts"
import { AHEAD_MS, isAhead, iso } from "./vote-place.ts"
import { namesOf } from "./voter-links.ts"

export type NewPollVote = {
  username: string
  /** The number, the ticker or the label of an option. */
  choice: string
  /** The newest poll of the newest session if left out. */
  pollId: number | undefined
  /** When the viewer voted, in milliseconds since 1970; now if left out. */
  timestamp: number | undefined
  source: string | undefined
}

export type CastPollVote = {
  poll: Poll
  vote: { username: string; position: number; label: string; timestamp: string }
}

/** When a vote came, and how many milliseconds before its time happened what its voter saw. */
export type Arrival = { received: number; delay: number }

/** Clocks of bots are this much behind at most; what was typed earlier was not meant for this poll. */
const EARLY_MS = 5_000

const ACTION = "count the vote in"

/** See `Polls.vote`. */
export async function castPollVote(
  context: WriteContext,
  events: Events,
  vote: NewPollVote,
  { received, delay }: Arrival,
): Promise<CastPollVote> {
  const { trx } = context
  const { username, choice, source } = vote
  const { poll, at } = await placeOf(trx, vote, { received, delay })
  const option = optionCalled(poll.options, choice)
  if (!option) throw noSuchChoice(poll)
  const { position, label } = option
  const row = {
    poll_id: poll.id,
    voter: voterKey(username),
    position,
    username,
    source: source ?? null,
    timestamp: at,
  }
  const options = await count(trx, poll, row, received)
  const leading = leadingAfter(options, poll.leading)
  await trx
    .updateTable("polls")
    .set({ leading, active_at: iso(received) })
    .where("id", "=", poll.id)
    .execute()
  await tell(context, events, poll, { ...poll, options, leading }, iso(received))
  return {
    poll: shown({ ...poll, options, leading }),
    vote: { username, position, label, timestamp: at },
  }
}

/** The poll that a vote is for, and the vote's time. Throws `poll_not_found`, or `poll_closed` once it is over. */
async function placeOf(
  trx: Trx,
  { pollId, timestamp }: NewPollVote,
  { received, delay }: Arrival,
): Promise<{ poll: StoredPoll; at: string }> {
  const newest = await (pollId === undefined ? newestOfAll(trx) : pollWith(trx, pollId))
  if (!newest) throw noPoll(pollId)
  const isKnown = timestamp !== undefined && timestamp <= received + AHEAD_MS
  // Under a clock that was set back the times of the poll are no measure.
  const time = isKnown && !isAhead(newest.created_at, received) ? timestamp : undefined
  const at = time ?? received
  const isMeasure = time !== undefined || newest.created_at <= iso(received)
  const poll = pollId === undefined && isMeasure ? await pollAt(trx, newest, [at - delay, at]) : newest
  if (!poll) throw tooEarly(at)
  if (poll.state === "closed") throw pollClosed(ACTION, poll)
  // A deadline that is over by the wall clock alone tells that somebody set it.
  const { ends_at } = poll
  const endIsMeasured = ends_at !== null && ends_at >= iso(received)
  if (endIsMeasured && time !== undefined && iso(time) > ends_at) throw pollClosed(ACTION, poll)
  return { poll, at: iso(at) }
}

/** The poll of the first of these moments at which one had begun. */
async function pollAt(
  trx: Trx,
  newest: StoredPoll,
  moments: readonly number[],
): Promise<StoredPoll | undefined> {
  for (const moment of moments) {
    const begun = iso(moment + EARLY_MS)
    if (begun >= newest.created_at) return newest
    const earlier = await newestPoll(trx, newest.session_id, begun)
    if (earlier) return earlier
  }
  return undefined
}

/** Undefined if the newest session had none. */
async function newestOfAll(trx: Trx): Promise<StoredPoll | undefined> {
  const session = await trx
    .selectFrom("sessions")
    .select("id")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst()
  return session && newestPoll(trx, session.id)
}

/** Puts the vote in the place of the one that the same person cast before; one that comes late changes nothing. */
async function count(
  trx: Trx,
  { id, options }: StoredPoll,
  row: Database["poll_votes"],
  received: number,
): Promise<PollOption[]> {
  const voters = await namesOf(trx, row.voter)
  const earlier = await trx
    .selectFrom("poll_votes")
    .select(["position", "timestamp"])
    .where("poll_id", "=", id)
    .where("voter", "in", voters)
    .execute()
  const isNewer = (time: string) => time > row.timestamp && !isAhead(time, received)
  if (earlier.some(({ timestamp }) => isNewer(timestamp))) return options
  if (earlier.length > 0) {
    await trx.deleteFrom("poll_votes").where("poll_id", "=", id).where("voter", "in", voters).execute()
  }
  await trx.insertInto("poll_votes").values(row).execute()
  const counted = options.map((option) => {
    const gone = earlier.filter(({ position }) => position === option.position).length
    return { ...option, votes: option.votes - gone + (option.position === row.position ? 1 : 0) }
  })
  for (const [at, { position, votes }] of counted.entries()) {
    if (votes === options[at]?.votes) continue
    await trx
      .updateTable("poll_options")
      .set({ votes })
      .where("poll_id", "=", id)
      .where("position", "=", position)
      .execute()
  }
  return counted
}

/** Tells what a vote changed: the counts, and after them who leads. */
async function tell(
  context: WriteContext,
  events: Events,
  before: StoredPoll,
  { id: pollId, session_id: sessionId, options, leading }: StoredPoll,
  at: string,
): Promise<void> {
  if (options.every(({ votes }, i) => votes === before.options[i]?.votes)) return
  const totalVotes = totalOf(options)
  const counts = { sessionId, pollId, totalVotes, options: told(options) }
  events.append(context, sessionId, "poll.voted", counts, at)
  const [ahead] = told(options.filter(({ position }) => position === leading))
  if (!ahead || leading === before.leading) return
  const { position, gameId, label, votes } = ahead
  const data = { sessionId, pollId, position, gameId, label, votes, totalVotes }
  events.append(context, sessionId, "poll.leading", data, at)
}

const noPoll = (pollId: number | undefined) =>
  new AppError(
    "poll_not_found",
    `Cannot count the vote: ${pollId === undefined ? "no poll is running" : `there is no poll ${pollId}`}`,
  )

const tooEarly = (at: number) =>
  new AppError("poll_not_found", `Cannot count the vote: no poll had begun at ${iso(at)}`)

function noSuchChoice({ options }: StoredPoll): AppError {
  const choices = options.map(({ position, label }) => `${position} (${label})`)
  const message = `Must be one of ${choices.join(", ")}`
  return new AppError("invalid_input", `Cannot count the vote: choice: ${message}`, {
    errors: [{ path: "choice", message }],
  })
}
