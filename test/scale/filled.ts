/** Data folders with any number of votes, filled by SQL: nights of ten games, each voted on by as many viewers. */
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { loadCatalogue } from "../../src/shipped.ts"
import { openFolder } from "../support/night.ts"
import { newFolder } from "../support/server.ts"

export const GAMES_PER_NIGHT = 10

export type Size = { nights: number; votersPerGame: number }

/** The nights are a day apart and over, but for the last one, which runs. */
const NIGHTS = `
WITH RECURSIVE night(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM night WHERE id < $nights)
INSERT INTO sessions (id, notes, is_active, created_at, closed_at, archived)
SELECT id, 'Night ' || id, id = $nights, strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', id || ' days'),
  CASE WHEN id < $nights THEN strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', id || ' days', '4 hours') END, 0
FROM night`

const GAMES = `
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < ${GAMES_PER_NIGHT - 1})
INSERT INTO session_games (session_id, game_id, status, played_at, manually_added, source, upvotes, downvotes)
SELECT sessions.id, 1 + (sessions.id * 7 + n) % 50,
  CASE WHEN is_active AND n = ${GAMES_PER_NIGHT - 1} THEN 'playing' ELSE 'played' END,
  strftime('%Y-%m-%dT%H:%M:%fZ', created_at, (n * 20) || ' minutes'), 0, 'dice', $voters - $voters / 2, $voters / 2
FROM sessions, place ORDER BY sessions.id, n`

/** Every second viewer is against it. */
const VOTES = `
WITH RECURSIVE viewer(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM viewer WHERE n < $voters)
INSERT INTO votes (session_id, session_game_id, game_id, username, voter, vote_type, timestamp, created_at)
SELECT session_id, session_games.id, game_id, 'Viewer ' || n, 'viewer ' || n,
  CASE WHEN n % 2 = 0 THEN 'down' ELSE 'up' END, played_at, played_at
FROM session_games, viewer ORDER BY session_games.id, n`

const COUNTERS = `
UPDATE games SET (play_count, upvotes, downvotes) =
  (SELECT count(*), coalesce(sum(upvotes), 0), coalesce(sum(downvotes), 0)
   FROM session_games WHERE game_id = games.id)`

/** Gives the folder. */
export async function filledFolder({ nights, votersPerGame }: Size): Promise<string> {
  const dataDir = join(newFolder(), "data")
  const store = openFolder(dataDir)
  await loadCatalogue(store)
  await store.close()

  const database = new Database(join(dataDir, "gamenight.db"), { strict: true })
  database.run("PRAGMA synchronous = OFF")
  const indexes = database
    .query<{ name: string; sql: string }, []>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'votes' AND sql IS NOT NULL",
    )
    .all()
  // Built afterwards in one go each, an index costs a fraction.
  for (const { name } of indexes) database.run(`DROP INDEX ${name}`)
  database.transaction(() => {
    database.query(NIGHTS).run({ nights })
    database.query(GAMES).run({ voters: votersPerGame })
    database.query(VOTES).run({ voters: votersPerGame })
    database.run(COUNTERS)
    for (const { sql } of indexes) database.run(sql)
  })()
  database.run("PRAGMA wal_checkpoint(TRUNCATE)")
  database.close()
  return dataDir
}
