/**
 * The hub of the live socket: an auth phase, then a command phase. It knows no runtime; a host hands it sockets and
 * publishes its frames.
 */
import { AppError, defectIn } from "./errors.ts"
import type { Events } from "./events.ts"
import type { Admissions } from "./live-admission.ts"
import type { Audience } from "./live-audience.ts"
import {
  type Connection,
  close,
  createConnection,
  type Socket,
  type SocketHandlers,
  send,
} from "./live-connection.ts"
import { parseFrame } from "./live-frames.ts"
import { createIntake } from "./live-intake.ts"
import { type PresentSocket, presentSockets } from "./live-presence.ts"
import { createReplay } from "./live-replay.ts"
import { createSubscriptions } from "./live-subscriptions.ts"
import { createSweep, SWEEP_MS } from "./live-sweep.ts"
import { CLOSE, type ClientMessage, LIMITS, type Message } from "./protocol.ts"
import type { Snapshot } from "./snapshot.ts"
import type { Identity } from "./tokens.ts"

export type Live = SocketHandlers & {
  /** Closes every socket that came in with this token. */
  tokenRevoked(tokenId: string): void
  /** Those that said who they are. */
  present(): PresentSocket[]
  /** Looks after all sockets, as a timer does by itself. */
  sweep(): void
  /** Tells every socket to reconnect and stops the timers. */
  stop(): void
}

export type LiveOptions = {
  audience: Audience
  events: Events
  snapshot: () => Promise<Snapshot>
  verify: (token: string) => Promise<Identity>
  /** Those of the given sessions that exist. */
  existing: (ids: readonly number[]) => Promise<number[]>
  /** The `most` sessions that had started last when the event `seq` was stored. */
  startedBy: (seq: number, most: number) => Promise<number[]>
  admissions: Admissions
  /** False lifts the rate of messages. */
  rates: boolean
  log: (line: string) => void
  now?: () => number
  /** The monotonic clock in milliseconds. */
  elapsed?: () => number
}

/** Sessions a follower that comes back goes on hearing, the newest; late votes for older ones are rarer than rare. */
const FOLLOWED_AGAIN = 64

const AUTH_SUCCESS = { type: "auth_success", message: "Authenticated successfully" } as const

export function createLive(options: LiveOptions): Live {
  const { audience, events, snapshot, verify, existing, startedBy, admissions, rates, log } = options
  const { now = Date.now, elapsed = () => performance.now() } = options
  const connections = new Set<Connection>()
  const replay = createReplay(events)
  const { subscribe, unsubscribe } = createSubscriptions({ audience, events, replay, existing })
  const message = createIntake({ handle, refuse, rates, elapsed })
  const sweep = createSweep({ connections, now, elapsed })
  const sweeper = setInterval(sweep, SWEEP_MS)

  function open(socket: Socket, address: string): Connection {
    const { origin, refused } = admissions.enter(address)
    const connection = createConnection(socket, origin, elapsed())
    // Bun tells of the end of a socket that is closed at once before it knows whose it is: nobody would forget it here.
    if (refused) close(connection, CLOSE.tooMany, refused)
    else connections.add(connection)
    return connection
  }

  function handle(connection: Connection, data: string): Promise<void> | undefined {
    const parsed = parseFrame(data)
    if (!parsed.ok) return invalid(connection, parsed.reason)
    const { message } = parsed
    if (!connection.identity) {
      if (message.type === "auth") return authenticate(connection, message)
      return void send(connection, {
        type: "error",
        code: "unauthenticated",
        message: `Cannot handle ${message.type}: send auth first`,
      })
    }
    connection.invalid = 0
    return command(connection, message)
  }

  function command(connection: Connection, message: ClientMessage): Promise<void> | undefined {
    switch (message.type) {
      case "auth":
        return invalid(connection, "Cannot authenticate: this socket already is")
      case "subscribe":
        return subscribe(connection, message)
      case "unsubscribe":
        return void unsubscribe(connection, message.sessionId)
      case "ping":
        return void send(connection, { type: "pong" })
      default:
        return message satisfies never
    }
  }

  function invalid(connection: Connection, message: string): undefined {
    if (++connection.invalid > LIMITS.invalidMessages) {
      close(connection, CLOSE.nonsense, "Too many messages that make no sense")
    } else send(connection, { type: "error", code: "invalid_message", message })
    return undefined
  }

  async function authenticate(connection: Connection, auth: Message<"auth">): Promise<void> {
    const { token, resume, follow } = auth
    if (typeof token !== "string" || token === "") return denied(connection, "Token required")
    const identity = await verify(token).catch((error) => {
      if (error instanceof AppError) return undefined
      throw error
    })
    const { origin, closing } = connection
    if (closing || !origin) return
    if (!identity) return denied(connection, "Invalid or expired token")
    const refused = admissions.authenticated(origin, identity.id)
    if (refused) return close(connection, CLOSE.tooMany, refused)
    clearTimeout(connection.deadline)
    // Thousands of timers that are over would stay in memory.
    connection.deadline = undefined
    connection.identity = identity
    if (resume || follow) return resumeFrom(connection, auth).catch((error) => startOver(connection, error))
    audience.enter(connection, false)
    send(connection, AUTH_SUCCESS)
  }

  function denied(connection: Connection, message: string): void {
    send(connection, { type: "auth_error", message })
    close(connection, CLOSE.tokenRefused, message)
  }

  /** Answers with the client's place in the log and gives it what it missed before it hears what is new. */
  async function resumeFrom(connection: Connection, { resume, follow }: Message<"auth">): Promise<void> {
    connection.numbered = resume !== undefined
    const recovered = resume && replay.canRecover(resume)
    const { seq, active_session } = await snapshot()
    const place = recovered ? (resume?.seq ?? seq) : seq
    // A late vote may belong to a session that is over: a follower goes on hearing those it has followed.
    const followed = follow && recovered ? (await startedBy(place, FOLLOWED_AGAIN)).reverse() : []
    const asked = resume?.sessions ?? []
    const named = asked.every(audience.isRunning) ? [...asked] : await existing(asked)
    if (follow && active_session) named.push(active_session.id)
    const heardBy = new Set([...followed, ...named])
    const here = {
      epoch: events.epoch,
      seq,
      heartbeat_interval_ms: LIMITS.pingEveryMs,
      ...(recovered !== undefined && { recovered }),
      active_session,
    }
    send(connection, resume ? { ...AUTH_SUCCESS, ...here } : AUTH_SUCCESS)
    await replay.run(connection, place, { heardBy, follow }, () => {
      audience.enter(connection, follow)
      for (const sessionId of [...heardBy].slice(-LIMITS.subscriptions)) {
        audience.subscribe(connection, sessionId, named.includes(sessionId))
      }
    })
  }

  function refuse(connection: Connection, error: unknown): void {
    log(`[WebSocket] ${defectIn(error)}`)
    send(connection, { type: "error", code: "internal", message: "Internal error" })
  }

  /** A socket that does not know what it missed is of no use: its client resumes on a new one. */
  function startOver(connection: Connection, error: unknown): void {
    refuse(connection, error)
    close(connection, CLOSE.restarting, "Internal error")
  }

  function closed(connection: Connection): void {
    if (!connections.delete(connection)) return
    connection.closing = true
    clearTimeout(connection.deadline)
    if (connection.origin) admissions.leave(connection.origin, connection.identity?.id)
    audience.leave(connection)
    replay.goOn(connection)
  }

  return {
    open,
    message,
    closed,
    sweep,
    present: () => presentSockets(connections, elapsed(), now()),
    seen(connection) {
      connection.lastSeen = elapsed()
    },
    drained: replay.goOn,
    tokenRevoked(tokenId) {
      for (const connection of connections) {
        if (connection.identity?.id === tokenId) close(connection, CLOSE.tokenRefused, "Token revoked")
      }
    },
    stop() {
      clearInterval(sweeper)
      for (const connection of connections) close(connection, CLOSE.restarting, "Restarting")
    },
  }
}
