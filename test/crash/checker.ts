/**
 * Holds what clients were told against what is there after a restart. It may be asked again and again on the same
 * folder, each time with what came since.
 */
import type { StoredEvent } from "../../src/events.ts"
import { disagreement } from "./answers.ts"
import { createFold, type Tables } from "./fold.ts"
import { markOf, type Operation } from "./history.ts"
import { createLog, type Entry } from "./log.ts"
import { createStreamRule, type Stream, type StreamRule } from "./streams.ts"

/** What a folder holds after a restart; `events` those after the last check. */
export type FinalState = {
  epoch: string
  events: StoredEvent[]
  /** The highest seq SQLite ever gave out (`sqlite_sequence`), below which it gives none again. */
  lastGiven: number
  tables: Tables
}

export type Checker = {
  /**
   * Gives a line for every rule that is broken. `operations` are all those of the folder, settled by now; those seen
   * before are not looked at again. `whole` streams have had time to hear everything.
   */
  check(
    state: FinalState,
    operations: readonly Operation[],
    streams: readonly Stream[],
    whole: readonly Stream[],
  ): string[]
  /** How far the folder has been read. */
  position(): { seq: number; voteId: number }
}

/** All the attempts at one write. */
type Attempts = { invoked: number; settled: number; operations: Operation[] }

/** Lines given at most for one check: a broken log breaks every rule behind it. */
const MOST_LINES = 50

export function createChecker(): Checker {
  const log = createLog()
  const fold = createFold()
  const attempts = new Map<string, Attempts>()
  const rules = new Map<Stream, StreamRule>()
  let epoch: string | undefined
  let seen = 0
  let voteId = 0
  /** The latest moment at which the write behind any event so far was asked for. */
  let latest: { invoked: number; seq: number } = { invoked: 0, seq: 0 }

  const invoked = (entry: Entry): number => attempts.get(entry.mark)?.invoked ?? 0

  function gather(operations: readonly Operation[]): Map<string, Attempts> {
    const fresh = new Map<string, Attempts>()
    for (const operation of operations.slice(seen)) {
      const mark = markOf(operation.write)
      const one = attempts.get(mark) ?? { invoked: operation.invoked, settled: 0, operations: [] }
      one.operations.push(operation)
      one.settled = Math.max(one.settled, operation.settled)
      attempts.set(mark, one)
      fresh.set(mark, one)
    }
    seen = operations.length
    return fresh
  }

  function inOrder(entry: Entry, report: (line: string) => void): void {
    const one = attempts.get(entry.mark)
    if (!one) return report(`Nobody asked for seq ${entry.seq}: "${entry.mark}"`)
    if (one.settled < latest.invoked) {
      report(`"${entry.mark}" was answered before seq ${latest.seq} was asked for, and has seq ${entry.seq}`)
    }
    if (one.invoked > latest.invoked) latest = { invoked: one.invoked, seq: entry.seq }
  }

  return {
    position: () => ({ seq: log.last(), voteId }),
    check(state, operations, streams, whole) {
      const lines: string[] = []
      const report = (line: string) => {
        if (lines.length < MOST_LINES) lines.push(line)
      }
      epoch ??= state.epoch
      if (state.epoch !== epoch) report(`The epoch changed from ${epoch} to ${state.epoch}`)

      const fresh = gather(operations)
      for (const entry of log.extend(state.events, report)) {
        fold.apply(entry.event, entry.seq, report)
        inOrder(entry, report)
        if (!fresh.has(entry.mark))
          report(`"${entry.mark}" was not there and came later, at seq ${entry.seq}`)
      }
      if (state.lastGiven !== log.last())
        report(`The last seq given is ${state.lastGiven}, the last event ${log.last()}`)
      for (const [mark, one] of fresh) {
        checkAttempts(mark, one.operations, log.withMark(mark), report)
      }
      fold.compare(state.tables, report)
      voteId = state.tables.votes.at(-1)?.id ?? voteId
      for (const stream of streams) {
        const rule = rules.get(stream) ?? createStreamRule(stream, log, invoked)
        rules.set(stream, rule)
        rule.check(whole.includes(stream), report)
      }
      return lines
    },
  }
}

function checkAttempts(
  mark: string,
  operations: readonly Operation[],
  entry: Entry | undefined,
  report: (line: string) => void,
): void {
  const answered = operations.filter(({ outcome }) => outcome === "answered")
  if (!entry) {
    if (answered.length > 0) report(`Lost: "${mark}" was answered and is not in the log`)
    return
  }
  if (operations.every(({ outcome }) => outcome === "failed")) {
    report(`Refused and yet in the log: "${mark}" at seq ${entry.seq}`)
  }
  for (const { answer, key } of answered) {
    const why = disagreement(answer, entry.event)
    if (why) report(`"${mark}" at seq ${entry.seq} was ${why}`)
    if (key !== undefined && !Bun.deepEquals(answer, answered[0]?.answer)) {
      report(`"${mark}" was answered in two ways under one key`)
    }
  }
}
