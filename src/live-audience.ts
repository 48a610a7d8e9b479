/** Who hears what: the topics of each socket, and events on their way to them. */
import type { StoredEvent } from "./events.ts"
import type { Connection } from "./live-connection.ts"
import { EVERYONE, LIMITS, numbered, numberedFrame, sessionTopic, topicOf } from "./protocol.ts"

export type Audience = {
  /** From now on the socket hears what goes to everyone; with `follow` also every session that starts. */
  enter(connection: Connection, follow: boolean): void
  /** `told` writes it to the log. */
  subscribe(connection: Connection, sessionId: number, told?: boolean): void
  unsubscribe(connection: Connection, sessionId: number): void
  leave(connection: Connection): void
  /** Publishes a stored event to those who hear it. Called after the commit, in the order of `seq`. */
  announce(event: StoredEvent): void
}

type Options = { publish: (topic: string, frame: string) => void; log: (line: string) => void }

export function createAudience({ publish, log }: Options): Audience {
  const present = new Set<Connection>()
  const following = new Set<Connection>()
  const subscribers = new Map<number, number>()
  let counting = 0

  const topicFor = (connection: Connection, topic: string) => (connection.numbered ? numbered(topic) : topic)

  function subscribe(connection: Connection, sessionId: number, told = true): void {
    if (connection.sessions.has(sessionId)) return
    connection.sessions.add(sessionId)
    connection.socket.subscribe(topicFor(connection, sessionTopic(sessionId)))
    subscribers.set(sessionId, (subscribers.get(sessionId) ?? 0) + 1)
    if (told) log(`[WebSocket] Client subscribed to session ${sessionId}`)
  }

  function unsubscribe(connection: Connection, sessionId: number): void {
    if (!connection.sessions.delete(sessionId)) return
    connection.socket.unsubscribe(topicFor(connection, sessionTopic(sessionId)))
    uncount(sessionId)
  }

  function uncount(sessionId: number): void {
    const left = (subscribers.get(sessionId) ?? 0) - 1
    if (left > 0) subscribers.set(sessionId, left)
    else subscribers.delete(sessionId)
  }

  /** Between session.started and what comes next, so that no follower misses the first game. */
  function followAll(sessionId: number): void {
    for (const connection of following) {
      const [oldest] = connection.sessions
      if (oldest !== undefined && connection.sessions.size >= LIMITS.subscriptions) {
        unsubscribe(connection, oldest)
      }
      subscribe(connection, sessionId)
    }
  }

  return {
    enter(connection, follow) {
      present.add(connection)
      if (connection.numbered) counting++
      if (follow) following.add(connection)
      connection.socket.subscribe(topicFor(connection, EVERYONE))
    },
    subscribe,
    unsubscribe,
    leave(connection) {
      if (present.delete(connection) && connection.numbered) counting--
      following.delete(connection)
      for (const sessionId of connection.sessions) uncount(sessionId)
    },
    announce({ seq, type, session_id, frame }) {
      const topic = topicOf(type, session_id)
      publish(topic, frame)
      if (counting > 0) publish(numbered(topic), numberedFrame(seq, frame))
      if (type === "session.started" || type === "session.ended") {
        log(`[Sessions] Broadcasted ${type} event for session ${session_id}`)
      }
      if (type === "vote.received" || type === "poll.voted") return
      const heard = type === "session.started" ? present.size : (subscribers.get(session_id) ?? 0)
      log(`[WebSocket] Broadcasted ${type} to ${heard} client(s) for session ${session_id}`)
      if (type === "session.started") followAll(session_id)
    },
  }
}
