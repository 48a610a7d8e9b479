/** What the server says of the next game: the events of a poll and of the pending pick, and both as rows. */
import * as v from "valibot"
import { isoTime, sessionId } from "./protocol.ts"

const source = v.picklist(["dice", "manual", "poll"])
const gameId = v.nullable(v.number())
const pollId = v.number()
const votes = v.number()
const totalVotes = v.number()
const position = v.number()
const label = v.string()
const ticker = v.nullable(v.string())
const flag = v.picklist([0, 1])

/** In the order of their positions; `gameId` is null for what is no game. */
const options = v.array(v.strictObject({ position, gameId, label, ticker, votes }))
const game = v.strictObject({ id: v.number(), title: v.string(), pack_name: v.string() })

/** The data of each event by its type. */
export const pollEvents = {
  "poll.start": v.strictObject({ sessionId, pollId, endsAt: v.nullable(isoTime), options }),
  "poll.voted": v.strictObject({ sessionId, pollId, totalVotes, options }),
  "poll.leading": v.strictObject({ sessionId, pollId, position, gameId, label, votes, totalVotes }),
  "poll.ending": v.strictObject({ sessionId, pollId, endsAt: isoTime }),
  "poll.ending.cancelled": v.strictObject({ sessionId, pollId }),
  "voting.ended": v.strictObject({
    sessionId,
    pollId,
    winnerGameId: gameId,
    winnerLabel: v.string(),
    winnerVotes: v.number(),
    totalVotes,
    tie: v.boolean(),
    options,
  }),
  "game.picked": v.strictObject({ sessionId, game, source, pickedBy: v.nullable(v.string()) }),
  "game.dismissed": v.strictObject({ sessionId, game }),
}

export const pollRow = v.strictObject({
  id: v.number(),
  session_id: sessionId,
  state: v.picklist(["open", "ending", "closed"]),
  created_at: isoTime,
  ends_at: v.nullable(isoTime),
  ended_at: v.nullable(isoTime),
  options: v.array(v.strictObject({ position, game_id: gameId, label, ticker, votes })),
  total_votes: v.number(),
  leading: v.nullable(v.number()),
  winner: v.nullable(v.strictObject({ position, game_id: gameId, label, votes, tie: flag })),
})

export const selectionRow = v.strictObject({
  session_id: sessionId,
  game_id: v.number(),
  title: v.string(),
  pack_name: v.string(),
  source,
  picked_by: v.nullable(v.string()),
  created_at: isoTime,
})
