/** Frames on their way in: their size, their rate, and their order behind one that takes time. */
import { type Connection, close, send } from "./live-connection.ts"
import { isLonger } from "./live-frames.ts"
import { CLOSE, LIMITS } from "./protocol.ts"

type Options = {
  /** Carries out one frame; a promise if that takes time. */
  handle: (connection: Connection, data: string) => Promise<void> | undefined
  /** Tells the client of a frame that failed. */
  refuse: (connection: Connection, error: unknown) => void
  /** False lifts the rate of messages. */
  rates: boolean
  elapsed: () => number
}

const ALLOWED_PER_MS = LIMITS.messagesPerMinute / 60_000

/** Gives the synchronous front of the socket: what it cannot hand on at once waits in a short queue. */
export function createIntake({ handle, refuse, rates, elapsed }: Options) {
  /** Handles one frame; those that arrive meanwhile wait, so that the messages of one socket keep their order. */
  function run(connection: Connection, data: string): void {
    const pending = handle(connection, data)
    if (!pending) return
    connection.busy = true
    pending
      .catch((error) => refuse(connection, error))
      .then(() => {
        connection.busy = false
        while (!connection.busy && !connection.closing) {
          const next = connection.waiting?.shift()
          if (next === undefined) return
          run(connection, next)
        }
      })
  }

  return function message(connection: Connection, data: string | Uint8Array): void {
    const time = elapsed()
    connection.lastSeen = time
    if (connection.closing) return
    if (typeof data !== "string") return close(connection, CLOSE.binaryFrame, "Text frames only")
    // Behind a frame that is being handled it may come after an `auth` that succeeds.
    if (!connection.identity && !connection.busy && isLonger(data, LIMITS.frameBytesBeforeAuth)) {
      return close(connection, CLOSE.frameTooLarge, "Frame too large before auth")
    }
    if (isLonger(data, LIMITS.frameBytes)) return close(connection, CLOSE.frameTooLarge, "Frame too large")
    if (rates && !isAllowed(connection, time)) return overrun(connection)
    if (connection.overrun > 0) connection.overrun--
    if (!connection.busy) return run(connection, data)
    connection.waiting ??= []
    if (connection.waiting.length >= LIMITS.waitingMessages) {
      return close(connection, CLOSE.tooMany, "Too many messages at once")
    }
    connection.waiting.push(data)
  }
}

/** A token bucket for the messages of one socket: true while there is some left. */
function isAllowed(connection: Connection, time: number): boolean {
  const refilled = connection.allowed + (time - connection.allowedAt) * ALLOWED_PER_MS
  connection.allowed = Math.min(LIMITS.messageBurst, refilled)
  connection.allowedAt = time
  if (connection.allowed < 1) return false
  connection.allowed--
  return true
}

function overrun(connection: Connection): void {
  if (++connection.overrun > LIMITS.messageBurst) {
    return close(connection, CLOSE.tooMany, "Too many messages")
  }
  const message = `Too many messages: ${LIMITS.messagesPerMinute} a minute are allowed`
  send(connection, { type: "error", code: "rate_limited", message })
}
