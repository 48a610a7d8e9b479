/** What a socket asks of the sessions: to hear one, from now on or since a place in the log, and to hear it no more. */
import type { Events } from "./events.ts"
import type { Audience } from "./live-audience.ts"
import { type Connection, send } from "./live-connection.ts"
import type { Replay } from "./live-replay.ts"
import { LIMITS, type Message } from "./protocol.ts"

type Options = {
  audience: Audience
  events: Events
  replay: Replay
  /** Those of the given sessions that exist. */
  existing: (ids: readonly number[]) => Promise<number[]>
}

/** Each carries out one message of an authenticated socket and answers it; a promise if that takes time. */
export function createSubscriptions({ audience, events, replay, existing }: Options) {
  function subscribe(connection: Connection, wish: Message<"subscribe">): Promise<void> | undefined {
    const { sessionId } = wish
    const { sessions = [] } = connection
    if (sessions.includes(sessionId)) return hear(connection, wish)
    if (sessions.length >= LIMITS.subscriptions) {
      const message = `Cannot subscribe to session ${sessionId}: ${LIMITS.subscriptions} subscriptions are the most`
      return void send(connection, { type: "error", code: "rate_limited", message })
    }
    return audience.isRunning(sessionId) ? hear(connection, wish) : hearKnown(connection, wish)
  }

  /** Any other may be over, removed, or none at all. */
  async function hearKnown(connection: Connection, wish: Message<"subscribe">): Promise<void> {
    const { sessionId } = wish
    const [known] = await existing([sessionId])
    if (connection.closing) return
    if (known !== undefined) return hear(connection, wish)
    const message = `Cannot subscribe to session ${sessionId}: there is no such session`
    send(connection, { type: "error", code: "session_not_found", message })
  }

  function hear(
    connection: Connection,
    { sessionId, since }: Message<"subscribe">,
  ): Promise<void> | undefined {
    if (since !== undefined) return hearSince(connection, sessionId, since)
    audience.subscribe(connection, sessionId)
    return void send(connection, subscribedTo(sessionId))
  }

  async function hearSince(connection: Connection, sessionId: number, since: number): Promise<void> {
    const place = await events.placeAfter(since, sessionId)
    send(connection, { ...subscribedTo(sessionId), recovered: place !== undefined })
    if (place !== undefined) audience.unsubscribe(connection, sessionId)
    await replay.run(connection, place ?? events.head(), { session: sessionId }, () =>
      audience.subscribe(connection, sessionId),
    )
  }

  function unsubscribe(connection: Connection, sessionId: number): void {
    audience.unsubscribe(connection, sessionId)
    send(connection, { type: "unsubscribed", sessionId, message: `Unsubscribed from session ${sessionId}` })
  }

  return { subscribe, unsubscribe }
}

const subscribedTo = (sessionId: number) =>
  ({ type: "subscribed", sessionId, message: `Subscribed to session ${sessionId}` }) as const
