/** Reads what a folder holds after a restart: over REST, and from its database file. */
import { Database } from "bun:sqlite"
import type { StoredEvent } from "../../src/events.ts"
import { databaseIn } from "../../src/store/folder.ts"
import type { Api } from "../support/api.ts"
import type { FinalState } from "./checker.ts"
import type { GameRow, PlayedRow, SessionRow, VoteRow } from "./fold.ts"

/** Events and votes are read from after these, everything else whole. */
export type Since = { seq: number; voteId: number }

export async function readState(dataDir: string, api: Api, since: Since): Promise<FinalState> {
  const { events, ...tables } = readDatabase(databaseIn(dataDir), since)
  const touched = new Set(events.map(({ session_id }) => session_id))
  const results = await Promise.all(
    [...touched].map(async (id) => (await api("GET", `/api/sessions/${id}/votes`)).body),
  )
  const { body: active } = await api("GET", "/api/sessions/active")
  const { epoch, lastGiven, ...rows } = tables
  return { epoch, lastGiven, events, tables: { ...rows, results, activeId: active?.id ?? null } }
}

/** What stands in a database file, as of one moment. */
export function readDatabase(path: string, since: Since) {
  const db = new Database(path, { readonly: true, strict: true })
  try {
    db.exec("PRAGMA busy_timeout=5000")
    const rows = <Row>(sql: string, ...parameters: number[]) =>
      db.query<Row, number[]>(sql).all(...parameters)
    const value = <T>(sql: string): T => Object.values(rows<Record<string, T>>(sql)[0] ?? {})[0] as T
    return db.transaction(() => ({
      epoch: value<string>("SELECT value FROM meta WHERE key = 'epoch'"),
      lastGiven: value<number | undefined>("SELECT seq FROM sqlite_sequence WHERE name = 'events'") ?? 0,
      events: rows<StoredEvent>(
        "SELECT seq, session_id, type, frame FROM events WHERE seq > ? ORDER BY seq",
        since.seq,
      ),
      sessions: rows<SessionRow>(
        "SELECT id, notes, is_active, created_at, closed_at FROM sessions ORDER BY id",
      ),
      played: rows<PlayedRow>(
        "SELECT id, session_id, game_id, status, played_at, room_code, upvotes, downvotes FROM session_games ORDER BY id",
      ),
      votes: rows<VoteRow>(
        "SELECT id, session_game_id, voter, vote_type, timestamp FROM votes WHERE id > ? ORDER BY id",
        since.voteId,
      ),
      voteCount: value<number>("SELECT count(*) FROM votes"),
      games: rows<GameRow>("SELECT id, play_count, upvotes, downvotes FROM games ORDER BY id"),
    }))()
  } finally {
    db.close()
  }
}

/** What SQLite itself says about the file, whole: "ok" and no row that points nowhere. */
export const integrityOf = (dataDir: string): string[] => integrityOfFile(databaseIn(dataDir))

export function integrityOfFile(path: string): string[] {
  const db = new Database(path, { readonly: true })
  try {
    const verdicts = db.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all()
    const orphans = db.query("PRAGMA foreign_key_check").all()
    return [
      ...verdicts.map(({ integrity_check }) => integrity_check).filter((verdict) => verdict !== "ok"),
      ...orphans.map((orphan) => `A row points nowhere: ${JSON.stringify(orphan)}`),
    ]
  } finally {
    db.close()
  }
}
