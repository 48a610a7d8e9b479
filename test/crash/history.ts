/** What clients know of a load: every write they asked for, and whether an answer came. */
import type { GameNightEvent } from "../../src/server-messages.ts"
import type { VoteType } from "../../src/store/schema.ts"
import type { Body } from "../support/api.ts"
import type { Reply } from "./connection.ts"

/** A write that leaves its own mark in the event log: no two of a load but attempts of the same share one. */
export type Write =
  | { kind: "start"; notes: string }
  | { kind: "game"; sessionId: number; gameId: number; roomCode: string }
  | { kind: "vote"; username: string; vote: VoteType; timestamp?: string }
  | { kind: "close"; sessionId: number }

/** `unknown`: no answer came, or one of a process that was dying. */
export type Outcome = "answered" | "failed" | "unknown"

export type Operation = {
  write: Write
  /** The `Idempotency-Key` it was sent with. */
  key: string | undefined
  /** Moments of the history's own clock, which only orders. */
  invoked: number
  settled: number
  outcome: Outcome
  /** The body of the answer. */
  answer: Body
}

export type History = {
  /** Everything so far, in the order asked. */
  readonly operations: readonly Operation[]
  /** How many of them were answered. */
  answered(): number
  /** A moment later than every one before. */
  tick(): number
  /** Answers to what was asked before this moment that come after it count as none. */
  deafen(): void
  /** Notes that a write is sent now; the function returned notes what came back. */
  begin(write: Write, key?: string): (reply: Reply | undefined) => Outcome
}

export function createHistory(): History {
  const operations: Operation[] = []
  let clock = 0
  let answered = 0
  let deafUntil = 0
  const tick = () => ++clock
  return {
    operations,
    answered: () => answered,
    tick,
    deafen() {
      deafUntil = tick()
    },
    begin(write, key) {
      const invoked = tick()
      const unsettled = { settled: Number.POSITIVE_INFINITY, outcome: "unknown" as const, answer: undefined }
      const operation: Operation = { write, key, invoked, ...unsettled }
      operations.push(operation)
      return (reply) => {
        if (invoked < deafUntil) return "unknown"
        operation.outcome = outcomeOf(reply)
        operation.answer = reply?.body
        if (operation.outcome === "answered") answered++
        if (operation.outcome !== "unknown") operation.settled = tick()
        return operation.outcome
      }
    },
  }
}

function outcomeOf(reply: Reply | undefined): Outcome {
  if (!reply) return "unknown"
  if (reply.status < 300) return "answered"
  const refused = reply.status < 500 || reply.status === 507 || reply.body.code === "shutting_down"
  return refused ? "failed" : "unknown"
}

/** No load holds polls. */
export type LoadEvent = Extract<
  GameNightEvent,
  { type: "session.started" | "game.added" | "vote.received" | "session.ended" }
>

/** The mark a write leaves. */
export function markOf(write: Write): string {
  switch (write.kind) {
    case "start":
      return `start ${write.notes}`
    case "game":
      return `game ${write.roomCode}`
    case "vote":
      return `vote ${write.username} ${write.vote}`
    case "close":
      return `close ${write.sessionId}`
    default:
      return write satisfies never
  }
}

/** The mark in an event. */
export function markIn({ type, data }: LoadEvent): string {
  switch (type) {
    case "session.started":
      return `start ${data.session.notes}`
    case "game.added":
      return `game ${data.game.room_code}`
    case "vote.received":
      return `vote ${data.vote.username} ${data.vote.type}`
    case "session.ended":
      return `close ${data.session.id}`
    default:
      return type satisfies never
  }
}
