/** True examples of what the service answers, once for both documents and the page; the README shows the same. */

const NIGHT = "2025-11-01T20:00:00.123Z"

export const session = {
  id: 17,
  notes: "Friday Game Night",
  is_active: 1,
  created_at: NIGHT,
  closed_at: null,
  archived: 0,
  games_played: 5,
}

export const game = {
  id: 42,
  pack_name: "The Jackbox Party Pack 7",
  title: "Quiplash 3",
  min_players: 3,
  max_players: 8,
  length_minutes: 18,
  has_audience: 1,
  family_friendly: 1,
  game_type: "Writing",
  secondary_type: null,
  ticker: "QPL3",
  play_count: 3,
  popularity_score: 4,
  upvotes: 5,
  downvotes: 1,
  enabled: 1,
  favor_bias: 0,
  created_at: "2025-10-01T09:00:00.000Z",
}

export const sessionGame = {
  id: 88,
  session_id: 17,
  game_id: 42,
  title: "Quiplash 3",
  pack_name: "The Jackbox Party Pack 7",
  min_players: 3,
  max_players: 8,
  game_type: "Writing",
  status: "playing",
  played_at: "2025-11-01T20:10:00.000Z",
  manually_added: 0,
  source: "dice",
  room_code: "ABCD",
  player_count: null,
  upvotes: 5,
  downvotes: 1,
}

export const pack = {
  name: "The Jackbox Party Pack 7",
  favor_bias: 0,
  owned: 1,
  total_count: 5,
  enabled_count: 5,
}

export const token = "eyJhbGciOiJIUzI1NiJ9..."

const namedToken = {
  id: "7d9e42a3-3950-4d00-9d7f-22ef3f1ad572",
  name: "chat bot",
  role: "bot",
  created_at: "2025-11-01T19:00:00.000Z",
  expires_at: "2026-11-01T19:00:00.000Z",
}
export const madeToken = { ...namedToken, token }
export const listedToken = { ...namedToken, revoked_at: null }

export const login = { token, message: "Authentication successful", expiresIn: "24h", name: "admin" }

export const castVote = {
  success: true,
  message: "Vote recorded successfully",
  session: { id: 17, games_played: 5 },
  game: { id: 42, title: "Quiplash 3", upvotes: 5, downvotes: 1, popularity_score: 4 },
  vote: { username: "ann", type: "up", timestamp: "2025-11-01T20:15:00.000Z" },
}

export const picked = {
  game,
  poolSize: 31,
  totalEnabled: 67,
  probability: 0.03225806451612903,
  reasons: ["Seats 3 to 8, and you are 5"],
  seed: "friday",
}

export const plan = {
  games: [
    {
      game,
      starts_at: 0,
      minutes: 18,
      assumed: false,
      probability: 0.041666666666666664,
      reasons: ["Takes 18 minutes and leaves 2"],
    },
  ],
  ends_at: 18,
  spare_minutes: 2,
  seed: "friday",
}

export const imported = {
  message: "Imported 73 games",
  count: 73,
  mode: "replace",
  dry_run: false,
  added: 1,
  changed: 2,
  unchanged: 70,
  deleted: 0,
  disabled: 0,
  ignored_columns: [],
}

export const now = {
  session,
  game: sessionGame,
  minutes_in: 7,
  tonight: { upvotes: 5, downvotes: 1, popularity_score: 4 },
  all_time: { upvotes: 25, downvotes: 4, popularity_score: 21 },
}

export const voterLink = {
  id: 1,
  usernames: ["ann", "Ann_on_Twitch"],
  created_at: "2025-11-01T19:00:00.000Z",
}

export const importedChat = {
  session_id: 17,
  read: 2140,
  votes: 96,
  duplicates: 3,
  unmatched: 1,
  unmatched_votes: [{ index: 12, username: "ann", text: "QPL9++", reason: "not_played" }],
}

export const tally = {
  session_id: 17,
  votes: [
    {
      game_id: 42,
      title: "Quiplash 3",
      pack_name: "The Jackbox Party Pack 7",
      upvotes: 5,
      downvotes: 1,
      net_score: 4,
      total_votes: 6,
    },
  ],
}

export const votePage = {
  votes: [
    {
      id: 301,
      session_id: 17,
      game_id: 42,
      game_title: "Quiplash 3",
      pack_name: "The Jackbox Party Pack 7",
      username: "ann",
      vote_type: "up",
      timestamp: "2025-11-01T20:15:00.000Z",
      created_at: "2025-11-01T20:15:00.042Z",
    },
  ],
  pagination: { page: 1, limit: 50, total: 1, total_pages: 1 },
}

const numbers = {
  id: 42,
  title: "Quiplash 3",
  pack_name: "The Jackbox Party Pack 7",
  play_count: 1,
  popularity_score: 1,
  upvotes: 1,
  downvotes: 0,
}

export const stats = {
  games: { count: 72 },
  gamesEnabled: { count: 67 },
  packs: { count: 16 },
  sessions: { count: 1 },
  activeSessions: { count: 1 },
  archivedSessions: { count: 0 },
  totalGamesPlayed: { count: 1 },
  totalVotes: { count: 1, upvotes: 1, downvotes: 0 },
  mostPlayedGames: [numbers],
  topRatedGames: [numbers],
  lowestRatedGames: [],
  mostDivisiveGames: [],
  votesByNight: [
    {
      session_id: 17,
      notes: "Friday Game Night",
      created_at: NIGHT,
      games_played: 1,
      upvotes: 1,
      downvotes: 0,
      total_votes: 1,
    },
  ],
}

export const invalidVote = {
  type: "about:blank",
  title: "Bad Request",
  status: 400,
  detail: "Cannot read the body: vote: Must be up or down",
  code: "invalid_input",
  error: "Cannot read the body: vote: Must be up or down",
  errors: [{ path: "vote", message: "Must be up or down" }],
}

export const presentSocket = {
  name: "chat bot",
  role: "bot",
  since: "2025-11-01T19:58:00.000Z",
  silent_seconds: 4,
  lag_bytes: 0,
  sessions: [17],
}
