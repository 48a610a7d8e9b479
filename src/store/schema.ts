/** The tables as Kysely sees them. Times are ISO 8601 UTC text with milliseconds; booleans are 0 or 1. */
import type { Generated, Selectable, Transaction } from "kysely"
import type { GameNightEvent } from "../server-messages.ts"

export type Flag = 0 | 1
export type GameStatus = "playing" | "played" | "skipped"
export type GameSource = "dice" | "manual" | "poll"
export type VoteType = "up" | "down"
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
  events: {
    seq: Generated<number>
    session_id: number
    type: GameNightEvent["type"]
    frame: string
    created_at: string
  }
  tokens: {
    id: string
    name: string
    role: Role
    created_at: string
    expires_at: string
    revoked_at: string | null
  }
  admins: { name: string; key_hash: string; created_at: string }
  /** What was answered to a request that may come again; `result` is JSON. */
  idempotency: { principal: string; key: string; fingerprint: string; result: string; created_at: string }
}

export type Trx = Transaction<Database>
export type GameRow = Selectable<Database["games"]>
export type SessionRow = Selectable<Database["sessions"]>
