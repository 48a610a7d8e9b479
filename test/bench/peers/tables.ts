/** What every peer keeps on disk and asks of it: one text, so that all of them have the same work. */

export const PRAGMAS = ["busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"]

export const TABLES = `
CREATE TABLE IF NOT EXISTS games (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  pack_name TEXT NOT NULL,
  upvotes INTEGER NOT NULL DEFAULT 0,
  downvotes INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT OR IGNORE INTO games (id, title, pack_name) VALUES (1, 'Quiplash 3', 'Party Pack 7');
CREATE TABLE IF NOT EXISTS sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  notes TEXT,
  is_active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session_games (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  game_id INTEGER NOT NULL REFERENCES games (id),
  played_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL REFERENCES sessions (id),
  game_id INTEGER NOT NULL REFERENCES games (id),
  username TEXT NOT NULL,
  vote_type TEXT NOT NULL,
  timestamp TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS votes_by_voter ON votes (session_id, username, timestamp);
`

export const SQL = {
  addSession: "INSERT INTO sessions (notes, created_at) VALUES (?, ?) RETURNING id",
  addGame: "INSERT INTO session_games (session_id, game_id, played_at) VALUES (?, ?, ?) RETURNING id",
  playing: `SELECT session_id, game_id, title, pack_name FROM session_games JOIN games ON games.id = game_id
    ORDER BY session_games.id DESC LIMIT 1`,
  session: "SELECT id FROM sessions WHERE id = ?",
  twin: "SELECT 1 FROM votes WHERE session_id = ? AND username = ? AND timestamp > ? LIMIT 1",
  addVote: "INSERT INTO votes (session_id, game_id, username, vote_type, timestamp) VALUES (?, ?, ?, ?, ?)",
  upvote: "UPDATE games SET upvotes = upvotes + 1 WHERE id = ? RETURNING upvotes, downvotes",
  downvote: "UPDATE games SET downvotes = downvotes + 1 WHERE id = ? RETURNING upvotes, downvotes",
}

/** The same voter votes again a second later at the earliest. */
export const TWIN_MS = 1_000

export type Vote = { username: string; type: "up" | "down"; timestamp: string }
export type Playing = { session_id: number; game_id: number; title: string; pack_name: string }
export type Totals = { upvotes: number; downvotes: number }
export type Event = ReturnType<typeof eventOf>

export const eventOf = (playing: Playing, vote: Vote, { upvotes, downvotes }: Totals) => ({
  type: "vote.received",
  timestamp: vote.timestamp,
  data: {
    sessionId: playing.session_id,
    game: { id: playing.game_id, title: playing.title, pack_name: playing.pack_name },
    vote,
    totals: { upvotes, downvotes, popularity_score: upvotes - downvotes },
  },
})

export const answerOf = ({ data: { sessionId, game, vote, totals } }: Event) => ({
  success: true,
  message: "Vote recorded successfully",
  session: { id: sessionId, games_played: 1 },
  game: { id: game.id, title: game.title, ...totals },
  vote,
})
