/**
 * What a socket missed: the events of the log up to the moment it is live, without a gap or a double at the seam.
 */
import type { Events, StoredEvent } from "./events.ts"
import { type Connection, close } from "./live-connection.ts"
import { CLOSE, LIMITS, numberedFrame, ONLY_NUMBERED, type Resume } from "./protocol.ts"

/** Events a socket is to be given: those of one session, or what it hears that follows these sessions. */
export type Wanted = { session: number } | { heardBy: Set<number>; follow: boolean }

export type Replay = {
  /** Whether every event after the client's place is there to be sent; undefined if it named no place. */
  canRecover(resume: Resume): boolean | undefined
  /**
   * Sends every wanted event after `seq` in order, then calls `goLive` in the same turn in which no announced event
   * is left to send. Ends early when the socket closes, and closes it when retention removes what it was to get.
   */
  run(connection: Connection, seq: number, wanted: Wanted, goLive: () => void): Promise<void>
  /** The peer has taken what was sent, or is gone. */
  goOn(connection: Connection): void
}

/** Rows one read of the log looks at, so that a long way back never holds up the others. */
const WINDOW = 5_000
/** Bytes sent in one go; the next go waits until the reader has taken most of them. */
const CHUNK_BYTES = LIMITS.writeBufferBytes / 4

export function createReplay(events: Events): Replay {
  /** Those whose reader is behind. */
  const paused = new Map<Connection, () => void>()

  async function next(seq: number, wanted: Wanted): Promise<{ batch: StoredEvent[]; seq: number }> {
    const through = Math.min(events.head(), seq + WINDOW)
    const filter =
      "session" in wanted
        ? { through, session: wanted.session }
        : { through, heardBy: wanted.follow ? undefined : [...wanted.heardBy] }
    const batch = await events.since(seq, LIMITS.replayBatch, filter)
    const last = batch.at(-1)
    return { batch, seq: last && batch.length === LIMITS.replayBatch ? last.seq : through }
  }

  async function send(connection: Connection, batch: readonly StoredEvent[]): Promise<void> {
    const frames = batch.map(({ seq, frame }) => (connection.numbered ? numberedFrame(seq, frame) : frame))
    let at = 0
    while (at < frames.length) {
      if (connection.closing) return
      connection.socket.cork(() => {
        for (let bytes = 0; at < frames.length && bytes < CHUNK_BYTES; at++) {
          const frame = frames[at] ?? ""
          bytes += Buffer.byteLength(frame)
          connection.socket.send(frame)
        }
      })
      const isBehind = connection.socket.getBufferedAmount() > CHUNK_BYTES
      if (isBehind && !connection.closing) await room(connection)
    }
  }

  /** Resolves once the reader has taken what was sent, or is gone. */
  const room = (connection: Connection): Promise<void> =>
    new Promise((resolve) => void paused.set(connection, resolve))

  return {
    canRecover({ epoch, seq }) {
      if (epoch === undefined && seq === undefined) return undefined
      return epoch === events.epoch && seq !== undefined && events.isWhole(seq)
    },

    async run(connection, from, wanted, goLive) {
      let seq = from
      while (seq < events.head()) {
        const found = await next(seq, wanted)
        if (connection.closing) return
        if (events.prunedThrough() > seq) return close(connection, CLOSE.restarting, "The log was shortened")
        await send(
          connection,
          found.batch.filter((event) => isWanted(event, wanted) && mayHear(connection, event)),
        )
        if (connection.closing) return
        seq = found.seq
      }
      if (!connection.closing) goLive()
    },

    goOn(connection) {
      const resume = paused.get(connection)
      paused.delete(connection)
      resume?.()
    },
  }
}

const mayHear = ({ numbered }: Connection, { type }: StoredEvent): boolean =>
  numbered || !ONLY_NUMBERED.includes(type)

/** A follower's sessions grow with what it is told, as they would have, had it been there. */
function isWanted({ type, session_id }: StoredEvent, wanted: Wanted): boolean {
  if ("session" in wanted) return true
  if (type !== "session.started") return wanted.heardBy.has(session_id)
  if (wanted.follow) wanted.heardBy.add(session_id)
  return true
}
