/**
 * Every message of the live socket: what clients send, what they get, the topics they hear and the limits they meet.
 *
 * Sources: the session.started and session.ended documents of the Jackbox Game Picker API for the messages and
 * events; RFC 6455 section 7.4.2 for the range of the close codes.
 */
import * as v from "valibot"

export const SOCKET_PATH = "/api/sessions/live"

/** Sizes in bytes, times in milliseconds, rates per second unless the name says otherwise. */
export const LIMITS = {
  frameBytes: 64 * 1024,
  frameBytesBeforeAuth: 8 * 1024,
  authWithinMs: 10_000,
  pingEveryMs: 25_000,
  silentAfterMs: 90_000,
  subscriptions: 128,
  messageBurst: 30,
  messagesPerMinute: 120,
  waitingMessages: 16,
  invalidMessages: 20,
  writeBufferBytes: 64 * 1024,
  socketsBeforeAuth: 64,
  socketsBeforeAuthPerAddress: 8,
  socketsPerAddress: 50,
  socketsPerToken: 20,
} as const

export const CLOSE = {
  goingAway: 1001,
  binaryFrame: 1003,
  frameTooLarge: 1009,
  restarting: 1012,
  nonsense: 4400,
  tokenRefused: 4401,
  authTimeout: 4408,
  tokenExpired: 4410,
  readerTooSlow: 4413,
  tooMany: 4429,
} as const

const sessionId = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** What a client may send, told apart by `type`. */
export const clientMessage = v.variant("type", [
  v.object({ type: v.literal("auth"), token: v.optional(v.unknown()) }),
  v.object({ type: v.literal("subscribe"), sessionId }),
  v.object({ type: v.literal("unsubscribe"), sessionId }),
  v.object({ type: v.literal("ping") }),
])
export type ClientMessage = v.InferOutput<typeof clientMessage>

export const socketErrorCode = v.picklist([
  "invalid_message",
  "unauthenticated",
  "session_not_found",
  "forbidden",
  "rate_limited",
  "internal",
])
export type SocketErrorCode = v.InferOutput<typeof socketErrorCode>

const isoTime = v.pipe(v.string(), v.isoTimestamp())

const sessionStarted = v.strictObject({
  session: v.strictObject({
    id: sessionId,
    is_active: v.literal(1),
    created_at: isoTime,
    notes: v.nullable(v.string()),
  }),
})

const gameAdded = v.strictObject({
  session: v.strictObject({ id: sessionId, is_active: v.literal(true), games_played: v.number() }),
  game: v.strictObject({
    id: v.number(),
    title: v.string(),
    pack_name: v.string(),
    min_players: v.number(),
    max_players: v.number(),
    manually_added: v.boolean(),
    room_code: v.nullable(v.string()),
  }),
})

const voteReceived = v.strictObject({
  sessionId,
  game: v.strictObject({ id: v.number(), title: v.string(), pack_name: v.string() }),
  vote: v.strictObject({ username: v.string(), type: v.picklist(["up", "down"]), timestamp: isoTime }),
  totals: v.strictObject({ upvotes: v.number(), downvotes: v.number(), popularity_score: v.number() }),
})

const sessionEnded = v.strictObject({
  session: v.strictObject({ id: sessionId, is_active: v.literal(0), games_played: v.number() }),
})

const envelope = <const T extends string, D extends v.GenericSchema>(type: T, data: D) =>
  v.strictObject({ type: v.literal(type), timestamp: isoTime, data })

/** The four events of a night. */
export const event = v.variant("type", [
  envelope("session.started", sessionStarted),
  envelope("game.added", gameAdded),
  envelope("vote.received", voteReceived),
  envelope("session.ended", sessionEnded),
])
export type GameNightEvent = v.InferOutput<typeof event>

/** Everything the server may send to a client that speaks only what the seeds show. */
export const serverMessage = v.variant("type", [
  v.strictObject({ type: v.literal("auth_success"), message: v.string() }),
  v.strictObject({ type: v.literal("auth_error"), message: v.string() }),
  v.strictObject({ type: v.literal("subscribed"), sessionId, message: v.string() }),
  v.strictObject({ type: v.literal("unsubscribed"), sessionId, message: v.string() }),
  v.strictObject({ type: v.literal("pong") }),
  v.strictObject({ type: v.literal("error"), code: socketErrorCode, message: v.string() }),
  ...event.options,
])
export type ServerMessage = v.InferOutput<typeof serverMessage>

/** Heard by every authenticated socket. */
export const EVERYONE = "everyone"

/** Heard by the subscribers of one session. */
export const sessionTopic = (id: number): string => `session/${id}`

/** The topic an event is published on: `session.started` goes to everyone, the rest to the session's subscribers. */
export const topicOf = (type: GameNightEvent["type"], session: number): string =>
  type === "session.started" ? EVERYONE : sessionTopic(session)
