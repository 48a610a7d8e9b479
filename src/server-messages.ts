/**
 * Every message the server sends: the four events of a night and the answers on the live socket. The schemas are the
 * types of the program and check the documentation; at run time nothing needs them, so only types are imported.
 *
 * Source: the session.started and session.ended documents of the Jackbox Game Picker API.
 */
import * as v from "valibot"
import { sessionId } from "./protocol.ts"

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
