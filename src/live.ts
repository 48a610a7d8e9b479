/**
 * The hub of the live socket: an auth phase, then a command phase, and events by topic. It knows no runtime; a host
 * hands it sockets and publishes its frames.
 */
import { AppError } from "./errors.ts"
import type { StoredEvent } from "./events.ts"
import { createAdmission, type Limits } from "./live-admission.ts"
import {
  type Connection,
  close,
  createConnection,
  type Socket,
  type SocketHandlers,
  send,
} from "./live-connection.ts"
import { isLonger, parseFrame } from "./live-frames.ts"
import { CLOSE, type ClientMessage, EVERYONE, LIMITS, sessionTopic, topicOf } from "./protocol.ts"
import type { Identity } from "./tokens.ts"

export type Live = SocketHandlers & {
  /** Publishes a stored event to its topic. Called after the commit, in the order of `seq`. */
  announce(event: StoredEvent): void
  /** Closes every socket that came in with this token. */
  tokenRevoked(tokenId: string): void
  /** Tells every socket to reconnect and stops the timers. */
  stop(): void
}

export type LiveOptions = {
  publish: (topic: string, frame: string) => void
  verify: (token: string) => Promise<Identity>
  sessionExists: (id: number) => Promise<boolean>
  limits: Limits
  log: (line: string) => void
  now?: () => number
}

/** How often silent peers and expired tokens are looked for. */
const SWEEP_MS = 5_000

export function createLive(options: LiveOptions): Live {
  const { publish, verify, sessionExists, limits, log, now = Date.now } = options
  const connections = new Set<Connection>()
  const followers = new Map<number, number>()
  const admissions = createAdmission(limits)
  let authenticated = 0
  let sincePing = 0
  const sweeper = setInterval(sweep, SWEEP_MS)

  function open(socket: Socket): Connection {
    const connection = createConnection(socket, admissions.enter(socket.remoteAddress), limits.rates)
    connections.add(connection)
    const { refused } = connection.admission
    if (refused) close(connection, CLOSE.tooMany, refused)
    return connection
  }

  function message(connection: Connection, data: string | Uint8Array): void {
    connection.lastSeen = performance.now()
    if (connection.closing) return
    if (typeof data !== "string") return close(connection, CLOSE.binaryFrame, "Text frames only")
    if (!connection.identity && isLonger(data, LIMITS.frameBytesBeforeAuth)) {
      return close(connection, CLOSE.frameTooLarge, "Frame too large before auth")
    }
    if (isLonger(data, LIMITS.frameBytes)) return close(connection, CLOSE.frameTooLarge, "Frame too large")
    if (!connection.allowance()) return overrun(connection)
    if (connection.overrun > 0) connection.overrun--
    if (!connection.busy) return run(connection, data)
    if (connection.waiting.length >= LIMITS.waitingMessages) {
      return close(connection, CLOSE.tooMany, "Too many messages at once")
    }
    connection.waiting.push(data)
  }

  function overrun(connection: Connection): void {
    if (++connection.overrun > LIMITS.messageBurst) {
      return close(connection, CLOSE.tooMany, "Too many messages")
    }
    const message = `Too many messages: ${LIMITS.messagesPerMinute} a minute are allowed`
    send(connection, { type: "error", code: "rate_limited", message })
  }

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
          const next = connection.waiting.shift()
          if (next === undefined) return
          run(connection, next)
        }
      })
  }

  function handle(connection: Connection, data: string): Promise<void> | undefined {
    const parsed = parseFrame(data)
    if (!parsed.ok) return invalid(connection, parsed.reason)
    const { message } = parsed
    if (!connection.identity) {
      if (message.type === "auth") return authenticate(connection, message.token)
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
        return subscribe(connection, message.sessionId)
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

  async function authenticate(connection: Connection, token: unknown): Promise<void> {
    if (typeof token !== "string" || token === "") return denied(connection, "Token required")
    const identity = await verify(token).catch((error) => {
      if (error instanceof AppError) return undefined
      throw error
    })
    if (connection.closing) return
    if (!identity) return denied(connection, "Invalid or expired token")
    const refused = connection.admission.authenticated(identity.id)
    if (refused) return close(connection, CLOSE.tooMany, refused)
    clearTimeout(connection.deadline)
    connection.identity = identity
    authenticated++
    connection.socket.subscribe(EVERYONE)
    send(connection, { type: "auth_success", message: "Authenticated successfully" })
  }

  function denied(connection: Connection, message: string): void {
    send(connection, { type: "auth_error", message })
    close(connection, CLOSE.tokenRefused, message)
  }

  async function subscribe(connection: Connection, sessionId: number): Promise<void> {
    const { sessions, socket } = connection
    if (!sessions.has(sessionId)) {
      if (sessions.size >= LIMITS.subscriptions) {
        const message = `Cannot subscribe to session ${sessionId}: ${LIMITS.subscriptions} subscriptions are the most`
        return send(connection, { type: "error", code: "rate_limited", message })
      }
      if (!(await sessionExists(sessionId))) {
        const message = `Cannot subscribe to session ${sessionId}: there is no such session`
        return send(connection, { type: "error", code: "session_not_found", message })
      }
      if (connection.closing) return
      sessions.add(sessionId)
      socket.subscribe(sessionTopic(sessionId))
      followers.set(sessionId, (followers.get(sessionId) ?? 0) + 1)
      log(`[WebSocket] Client subscribed to session ${sessionId}`)
    }
    send(connection, { type: "subscribed", sessionId, message: `Subscribed to session ${sessionId}` })
  }

  function unsubscribe(connection: Connection, sessionId: number): void {
    if (connection.sessions.delete(sessionId)) {
      connection.socket.unsubscribe(sessionTopic(sessionId))
      unfollow(sessionId)
    }
    send(connection, { type: "unsubscribed", sessionId, message: `Unsubscribed from session ${sessionId}` })
  }

  function unfollow(sessionId: number): void {
    const left = (followers.get(sessionId) ?? 0) - 1
    if (left > 0) followers.set(sessionId, left)
    else followers.delete(sessionId)
  }

  function refuse(connection: Connection, error: unknown): void {
    log(`[WebSocket] Internal error: ${error instanceof Error ? error.stack : String(error)}`)
    send(connection, { type: "error", code: "internal", message: "Internal error" })
  }

  function closed(connection: Connection): void {
    if (!connections.delete(connection)) return
    connection.closing = true
    clearTimeout(connection.deadline)
    connection.admission.leave()
    if (connection.identity) authenticated--
    for (const sessionId of connection.sessions) unfollow(sessionId)
  }

  function announce({ type, session_id, frame }: StoredEvent): void {
    publish(topicOf(type, session_id), frame)
    if (type === "session.started" || type === "session.ended") {
      log(`[Sessions] Broadcasted ${type} event for session ${session_id}`)
    }
    if (type === "vote.received") return
    const heard = type === "session.started" ? authenticated : (followers.get(session_id) ?? 0)
    log(`[WebSocket] Broadcasted ${type} to ${heard} client(s) for session ${session_id}`)
  }

  function sweep(): void {
    const clock = performance.now()
    const second = now() / 1000
    sincePing += SWEEP_MS
    const ping = sincePing >= LIMITS.pingEveryMs
    if (ping) sincePing = 0
    for (const connection of connections) {
      if (clock - connection.lastSeen > LIMITS.silentAfterMs) connection.socket.terminate()
      else if (connection.identity && connection.identity.exp + LIMITS.clockToleranceSeconds <= second) {
        close(connection, CLOSE.tokenExpired, "Token expired")
      } else if (ping && !connection.closing) connection.socket.ping()
    }
  }

  return {
    open,
    message,
    closed,
    announce,
    seen(connection) {
      connection.lastSeen = performance.now()
    },
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
