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

/** What one message costs of the time that has passed, and how much of it is saved up at most. */
const MESSAGE_MS = 60_000 / LIMITS.messagesPerMinute
const SAVED_MS = LIMITS.messageBurst * MESSAGE_MS

/** Gives the synchronous front of the socket: what it cannot hand on at once waits in a short queue. */
export function createIntake({ handle, refuse, rates, elapsed }: Options) {
  /** Frames behind the one that is being handled, of each socket that has such a one. */
  const waiting = new Map<Connection, string[]>()

  function attempt(connection: Connection, data: string): Promise<void> | undefined {
    try {
      return handle(connection, data)?.catch((error) => refuse(connection, error))
    } catch (error) {
      return void refuse(connection, error)
    }
  }

  /** What arrives meanwhile is handled after it, so that the messages of one socket keep their order. */
  async function settle(connection: Connection, pending: Promise<void>): Promise<void> {
    const behind: string[] = []
    waiting.set(connection, behind)
    await pending
    for (let next = behind.shift(); next !== undefined && !connection.closing; next = behind.shift()) {
      await attempt(connection, next)
    }
    waiting.delete(connection)
  }

  return function message(connection: Connection, data: string | Uint8Array): void {
    const time = elapsed()
    connection.lastSeen = time
    if (connection.closing) return
    if (typeof data !== "string") return close(connection, CLOSE.binaryFrame, "Text frames only")
    const behind = waiting.get(connection)
    // Behind a frame that is being handled it may come after an `auth` that succeeds.
    if (!connection.identity && !behind && isLonger(data, LIMITS.frameBytesBeforeAuth)) {
      return close(connection, CLOSE.frameTooLarge, "Frame too large before auth")
    }
    if (isLonger(data, LIMITS.frameBytes)) return close(connection, CLOSE.frameTooLarge, "Frame too large")
    if (rates && !isAllowed(connection, time)) return overrun(connection)
    if (connection.overrun > 0) connection.overrun--
    if (!behind) {
      const pending = attempt(connection, data)
      return pending && void settle(connection, pending)
    }
    if (behind.length >= LIMITS.waitingMessages) {
      return close(connection, CLOSE.tooMany, "Too many messages at once")
    }
    behind.push(data)
  }
}

/** A token bucket for the messages of one socket: true while there is some left. */
function isAllowed(connection: Connection, time: number): boolean {
  const spent = Math.max(connection.spentUntil, time - SAVED_MS) + MESSAGE_MS
  if (spent > time) return false
  connection.spentUntil = spent
  return true
}

function overrun(connection: Connection): void {
  if (++connection.overrun > LIMITS.messageBurst) {
    return close(connection, CLOSE.tooMany, "Too many messages")
  }
  const message = `Too many messages: ${LIMITS.messagesPerMinute} a minute are allowed`
  send(connection, { type: "error", code: "rate_limited", message })
}
