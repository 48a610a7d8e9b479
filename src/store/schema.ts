/** The tables as Kysely sees them. Times are ISO 8601 UTC text with milliseconds; booleans are 0 or 1. */
import type { Generated, Selectable, Transaction } from "kysely"
import type { GameNightEvent } from "../server-messages.ts"

export type Flag = 0 | 1
export type GameStatus = "playing" | "played" | "skipped"
export type GameSource = "dice" | "manual" | "poll"
export type VoteType = "up" | "down"
export type PollState = "open" | "ending" | "closed"
export type Role = "viewer" | "bot" | "host" | "admin"

export type Database = {
  meta: { key: string; value: string }
  packs: { name: string; favor_bias: Generated<number>; owned: Generated<Flag> }
  games: {
    id: Generated<number>
    pack_name: string
    title: string
    min_players: number
    max_players: number
    length_minutes: number | null
    has_audience: Generated<Flag>
    family_friendly: Generated<Flag>
    game_type: string
    secondary_type: string | null
    ticker: string | null
    play_count: Generated<number>
    upvotes: Generated<number>
    downvotes: Generated<number>
    enabled: Generated<Flag>
    favor_bias: Generated<number>
    created_at: string
  }
  game_packs: { game_id: number; pack_name: string }
  /** `shipped` is JSON: the facts as they were shipped last, to tell what people changed since. */
  catalogue_keys: { key: string; game_id: number | null; shipped: string | null }
  /** Packs that people renamed, for games that are shipped under the old name later. */
  pack_renames: { old_name: string; name: string }
  sessions: {
    id: Generated<number>
    notes: string | null
    is_active: Generated<Flag>
    created_at: string
    closed_at: string | null
    archived: Generated<Flag>
  }
  session_games: {
    id: Generated<number>
    session_id: number
    game_id: number
    status: GameStatus
    played_at: string
    manually_added: Flag
    source: GameSource
    room_code: string | null
    player_count: number | null
    upvotes: Generated<number>
    downvotes: Generated<number>
    /** When the game last began, got a vote or changed its status; null in rows of older programs. */
    active_at: string | null
  }
  votes: {
    id: Generated<number>
    session_id: number
    session_game_id: number
    game_id: number
    username: string
    voter: string
    vote_type: VoteType
    source: string | null
    timestamp: string
    created_at: string
  }
  /** Every vote a chat import placed, so that the same chat changes nothing again, whatever became of the vote. */
  chat_votes: { session_game_id: number; voter: string; timestamp: string }
  voter_links: { id: Generated<number>; created_at: string }
  linked_voters: { voter: string; link_id: number; username: string }
  /**
   * Votes on the game to come. `ends_at` is when a running one closes by itself; `leading` and `winner` are positions;
   * `active_at` is when it last changed or got a vote.
   */
  polls: {
    id: Generated<number>
    session_id: number
    state: PollState
    created_at: string
    ends_at: string | null
    ended_at: string | null
    active_at: string
    seed: string
    leading: number | null
    winner: number | null
    tie: Generated<Flag>
  }
  /** `game_id` is null for what is no game, or none any more. */
  poll_options: {
    poll_id: number
    position: number
    game_id: number | null
    label: string
    ticker: string | null
    weight: number
    votes: Generated<number>
  }
  poll_votes: {
    poll_id: number
    voter: string
    position: number
    username: string
    source: string | null
    timestamp: string
  }
  /** The game that is to be played next, as the hosts of a session share it. */
  game_selections: {
    session_id: number
    game_id: number
    source: GameSource
    picked_by: string | null
    created_at: string
  }
  events: {
    seq: Generated<number>
    session_id: number
    type: GameNightEvent["type"]
    frame: string
    created_at: string
  }
  /** `last_used_at` is precise to the minute, null before the first use. */
  tokens: {
    id: string
    name: string
    role: Role
    created_at: string
    expires_at: string
    revoked_at: string | null
    last_used_at: string | null
  }
  /** `events` is a JSON list of types; `epoch` and `seq` are the place: all events up to there are dealt with. */
  webhooks: {
    id: Generated<number>
    name: string
    url: string
    secret: string
    events: string
    enabled: Flag
    epoch: string
    seq: number
    created_at: string
  }
  /** One row a try. `seq` is null for a test, `status` where nobody answered, `error` where it was taken. */
  webhook_deliveries: {
    id: Generated<number>
    webhook_id: number
    event: string
    seq: number | null
    attempt: number
    status: number | null
    error: string | null
    duration_ms: number
    created_at: string
  }
  admins: { name: string; key_hash: string; created_at: string }
  /** What was answered to a request that may come again; `result` is JSON. */
  idempotency: { principal: string; key: string; fingerprint: string; result: string; created_at: string }
}

export type Trx = Transaction<Database>
export type GameRow = Selectable<Database["games"]>
export type SessionRow = Selectable<Database["sessions"]>
