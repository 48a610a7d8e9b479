/** A small night made by hand of which everything is true, for tests that tell one lie about it. */
import type { StoredEvent } from "../../src/events.ts"
import type { GameNightEvent } from "../../src/server-messages.ts"
import { createChecker, type FinalState } from "./checker.ts"
import type { Operation, Outcome, Write } from "./history.ts"
import type { Heard, Stream } from "./streams.ts"

const AT = (second: number) => `2025-11-01T20:00:${String(second).padStart(2, "0")}.000Z`

/** Everything the checker looks at, for one small night that went well. */
export type Evidence = {
  state: FinalState
  operations: Operation[]
  bot: Stream
  resumed: Stream
}

export const stored = (seq: number, session_id: number, event: GameNightEvent): StoredEvent => ({
  seq,
  session_id,
  type: event.type,
  frame: JSON.stringify(event),
})

export function voteEvent(second: number, username: string, type: "up" | "down", up: number, down: number) {
  const totals = { upvotes: up, downvotes: down, popularity_score: up - down }
  const vote = { username, type, timestamp: AT(second) }
  const game = { id: 7, title: "Fibbage", pack_name: "Party Pack" }
  return {
    type: "vote.received",
    timestamp: AT(second),
    data: { sessionId: 1, game, vote, totals },
  } satisfies GameNightEvent
}

const started: GameNightEvent = {
  type: "session.started",
  timestamp: AT(0),
  data: { session: { id: 1, is_active: 1, created_at: AT(0), notes: "Friday" } },
}
const added: GameNightEvent = {
  type: "game.added",
  timestamp: AT(1),
  data: {
    session: { id: 1, is_active: true, games_played: 1 },
    game: {
      id: 7,
      title: "Fibbage",
      pack_name: "Party Pack",
      min_players: 2,
      max_players: 8,
      manually_added: false,
      room_code: "ABCD",
    },
  },
}
const ended: GameNightEvent = {
  type: "session.ended",
  timestamp: AT(9),
  data: { session: { id: 1, is_active: 0, games_played: 1 } },
}

export function operation(
  at: number,
  write: Write,
  outcome: Outcome,
  answer?: unknown,
  key?: string,
): Operation {
  return { write, key, invoked: at, settled: outcome === "unknown" ? Infinity : at + 1, outcome, answer }
}

const voteAnswer = ({ data }: ReturnType<typeof voteEvent>) => ({
  success: true,
  session: { id: 1, games_played: 1 },
  game: { id: 7, title: "Fibbage", ...data.totals },
  vote: data.vote,
})

/** Ann votes up and changes her mind, Bob's vote got no answer and counts, Cid's got none and was lost, Dan was refused. */
export function trueNight(): Evidence {
  const votes = [
    voteEvent(2, "ann", "up", 1, 0),
    voteEvent(3, "bob", "up", 2, 0),
    voteEvent(4, "ANN", "down", 1, 1),
  ] as const
  const log = [started, added, ...votes, ended]
  const session = { id: 1, notes: "Friday", is_active: 0, created_at: AT(0), closed_at: AT(9) }
  const row = {
    session_id: 1,
    game_id: 7,
    title: "Fibbage",
    pack_name: "Party Pack",
    played_at: AT(1),
    room_code: "ABCD",
  }
  const start: Write = { kind: "start", notes: "Friday" }
  const game: Write = { kind: "game", sessionId: 1, gameId: 7, roomCode: "ABCD" }
  const close: Write = { kind: "close", sessionId: 1 }
  const vote = (username: string, type: "up" | "down"): Write => ({ kind: "vote", username, vote: type })
  const frames: Heard[] = log.slice(1).map((event) => ({ frame: JSON.stringify(event) }))
  const numbered: Heard[] = log
    .slice(2)
    .map((event, i) => ({ frame: JSON.stringify({ ...event, seq: i + 3 }) }))
  return {
    state: {
      epoch: "one",
      lastGiven: 6,
      events: log.map((event, i) => stored(i + 1, 1, event)),
      tables: {
        sessions: [session],
        played: [
          {
            id: 4,
            session_id: 1,
            game_id: 7,
            status: "played",
            played_at: AT(1),
            room_code: "ABCD",
            upvotes: 1,
            downvotes: 1,
          },
        ],
        votes: [
          { id: 2, session_game_id: 4, voter: "bob", vote_type: "up", timestamp: AT(3) },
          { id: 3, session_game_id: 4, voter: "ann", vote_type: "down", timestamp: AT(4) },
        ],
        voteCount: 2,
        games: [
          { id: 7, play_count: 1, upvotes: 1, downvotes: 1 },
          { id: 8, play_count: 0, upvotes: 0, downvotes: 0 },
        ],
        results: [
          {
            session_id: 1,
            votes: [
              {
                game_id: 7,
                title: "Fibbage",
                pack_name: "Party Pack",
                upvotes: 1,
                downvotes: 1,
                net_score: 0,
                total_votes: 2,
              },
            ],
          },
        ],
        activeId: null,
      },
    },
    operations: [
      operation(1, start, "answered", { ...session, is_active: 1, closed_at: null }),
      operation(4, game, "answered", row),
      operation(7, vote("ann", "up"), "answered", voteAnswer(votes[0]), "key"),
      operation(9, vote("ann", "up"), "answered", voteAnswer(votes[0]), "key"),
      operation(10, vote("bob", "up"), "unknown"),
      operation(11, vote("cid", "up"), "unknown"),
      operation(12, vote("dan", "up"), "failed"),
      operation(14, vote("ANN", "down"), "answered", voteAnswer(votes[2])),
      operation(16, close, "answered", { ...session, games_played: 1 }),
    ],
    bot: {
      name: "The bot",
      heard: [
        { follow: "everyone", from: { tick: 3 } },
        { follow: "session/1", from: { tick: 3 } },
        ...frames,
      ],
    },
    resumed: {
      name: "The other bot",
      heard: [
        { follow: "everyone", from: { seq: 2 } },
        { follow: "session/1", from: { seq: 2 } },
        ...numbered,
      ],
    },
  }
}

export const verdictOn = ({ state, operations, bot, resumed }: Evidence): string[] =>
  createChecker().check(state, operations, [bot, resumed], [bot, resumed])

export const eventAt = ({ state }: Evidence, seq: number): StoredEvent => {
  const event = state.events.find((one) => one.seq === seq)
  if (!event) throw new Error(`Cannot find seq ${seq}`)
  return event
}
export function removeEvent(night: Evidence, seq: number): void {
  night.state.events = night.state.events.filter((event) => event.seq !== seq)
}
export function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("Cannot find the first of nothing")
  return one
}
export function operationOf(night: Evidence, username: string): Operation {
  return first(night.operations.filter(({ write }) => write.kind === "vote" && write.username === username))
}
