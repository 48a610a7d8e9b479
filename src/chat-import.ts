/** The chat of a night, read afterwards: every vote in it is placed as if it had been cast live, but nobody is told. */
import { type ChatMark, type ChatMessage, marksIn } from "./chat-marks.ts"
import { type Night, nightOf, type PlayedGame } from "./nights.ts"
import { type Session, sessionWith } from "./sessions.ts"
import { keptResult, type Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Trx } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"
import { earlierVotes, record, twinIn, type VotePolicy, voterKey } from "./vote-count.ts"
import { type Counters, createCounters } from "./vote-counters.ts"
import { AHEAD_MS, GRACE_MS, gameAt, iso } from "./vote-place.ts"

/** Why a vote belongs to no game of the session. */
export type Unmatched = "outside_session" | "before_first_game" | "not_played"

export type ImportedChat = {
  session_id: number
  /** Messages. */
  read: number
  /** Votes that were new. */
  votes: number
  /** Votes that were there already, came twice within a second, or are older than what the voter said since. */
  duplicates: number
  unmatched: number
  /** The first of them, by their place in the chat. */
  unmatched_votes: { index: number; username: string; text: string; reason: Unmatched }[]
}

export type ChatImport = {
  /**
   * Places the votes of a chat in the games of a session; the same chat again changes nothing.
   * Throws `session_not_found`, `idempotency_key_reused`.
   */
  load(sessionId: number, messages: readonly ChatMessage[], once?: Once): Promise<ImportedChat>
}

type Deps = { store: Store; policy: VotePolicy; now?: () => number }

/** Votes that are placed in one unit of work: live votes wait no longer than these take. */
const VOTES_AT_ONCE = 50
/** Messages looked through before others have a turn. */
const TURN = 1_000
/** Votes without a game that the answer names. */
const MOST_NAMED = 100

const SOURCE = "chat-import"

export function createChatImport({ store, policy, now = Date.now }: Deps): ChatImport {
  const { write } = store
  const counters = createCounters(store)
  let last: Promise<unknown> = Promise.resolve()

  async function placeAll(counts: ImportedChat, marks: readonly ChatMark[]): Promise<void> {
    for (let at = 0; at < marks.length; at += VOTES_AT_ONCE) {
      const some = marks.slice(at, at + VOTES_AT_ONCE)
      const outcomes = await write(async (context) => {
        const night = await nightWith(context.trx, counts.session_id)
        const placed: Outcome[] = []
        for (const mark of some) {
          placed.push(await place(context, { night, policy, counters, received: now() }, mark))
        }
        return placed
      })
      for (const [i, mark] of some.entries()) count(counts, mark, outcomes[i] ?? "duplicates")
    }
  }

  async function loadNow(id: number, messages: readonly ChatMessage[], once?: Once): Promise<ImportedChat> {
    const { kept, tickers } = await write(async (context) => {
      const kept = once && keptResult(context, once)
      if (kept) return { kept, tickers: new Set<string>() }
      return { kept, tickers: tickersOf(await nightWith(context.trx, id)) }
    })
    if (kept) return JSON.parse(kept.result)
    const counts = { session_id: id, read: messages.length, votes: 0, duplicates: 0, unmatched: 0 }
    const result: ImportedChat = { ...counts, unmatched_votes: [] }
    const marks: ChatMark[] = []
    for (const mark of await marksOf(messages)) {
      if (mark.ticker && !tickers.has(mark.ticker.toUpperCase())) count(result, mark, "not_played")
      else marks.push(mark)
    }
    await placeAll(result, marks)
    result.unmatched_votes.sort((a, b) => a.index - b.index)
    return write(async () => result, once)
  }

  return {
    /** One after the other, so that a request that comes again meanwhile finds what the first was answered. */
    load(sessionId, messages, once) {
      const loaded = last.then(() => loadNow(sessionId, messages, once))
      last = loaded.catch(() => undefined)
      return loaded
    },
  }
}

type Outcome = "votes" | "duplicates" | Unmatched

function count(counts: ImportedChat, { index, username, text }: ChatMark, outcome: Outcome): void {
  if (outcome === "votes" || outcome === "duplicates") {
    counts[outcome]++
    return
  }
  counts.unmatched++
  if (counts.unmatched_votes.length < MOST_NAMED) {
    counts.unmatched_votes.push({ index, username, text, reason: outcome })
  }
}

/** In the order of time. */
async function marksOf(messages: readonly ChatMessage[]): Promise<ChatMark[]> {
  const marks: ChatMark[] = []
  const ordered = messages.toSorted((a, b) => a.timestamp - b.timestamp)
  for (const [at, message] of ordered.entries()) {
    marks.push(...marksIn(message))
    if (at % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  return marks
}

/** Throws `session_not_found`. */
const nightWith = async (trx: Trx, id: number): Promise<Night> => nightOf(trx, await sessionWith(trx, id))

const tickersOf = ({ games }: Night): Set<string> =>
  new Set(games.flatMap(({ ticker }) => (ticker ? [ticker.toUpperCase()] : [])))

type Circumstances = { night: Night; policy: VotePolicy; counters: Counters; received: number }

async function place(
  context: WriteContext,
  { night, policy, counters, received }: Circumstances,
  mark: ChatMark,
): Promise<Outcome> {
  const { session, links } = night
  const { username, vote, timestamp, ticker, alone } = mark
  if (!isWithin(session, timestamp, received)) return "outside_session"
  const at = iso(timestamp)
  const played = gameAt(night, at, ticker)
  if (!played) return ticker ? "not_played" : "before_first_game"
  const voter = voterKey(username)
  if (!(await isFirstTime(context.trx, played, voter, at))) return "duplicates"
  const voters = links.get(voter) ?? [voter]
  const moment = { time: timestamp, by: "timestamp" } as const
  const earlier = earlierVotes(context, policy, { session_id: session.id, voters, moment })
  // A message may vote on several games, all in its one moment. One that votes on the game of its moment alone may count
  // for another one already: what the bot sends live goes to the game that its viewer saw.
  const others =
    alone && !ticker
      ? earlier
      : earlier.filter((one) => one.timestamp !== at || one.session_game_id === played.id)
  if (twinIn(others, moment)) return "duplicates"
  const row = {
    session_id: session.id,
    session_game_id: played.id,
    game_id: played.game_id,
    username,
    voter,
    vote_type: vote,
    source: SOURCE,
    timestamp: at,
    created_at: iso(received),
  }
  const change = record(context, policy, row, earlier)
  counters.add(context, played, change)
  return change.stored ? "votes" : "duplicates"
}

/** From its beginning to the end of the time in which votes are on their way. */
function isWithin({ created_at, closed_at }: Session, time: number, received: number): boolean {
  const end = closed_at === null ? received + AHEAD_MS : Date.parse(closed_at) + GRACE_MS
  return time >= Date.parse(created_at) && time <= end
}

/** Whether no import has placed this vote before; remembers that this one did. */
async function isFirstTime(trx: Trx, played: PlayedGame, voter: string, timestamp: string): Promise<boolean> {
  const fresh = await trx
    .insertInto("chat_votes")
    .values({ session_game_id: played.id, voter, timestamp })
    .onConflict((conflict) => conflict.doNothing())
    .returning("voter")
    .executeTakeFirst()
  return fresh !== undefined
}
