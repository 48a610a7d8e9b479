import { WEBHOOK_TABLES } from "./webhook-tables.ts"

/** Every step the database has taken, as frozen SQL: a released entry is never edited, a change is a new entry. */
export const migrations: readonly { version: number; sql: string }[] = [
  {
    version: 1,
    sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE packs (
  name TEXT PRIMARY KEY,
  favor_bias INTEGER NOT NULL DEFAULT 0 CHECK (favor_bias IN (-1, 0, 1)),
  owned INTEGER NOT NULL DEFAULT 1 CHECK (owned IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE games (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pack_name TEXT NOT NULL REFERENCES packs (name),
  title TEXT NOT NULL,
  min_players INTEGER NOT NULL CHECK (min_players >= 1),
  max_players INTEGER NOT NULL CHECK (max_players >= min_players),
  length_minutes INTEGER CHECK (length_minutes > 0),
  has_audience INTEGER NOT NULL DEFAULT 0 CHECK (has_audience IN (0, 1)),
  family_friendly INTEGER NOT NULL DEFAULT 0 CHECK (family_friendly IN (0, 1)),
  game_type TEXT NOT NULL,
  secondary_type TEXT,
  ticker TEXT COLLATE NOCASE,
  play_count INTEGER NOT NULL DEFAULT 0,
  upvotes INTEGER NOT NULL DEFAULT 0 CHECK (upvotes >= 0),
  downvotes INTEGER NOT NULL DEFAULT 0 CHECK (downvotes >= 0),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  favor_bias INTEGER NOT NULL DEFAULT 0 CHECK (favor_bias IN (-1, 0, 1)),
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX games_by_ticker ON games (ticker);
CREATE INDEX games_by_pack ON games (pack_name, title);

CREATE TABLE game_packs (
  game_id INTEGER NOT NULL REFERENCES games (id) ON DELETE CASCADE,
  pack_name TEXT NOT NULL REFERENCES packs (name),
  PRIMARY KEY (game_id, pack_name)
) STRICT, WITHOUT ROWID;
CREATE INDEX game_packs_by_pack ON game_packs (pack_name);

CREATE TABLE catalogue_keys (
  key TEXT PRIMARY KEY,
  game_id INTEGER REFERENCES games (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX catalogue_keys_by_game ON catalogue_keys (game_id);

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  notes TEXT,
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  created_at TEXT NOT NULL,
  closed_at TEXT,
  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
  CHECK ((is_active = 1) = (closed_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX sessions_one_active ON sessions (is_active) WHERE is_active = 1;

CREATE TABLE session_games (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  game_id INTEGER NOT NULL REFERENCES games (id),
  status TEXT NOT NULL CHECK (status IN ('playing', 'played', 'skipped')),
  played_at TEXT NOT NULL,
  manually_added INTEGER NOT NULL DEFAULT 0 CHECK (manually_added IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('dice', 'manual', 'poll')),
  room_code TEXT,
  player_count INTEGER CHECK (player_count >= 0),
  upvotes INTEGER NOT NULL DEFAULT 0 CHECK (upvotes >= 0),
  downvotes INTEGER NOT NULL DEFAULT 0 CHECK (downvotes >= 0)
) STRICT;
CREATE INDEX session_games_by_time ON session_games (session_id, played_at, id);
CREATE INDEX session_games_by_game ON session_games (game_id);
CREATE UNIQUE INDEX session_games_one_playing ON session_games (session_id) WHERE status = 'playing';

CREATE TABLE votes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  session_game_id INTEGER NOT NULL REFERENCES session_games (id) ON DELETE CASCADE,
  game_id INTEGER NOT NULL REFERENCES games (id),
  username TEXT NOT NULL,
  voter TEXT NOT NULL,
  vote_type TEXT NOT NULL CHECK (vote_type IN ('up', 'down')),
  source TEXT,
  timestamp TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX votes_by_voter ON votes (session_id, voter, timestamp);
CREATE INDEX votes_by_played_game ON votes (session_game_id, voter);
CREATE INDEX votes_by_game ON votes (game_id);
CREATE INDEX votes_of_voter ON votes (voter);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  frame TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_session ON events (session_id, seq);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'bot', 'host', 'admin')),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  revoked_at TEXT
) STRICT;

CREATE TABLE admins (name TEXT PRIMARY KEY COLLATE NOCASE, key_hash TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
`,
  },
  {
    version: 2,
    sql: `
CREATE TABLE idempotency (
  principal TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (principal, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

ALTER TABLE session_games ADD COLUMN active_at TEXT;
UPDATE session_games SET active_at = (SELECT MAX(created_at) FROM votes WHERE session_game_id = session_games.id)
WHERE session_id IN (SELECT id FROM sessions WHERE is_active = 1);
`,
  },
  {
    version: 3,
    sql: `
CREATE INDEX votes_of_session ON votes (session_id);
CREATE INDEX sessions_by_archived ON sessions (archived);
`,
  },
  {
    version: 4,
    sql: `
ALTER TABLE catalogue_keys ADD COLUMN shipped TEXT;
UPDATE catalogue_keys SET shipped = (
  SELECT json_object(
    'title', title,
    'packs', (SELECT json_group_array(pack_name) FROM game_packs WHERE game_packs.game_id = games.id),
    'min_players', min_players, 'max_players', max_players, 'length_minutes', length_minutes,
    'has_audience', has_audience, 'family_friendly', family_friendly,
    'game_type', game_type, 'secondary_type', secondary_type, 'ticker', ticker, 'enabled', enabled)
  FROM games WHERE games.id = catalogue_keys.game_id);

CREATE TABLE pack_renames (old_name TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
`,
  },
  {
    version: 5,
    sql: `
CREATE TABLE chat_votes (
  session_game_id INTEGER NOT NULL REFERENCES session_games (id) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  timestamp TEXT NOT NULL,
  PRIMARY KEY (session_game_id, voter, timestamp)
) STRICT, WITHOUT ROWID;

CREATE TABLE voter_links (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT NOT NULL) STRICT;
CREATE TABLE linked_voters (
  voter TEXT PRIMARY KEY,
  link_id INTEGER NOT NULL REFERENCES voter_links (id) ON DELETE CASCADE,
  username TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX linked_voters_by_link ON linked_voters (link_id, voter);
`,
  },
  {
    version: 6,
    sql: `
CREATE TABLE polls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('open', 'ending', 'closed')),
  created_at TEXT NOT NULL,
  ends_at TEXT,
  ended_at TEXT,
  active_at TEXT NOT NULL,
  seed TEXT NOT NULL,
  leading INTEGER,
  winner INTEGER,
  tie INTEGER NOT NULL DEFAULT 0 CHECK (tie IN (0, 1)),
  CHECK (state != 'ending' OR ends_at IS NOT NULL),
  CHECK ((state = 'closed') = (ended_at IS NOT NULL)),
  CHECK ((state = 'closed') = (winner IS NOT NULL))
) STRICT;
CREATE INDEX polls_by_session ON polls (session_id);
CREATE UNIQUE INDEX polls_one_running ON polls (session_id) WHERE state != 'closed';

CREATE TABLE poll_options (
  poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 1),
  game_id INTEGER REFERENCES games (id) ON DELETE SET NULL,
  label TEXT NOT NULL,
  ticker TEXT,
  weight INTEGER NOT NULL CHECK (weight >= 0),
  votes INTEGER NOT NULL DEFAULT 0 CHECK (votes >= 0),
  PRIMARY KEY (poll_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX poll_options_by_game ON poll_options (game_id);

CREATE TABLE poll_votes (
  poll_id INTEGER NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
  voter TEXT NOT NULL,
  position INTEGER NOT NULL,
  username TEXT NOT NULL,
  source TEXT,
  timestamp TEXT NOT NULL,
  PRIMARY KEY (poll_id, voter)
) STRICT, WITHOUT ROWID;

CREATE TABLE game_selections (
  session_id INTEGER PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  game_id INTEGER NOT NULL REFERENCES games (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('dice', 'manual', 'poll')),
  picked_by TEXT,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX game_selections_by_game ON game_selections (game_id);
`,
  },
  {
    // Of the five indexes that each vote writes, one is in the order of voters and so on another page each time.
    version: 7,
    sql: `
DROP INDEX votes_by_voter;
DROP INDEX votes_by_played_game;
DROP INDEX votes_of_voter;
CREATE INDEX votes_of_voter ON votes (voter, session_id, timestamp);
CREATE INDEX votes_of_played_game ON votes (session_game_id);
`,
  },
  { version: 8, sql: "ALTER TABLE tokens ADD COLUMN last_used_at TEXT;" },
  { version: 9, sql: WEBHOOK_TABLES },
]

/** The schema this program writes; a database with a higher one was made by a newer program. */
export const SCHEMA_VERSION = migrations.length
