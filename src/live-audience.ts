/** Who hears what: the topics of each socket, and events on their way to them. */
import type { StoredEvent } from "./events.ts"
import type { Connection } from "./live-connection.ts"
import {
  EVERYONE,
  LIMITS,
  numbered,
  numberedFrame,
  ONLY_NUMBERED,
  sessionTopic,
  topicOf,
} from "./protocol.ts"

export type Audience = {
  /** From now on the socket hears what goes to everyone; with `follow` also every session that starts. */
  enter(connection: Connection, follow: boolean): void
  /** `told` writes it to the log. */
  subscribe(connection: Connection, sessionId: number, told?: boolean): void
  unsubscribe(connection: Connection, sessionId: number): void
  leave(connection: Connection): void
  /** Whether this session runs, as far as its end was not announced: nobody can remove it. */
  isRunning(sessionId: number): boolean
  /** Publishes a stored event to those who hear it. Called after the commit, in the order of `seq`. */
  announce(event: StoredEvent): void
}

type Options = {
  publish: (topic: string, frame: string) => void
  log: (line: string) => void
  /** The session that was running before anything was announced, 0 if none was. */
  wasRunning: number
}

/** Most sockets hear one session: they share the list that holds only it. */
type Subscribers = { count: number; readonly alone: readonly number[] }

const NONE: readonly number[] = []

export function createAudience({ publish, log, wasRunning }: Options): Audience {
  const following = new Set<Connection>()
  const subscribers = new Map<number, Subscribers>()
  let running = wasRunning
  let present = 0
  let counting = 0

  const topicFor = (connection: Connection, topic: string) => (connection.numbered ? numbered(topic) : topic)

  function subscribe(connection: Connection, sessionId: number, told = true): void {
    const { sessions = NONE } = connection
    if (sessions.includes(sessionId)) return
    const heard = subscribers.get(sessionId) ?? { count: 0, alone: [sessionId] }
    subscribers.set(sessionId, heard)
    heard.count++
    connection.sessions = sessions.length === 0 ? heard.alone : [...sessions, sessionId]
    connection.socket.subscribe(topicFor(connection, sessionTopic(sessionId)))
    if (told) log(`[WebSocket] Client subscribed to session ${sessionId}`)
  }

  function unsubscribe(connection: Connection, sessionId: number): void {
    if (!connection.sessions?.includes(sessionId)) return
    connection.sessions = connection.sessions.filter((id) => id !== sessionId)
    connection.socket.unsubscribe(topicFor(connection, sessionTopic(sessionId)))
    uncount(sessionId)
  }

  function uncount(sessionId: number): void {
    const heard = subscribers.get(sessionId)
    if (heard && --heard.count === 0) subscribers.delete(sessionId)
  }

  /** Between session.started and what comes next, so that no follower misses the first game. */
  function followAll(sessionId: number): void {
    for (const connection of following) {
      const { sessions = NONE } = connection
      const [oldest] = sessions
      if (oldest !== undefined && sessions.length >= LIMITS.subscriptions) unsubscribe(connection, oldest)
      subscribe(connection, sessionId)
    }
  }

  return {
    enter(connection, follow) {
      connection.sessions = NONE
      present++
      if (connection.numbered) counting++
      if (follow) following.add(connection)
      connection.socket.subscribe(topicFor(connection, EVERYONE))
    },
    subscribe,
    unsubscribe,
    leave(connection) {
      if (!connection.sessions) return
      present--
      if (connection.numbered) counting--
      following.delete(connection)
      for (const sessionId of connection.sessions) uncount(sessionId)
      connection.sessions = undefined
    },
    isRunning: (sessionId) => sessionId === running,
    announce({ seq, type, session_id, frame }) {
      if (type === "session.started") running = session_id
      else if (type === "session.ended") running = 0
      const topic = topicOf(type, session_id)
      const onlyNumbered = ONLY_NUMBERED.includes(type)
      if (!onlyNumbered) publish(topic, frame)
      if (counting > 0) publish(numbered(topic), numberedFrame(seq, frame))
      if (type === "session.started" || type === "session.ended") {
        log(`[Sessions] Broadcasted ${type} event for session ${session_id}`)
      }
      if (type === "vote.received" || type === "poll.voted" || onlyNumbered) return
      const heard = type === "session.started" ? present : (subscribers.get(session_id)?.count ?? 0)
      log(`[WebSocket] Broadcasted ${type} to ${heard} client(s) for session ${session_id}`)
      if (type === "session.started") followAll(session_id)
    },
  }
}
