/** One socket of the hub: what is kept for it, how it is written to and how it is closed. */
import type { Origin } from "./live-admission.ts"
import { serverFrame } from "./live-frames.ts"
import { CLOSE, LIMITS } from "./protocol.ts"
import type { ServerMessage } from "./server-messages.ts"
import type { Identity } from "./tokens.ts"

/** The members of a socket the hub uses; Bun's `ServerWebSocket` has them as it is. */
export type Socket = {
  send(frame: string): unknown
  /** Bytes that the peer has not taken yet. */
  getBufferedAmount(): number
  /** Sends what `act` sends in few packets. */
  cork(act: () => void): unknown
  ping(): unknown
  subscribe(topic: string): unknown
  unsubscribe(topic: string): unknown
  close(code: number, reason: string): unknown
  terminate(): unknown
}

/** What the hub keeps for one socket; opaque to hosts. There are thousands, so that what most never need is left out. */
export type Connection = {
  readonly socket: Socket
  /** Where it is counted; undefined if it was refused. */
  readonly origin: Origin | undefined
  identity: Identity | undefined
  /** Whether its events carry `seq`; set once, by `auth`. */
  numbered: boolean
  /** Those it hears, the oldest subscription first; replaced with each change. Undefined until it hears anything. */
  sessions: readonly number[] | undefined
  /** Milliseconds of the monotonic clock. */
  openedAt: number
  /** Milliseconds of the monotonic clock. */
  lastSeen: number
  /** Its messages have used up the time until then, each its share, on the monotonic clock. */
  spentUntil: number
  overrun: number
  invalid: number
  closing: boolean
  deadline: ReturnType<typeof setTimeout> | undefined
}

export type SocketHandlers = {
  /** `address` is that of the client, behind a trusted proxy too. */
  open(socket: Socket, address: string): Connection
  message(connection: Connection, message: string | Uint8Array): void
  /** Something whole came from the peer, such as a pong. */
  seen(connection: Connection): void
  /** The peer took what was waiting for it. */
  drained(connection: Connection): void
  closed(connection: Connection): void
}

/** How long a peer may take to answer a close frame before its connection is cut. */
const CLOSE_GRACE_MS = 1_000

const LATE = "No auth message in time"

/** A socket that has not said who it is; it has until the deadline to do so. */
export function createConnection(socket: Socket, origin: Origin | undefined, time: number): Connection {
  const connection: Connection = {
    socket,
    origin,
    identity: undefined,
    numbered: false,
    sessions: undefined,
    openedAt: time,
    lastSeen: time,
    spentUntil: Number.NEGATIVE_INFINITY,
    overrun: 0,
    invalid: 0,
    closing: false,
    deadline: undefined,
  }
  connection.deadline = setTimeout(close, LIMITS.authWithinMs, connection, CLOSE.authTimeout, LATE)
  return connection
}

export function send(connection: Connection, message: ServerMessage): void {
  if (!connection.closing) connection.socket.send(serverFrame(message))
}

/** Says why, and cuts the connection if the peer does not go by itself. */
export function close(connection: Connection, code: number, reason: string): void {
  if (connection.closing) return
  connection.closing = true
  clearTimeout(connection.deadline)
  connection.socket.close(code, reason)
  connection.deadline = setTimeout(() => connection.socket.terminate(), CLOSE_GRACE_MS)
}
