/**
 * Every message the server sends: the events of a night and the answers on the live socket. The schemas are the
 * types of the program and check the documentation; at run time nothing needs them, so only types are imported.
 *
 * Source: the session.started and session.ended documents of the Jackbox Game Picker API.
 */
import * as v from "valibot"
import { pollEvents, pollRow, selectionRow } from "./poll-messages.ts"
import { isoTime, sessionId } from "./protocol.ts"

export const socketErrorCode = v.picklist([
  "invalid_message",
  "unauthenticated",
  "session_not_found",
  "forbidden",
  "rate_limited",
  "internal",
])
export type SocketErrorCode = v.InferOutput<typeof socketErrorCode>

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

/** The row of a session game as it is after a change by hand. Only sockets whose events are numbered hear of it. */
const gameChanged = v.strictObject({
  sessionId,
  game: v.strictObject({
    id: v.number(),
    game_id: v.number(),
    title: v.string(),
    played_at: isoTime,
    status: v.picklist(["playing", "played", "skipped"]),
    room_code: v.nullable(v.string()),
    player_count: v.nullable(v.number()),
  }),
})

const gameRemoved = v.strictObject({
  sessionId,
  game: v.strictObject({ id: v.number(), game_id: v.number(), title: v.string(), played_at: isoTime }),
})

const sessionEnded = v.strictObject({
  session: v.strictObject({ id: sessionId, is_active: v.literal(0), games_played: v.number() }),
})

const flag = v.picklist([0, 1])
const text = v.nullable(v.string())

/**
 * The running session as a resuming client gets it: its row, its games in the order played, its tallies, the poll that
 * runs and the pending pick.
 */
export const activeSession = v.strictObject({
  id: sessionId,
  notes: text,
  is_active: v.literal(1),
  created_at: isoTime,
  closed_at: v.null(),
  archived: flag,
  games_played: v.number(),
  games: v.array(
    v.strictObject({
      id: v.number(),
      session_id: sessionId,
      game_id: v.number(),
      title: v.string(),
      pack_name: v.string(),
      min_players: v.number(),
      max_players: v.number(),
      game_type: v.string(),
      status: v.picklist(["playing", "played", "skipped"]),
      played_at: isoTime,
      manually_added: flag,
      source: v.picklist(["dice", "manual", "poll"]),
      room_code: text,
      player_count: v.nullable(v.number()),
      upvotes: v.number(),
      downvotes: v.number(),
      all_time: v.strictObject({ upvotes: v.number(), downvotes: v.number() }),
    }),
  ),
  votes: v.array(
    v.strictObject({
      game_id: v.number(),
      title: v.string(),
      pack_name: v.string(),
      upvotes: v.number(),
      downvotes: v.number(),
      net_score: v.number(),
      total_votes: v.number(),
    }),
  ),
  poll: v.nullable(pollRow),
  selection: v.nullable(selectionRow),
})
export type ActiveSession = v.InferOutput<typeof activeSession>

const authSuccess = v.literal("auth_success")
const subscribed = { type: v.literal("subscribed"), sessionId, message: v.string() }

/** `seq` is there for sockets that asked for it. */
const envelope = <const T extends string, D extends v.GenericSchema>(type: T, data: D) =>
  v.strictObject({ type: v.literal(type), timestamp: isoTime, data, seq: v.optional(v.number()) })

/** The events of a night: four of the games, the rest of what is to be played next and of changes by hand. */
export const event = v.variant("type", [
  envelope("session.started", sessionStarted),
  envelope("game.added", gameAdded),
  envelope("vote.received", voteReceived),
  envelope("session.ended", sessionEnded),
  envelope("game.changed", gameChanged),
  envelope("game.removed", gameRemoved),
  envelope("poll.start", pollEvents["poll.start"]),
  envelope("poll.voted", pollEvents["poll.voted"]),
  envelope("poll.leading", pollEvents["poll.leading"]),
  envelope("poll.ending", pollEvents["poll.ending"]),
  envelope("poll.ending.cancelled", pollEvents["poll.ending.cancelled"]),
  envelope("voting.ended", pollEvents["voting.ended"]),
  envelope("game.picked", pollEvents["game.picked"]),
  envelope("game.dismissed", pollEvents["game.dismissed"]),
])
export type GameNightEvent = v.InferOutput<typeof event>

/** Everything the server may send. Members beyond those of the seeds go only to a client that asked for them. */
export const serverMessage = v.variant("type", [
  v.strictObject({ type: authSuccess, message: v.string() }),
  v.strictObject({
    type: authSuccess,
    message: v.string(),
    epoch: v.string(),
    seq: v.number(),
    heartbeat_interval_ms: v.number(),
    recovered: v.optional(v.boolean()),
    active_session: v.nullable(activeSession),
  }),
  v.strictObject({ type: v.literal("auth_error"), message: v.string() }),
  v.strictObject(subscribed),
  v.strictObject({ ...subscribed, recovered: v.boolean() }),
  v.strictObject({ type: v.literal("unsubscribed"), sessionId, message: v.string() }),
  v.strictObject({ type: v.literal("pong") }),
  v.strictObject({ type: v.literal("error"), code: socketErrorCode, message: v.string() }),
  ...event.options,
])
export type ServerMessage = v.InferOutput<typeof serverMessage>
