/** What a follower heard, and the rule it must keep: the log from its cursor, in order, none twice, none missing. */
import { EVERYONE } from "../../src/protocol.ts"
import { markIn } from "./history.ts"
import type { Entry, Log } from "./log.ts"

/** From where on a topic must be whole: a seq, or a moment of the history's clock after which nothing may be missed. */
export type Start = { seq: number } | { tick: number }

/** The frame is the text that came over the wire. */
export type Heard = { follow: string; from: Start } | { frame: string }

export type Stream = { name: string; heard: Heard[] }

export type StreamRule = {
  /** Checks what was heard since the last call; `whole`: nothing can be on its way any more. */
  check(whole: boolean, report: (violation: string) => void): void
}

/** `invoked`: when the write behind an event was asked for, on the history's clock. */
export function createStreamRule(
  { name, heard }: Stream,
  log: Log,
  invoked: (entry: Entry) => number,
): StreamRule {
  const topics = new Map<string, Start>()
  let checked = 0
  let last = 0

  /** Whether the event of `seq` should have been heard by now and was not. */
  function missed(seq: number, from: Start): boolean {
    if ("seq" in from) return seq > from.seq
    const entry = log.at(seq)
    return entry !== undefined && invoked(entry) > from.tick
  }

  function hear(frame: string, report: (violation: string) => void): void {
    const { seq, ...event } = JSON.parse(frame)
    const entry = log.withMark(markIn(event))
    if (entry?.frame !== JSON.stringify(event))
      return report(`${name} heard what is not in the log: ${frame}`)
    if (seq !== undefined && seq !== entry.seq) report(`${name} heard seq ${entry.seq} as ${seq}`)
    if (entry.seq <= last) report(`${name} heard seq ${entry.seq} after ${last}`)
    const from = topics.get(entry.topic)
    if (!from) report(`${name} heard seq ${entry.seq} of ${entry.topic}, which it does not follow`)
    else if (missed(entry.before, from)) report(`${name} missed seq ${entry.before} before ${entry.seq}`)
    topics.set(entry.topic, { seq: entry.seq })
    last = entry.seq
  }

  return {
    check(whole, report) {
      for (const one of heard.slice(checked)) {
        if ("frame" in one) hear(one.frame, report)
        else if (!topics.has(one.follow)) topics.set(one.follow, one.from)
      }
      checked = heard.length
      if (!whole) return
      if (!topics.has(EVERYONE)) report(`${name} never came in`)
      for (const [topic, from] of topics) {
        const end = log.lastOf(topic)
        if (missed(end, from)) report(`${name} missed seq ${end}, the last of ${topic}`)
      }
    },
  }
}
