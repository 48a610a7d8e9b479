/** The event log as it was read after a restart, and the rules it keeps by itself: no hole, no seq twice, no mark twice. */
import type { StoredEvent } from "../../src/events.ts"
import { EVERYONE, topicOf } from "../../src/protocol.ts"
import { type LoadEvent, markIn } from "./history.ts"

export type Entry = {
  seq: number
  frame: string
  event: LoadEvent
  mark: string
  topic: string
  /** The seq of the event before it on the same topic, 0 if it is the first. */
  before: number
}

export type Log = {
  /** Adds the events that follow those already there, and reports every rule they break. */
  extend(events: readonly StoredEvent[], report: (violation: string) => void): Entry[]
  readonly entries: readonly Entry[]
  /** The seq of the last event, 0 if there is none. */
  last(): number
  lastOf(topic: string): number
  withMark(mark: string): Entry | undefined
  at(seq: number): Entry | undefined
}

export function createLog(): Log {
  const entries: Entry[] = []
  const marks = new Map<string, Entry>()
  const topics = new Map<string, number>([[EVERYONE, 0]])
  const last = () => entries.length

  function add({ seq, session_id, type, frame }: StoredEvent, report: (violation: string) => void): Entry {
    if (seq > last() + 1) report(`The log has a hole: seq ${last()} is followed by ${seq}`)
    if (seq <= last()) report(`The log does not rise: seq ${last()} is followed by ${seq}`)
    const event: LoadEvent = JSON.parse(frame)
    const mark = markIn(event)
    const twin = marks.get(mark)
    if (twin) report(`Twice in the log: "${mark}" at seq ${twin.seq} and ${seq}`)
    if (event.type !== type) report(`The row of seq ${seq} says ${type}, its frame ${event.type}`)
    const topic = topicOf(type, session_id)
    const entry = { seq, frame, event, mark, topic, before: topics.get(topic) ?? 0 }
    entries.push(entry)
    marks.set(mark, entry)
    topics.set(topic, seq)
    return entry
  }

  return {
    extend: (events, report) => events.map((event) => add(event, report)),
    entries,
    last,
    lastOf: (topic) => topics.get(topic) ?? 0,
    withMark: (mark) => marks.get(mark),
    at: (seq) => entries[seq - 1],
  }
}
