/** Databases of every schema there ever was, and what tells one from another. */
import { Database } from "bun:sqlite"
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { databaseIn } from "../../src/store/folder.ts"
import { migrations, SCHEMA_VERSION } from "../../src/store/migrations.ts"
import { newFolder } from "../support/server.ts"

const AT = "2025-11-01T20:00:00.000Z"

/** A night of schema 1, with a row in every table people fill. */
const ROWS = `
INSERT INTO meta (key, value) VALUES ('epoch', 'the first one');
INSERT INTO packs (name) VALUES ('Attic');
INSERT INTO games (id, pack_name, title, min_players, max_players, game_type, play_count, upvotes, created_at)
  VALUES (1, 'Attic', 'Charades', 2, 9, 'Other', 1, 1, '${AT}');
INSERT INTO sessions (id, notes, is_active, created_at, closed_at)
  VALUES (1, 'Long ago', 0, '${AT}', '2025-11-01T23:00:00.000Z');
INSERT INTO session_games (id, session_id, game_id, status, played_at, source, upvotes)
  VALUES (1, 1, 1, 'played', '${AT}', 'dice', 1);
INSERT INTO votes (session_id, session_game_id, game_id, username, voter, vote_type, timestamp, created_at)
  VALUES (1, 1, 1, 'Ann', 'ann', 'up', '${AT}', '${AT}');
INSERT INTO events (session_id, type, frame, created_at) VALUES (1, 'session.ended', '{}', '${AT}');
`

/** What the night above must still say after any step. */
const QUESTIONS = [
  "SELECT value FROM meta WHERE key = 'epoch'",
  "SELECT id, pack_name, title, play_count, upvotes, created_at FROM games WHERE title = 'Charades'",
  "SELECT id, notes, is_active, created_at, closed_at FROM sessions",
  "SELECT id, session_id, game_id, status, played_at, source, upvotes FROM session_games",
  "SELECT session_id, session_game_id, game_id, username, voter, vote_type, timestamp FROM votes",
  "SELECT seq, session_id, type, frame, created_at FROM events",
]

/** Makes the database of schema 1 in a folder that does not exist yet. */
export function writeOldDatabase(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const db = new Database(databaseIn(dataDir))
  db.exec("PRAGMA journal_mode=WAL")
  db.exec(migrations[0]?.sql ?? "")
  db.exec(ROWS)
  db.exec("PRAGMA user_version=1")
  db.close()
}

/** What a database should be: of schema `least` or later, 0 if there need be none, and whether it is the old night. */
export type Wanted = { least: number; isOld: boolean }

/** Everything that is wrong with a database that was left in the middle of something. */
export function whatIsBetween(dataDir: string, { least, isOld }: Wanted): string[] {
  if (!existsSync(databaseIn(dataDir))) return least > 0 ? ["There is no database"] : []
  // Looking at it may finish or take back what is open: that is left to the program.
  const copy = join(newFolder(), "copy")
  cpSync(dataDir, copy, { recursive: true })
  const db = new Database(databaseIn(copy))
  try {
    const version = versionOf(db)
    const wrong = []
    if (version < least || version > SCHEMA_VERSION) wrong.push(`It has schema ${version}`)
    if (!Bun.deepEquals(schemaOf(db), referenceSchema(version))) {
      wrong.push(`It says schema ${version} and is ${JSON.stringify(schemaOf(db))}`)
    }
    if (isOld) wrong.push(...forgotten(db))
    return wrong
  } finally {
    db.close()
    rmSync(copy, { recursive: true })
  }
}

function forgotten(db: Database): string[] {
  const old = new Database(":memory:")
  old.exec(migrations[0]?.sql ?? "")
  old.exec(ROWS)
  return QUESTIONS.filter(
    (question) => !Bun.deepEquals(db.query(question).all(), old.query(question).all()),
  ).map((question) => `Changed: ${question}`)
}

const versionOf = (db: Database): number =>
  db.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0

const schemaOf = (db: Database): unknown[] =>
  db.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all()

function referenceSchema(version: number): unknown[] {
  const db = new Database(":memory:")
  for (const { sql } of migrations.slice(0, version)) db.exec(sql)
  return schemaOf(db)
}
