/** True examples of every message on the live socket, as the README shows them. */
import { session, sessionGame, tally, token } from "./examples.ts"
import { POLL_EVENTS } from "./poll-examples.ts"

const EPOCH = "0b7e5a52-5f0c-4a3e-9a0e-6a2f0a0d6c1b"
const LOGGED_IN = { type: "auth_success", message: "Authenticated successfully" }
const SUBSCRIBED = { type: "subscribed", sessionId: 17, message: "Subscribed to session 17" }

const { games_played: _, is_active, created_at, id, notes } = session

const started = {
  type: "session.started",
  timestamp: created_at,
  data: { session: { id, is_active, created_at, notes } },
}

const added = {
  type: "game.added",
  timestamp: "2025-11-01T20:10:00.000Z",
  data: {
    session: { id: 17, is_active: true, games_played: 5 },
    game: {
      id: 42,
      title: "Quiplash 3",
      pack_name: "The Jackbox Party Pack 7",
      min_players: 3,
      max_players: 8,
      manually_added: false,
      room_code: "ABCD",
    },
  },
}

const voted = {
  type: "vote.received",
  timestamp: "2025-11-01T20:15:00.042Z",
  data: {
    sessionId: 17,
    game: { id: 42, title: "Quiplash 3", pack_name: "The Jackbox Party Pack 7" },
    vote: { username: "ann", type: "up", timestamp: "2025-11-01T20:15:00.000Z" },
    totals: { upvotes: 5, downvotes: 1, popularity_score: 4 },
  },
}

const ended = {
  type: "session.ended",
  timestamp: "2025-11-02T02:30:45.123Z",
  data: { session: { id: 17, is_active: 0, games_played: 5 } },
}

const row = { id: 88, game_id: 42, title: "Quiplash 3", played_at: "2025-11-01T20:10:00.000Z" }

const changed = {
  type: "game.changed",
  timestamp: "2025-11-01T20:11:00.000Z",
  data: { sessionId: 17, game: { ...row, status: "playing", room_code: "WXYZ", player_count: 6 } },
  seq: 401,
}

const removed = {
  type: "game.removed",
  timestamp: "2025-11-01T20:12:00.000Z",
  data: { sessionId: 17, game: row },
  seq: 402,
}

export type Message = { type: string } & Record<string, unknown>

/** What a client may send. */
export const FROM_CLIENT: readonly Message[] = [
  { type: "auth", token },
  { type: "auth", token, resume: {}, follow: true },
  { type: "auth", token, resume: { epoch: EPOCH, seq: 400, sessions: [17] } },
  { type: "subscribe", sessionId: 17 },
  { type: "subscribe", sessionId: 17, since: 400 },
  { type: "unsubscribe", sessionId: 17 },
  { type: "ping" },
]

/** What the server sends. */
export const FROM_SERVER: readonly Message[] = [
  LOGGED_IN,
  {
    ...LOGGED_IN,
    epoch: EPOCH,
    seq: 400,
    heartbeat_interval_ms: 25000,
    active_session: {
      ...session,
      games_played: 1,
      games: [{ ...sessionGame, all_time: { upvotes: 25, downvotes: 4 } }],
      votes: tally.votes,
      poll: null,
      selection: null,
    },
  },
  { type: "auth_error", message: "Invalid or expired token" },
  SUBSCRIBED,
  { ...SUBSCRIBED, recovered: true },
  { type: "unsubscribed", sessionId: 17, message: "Unsubscribed from session 17" },
  { type: "pong" },
  {
    type: "error",
    code: "session_not_found",
    message: "Cannot subscribe to session 17: there is no such session",
  },
  started,
  added,
  voted,
  ended,
  { ...ended, seq: 412 },
  changed,
  removed,
  ...POLL_EVENTS,
]

/** A page of the event log. */
export const eventPage = { epoch: EPOCH, events: [{ ...started, seq: 398 }], next: 398 }
