/** True examples of polls and of the pending pick, as the README shows them. */

const START = "2025-11-01T20:30:00.000Z"
const VOTED = "2025-11-01T20:31:00.000Z"
const END = "2025-11-01T20:32:00.000Z"

const optionRows = (votes: number) => [
  { position: 1, game_id: 42, label: "Quiplash 3", ticker: "QPL3", votes },
  { position: 2, game_id: null, label: "Other", ticker: null, votes: 0 },
]

export const poll = {
  id: 3,
  session_id: 17,
  state: "closed",
  created_at: START,
  ends_at: null,
  ended_at: END,
  options: optionRows(1),
  total_votes: 1,
  leading: 1,
  winner: { position: 1, game_id: 42, label: "Quiplash 3", votes: 1, tie: 0 },
}

export const pollVote = {
  success: true,
  message: "Vote recorded successfully",
  poll: { ...poll, state: "open", ended_at: null, winner: null },
  vote: { username: "ann", position: 1, label: "Quiplash 3", timestamp: VOTED },
}

export const selection = {
  session_id: 17,
  game_id: 42,
  title: "Quiplash 3",
  pack_name: "The Jackbox Party Pack 7",
  source: "poll",
  picked_by: null,
  created_at: END,
}

const IDS = { sessionId: 17, pollId: 3 }

const options = (votes: number) => [
  { position: 1, gameId: 42, label: "Quiplash 3", ticker: "QPL3", votes },
  { position: 2, gameId: null, label: "Other", ticker: null, votes: 0 },
]

const game = { id: 42, title: "Quiplash 3", pack_name: "The Jackbox Party Pack 7" }

const event = (type: string, timestamp: string, data: object) => ({ type, timestamp, data })

export const POLL_EVENTS = [
  event("poll.start", START, { ...IDS, endsAt: null, options: options(0) }),
  event("poll.voted", VOTED, { ...IDS, totalVotes: 1, options: options(1) }),
  event("poll.leading", VOTED, {
    ...IDS,
    position: 1,
    gameId: 42,
    label: "Quiplash 3",
    votes: 1,
    totalVotes: 1,
  }),
  event("poll.ending", "2025-11-01T20:31:30.000Z", { ...IDS, endsAt: END }),
  event("poll.ending.cancelled", "2025-11-01T20:31:40.000Z", IDS),
  event("voting.ended", END, {
    ...IDS,
    winnerGameId: 42,
    winnerLabel: "Quiplash 3",
    winnerVotes: 1,
    totalVotes: 1,
    tie: false,
    options: options(1),
  }),
  event("game.picked", END, { sessionId: 17, game, source: "poll", pickedBy: null }),
  event("game.dismissed", "2025-11-01T20:33:00.000Z", { sessionId: 17, game }),
]
