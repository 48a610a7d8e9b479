/** Votes and voters as the documents describe them. */
import * as v from "valibot"
import type { ImportedChat } from "../chat-import.ts"
import { chatMessage, MOST_MESSAGES } from "../http/chat-import.ts"
import { newLink } from "../http/voter-links.ts"
import { liveVote, votePage } from "../http/votes.ts"
import type { GameTally, VotePage } from "../tallies.ts"
import type { VoterLink } from "../voter-links.ts"
import type { CastVote } from "../votes.ts"
import * as examples from "./examples.ts"
import {
  answerOf,
  asJson,
  count,
  type Descriptions,
  gives,
  id,
  makes,
  moment,
  NOTHING,
  named,
  saying,
  text,
  whole,
} from "./parts.ts"

const voteType = v.picklist(["up", "down"])

export const castVote = answerOf<CastVote & { success: true; message: "Vote recorded successfully" }>()(
  v.strictObject({
    success: v.literal(true),
    message: saying("Vote recorded successfully"),
    session: v.strictObject({ id, games_played: count }),
    game: v.strictObject({ id, title: text, upvotes: count, downvotes: count, popularity_score: whole }),
    vote: v.strictObject({ username: text, type: voteType, timestamp: moment }),
  }),
)

const page = answerOf<VotePage>()(
  v.strictObject({
    votes: v.array(
      v.strictObject({
        id,
        session_id: id,
        game_id: id,
        game_title: text,
        pack_name: text,
        username: text,
        vote_type: voteType,
        timestamp: moment,
        created_at: moment,
      }),
    ),
    pagination: v.strictObject({ page: id, limit: id, total: count, total_pages: count }),
  }),
)

export const gameTally = named(
  "GameTally",
  answerOf<GameTally>()(
    v.strictObject({
      game_id: id,
      title: text,
      pack_name: text,
      upvotes: count,
      downvotes: count,
      net_score: whole,
      total_votes: count,
    }),
  ),
)

const importedChat = answerOf<ImportedChat>()(
  v.strictObject({
    session_id: id,
    read: count,
    votes: count,
    duplicates: count,
    unmatched: count,
    unmatched_votes: v.array(
      v.strictObject({
        index: count,
        username: text,
        text,
        reason: v.picklist(["outside_session", "before_first_game", "not_played"]),
      }),
    ),
  }),
)

const link = named(
  "VoterLink",
  answerOf<VoterLink>()(v.strictObject({ id, usernames: v.array(text), created_at: moment })),
)

const messages = v.pipe(v.array(named("ChatMessage", chatMessage())), v.maxLength(MOST_MESSAGES))

export const voteDescriptions: Descriptions = {
  "POST /api/votes/live": {
    id: "votes.cast",
    tag: "Votes",
    summary: "Cast a vote",
    description:
      "It belongs to the game that was being played at its `timestamp`, or now without one; a `ticker` names a game of the session directly. The last game takes votes until 60 seconds after the session closed. The same voter again within one second is one vote sent twice: 409. It is on disk before the answer goes out, and bots that follow the session hear `vote.received`.",
    body: asJson(liveVote(), { username: "ann", vote: "up", timestamp: "2025-11-01T20:15:00.000Z" }),
    once: true,
    answers: gives(
      "It counts. The numbers of the game are those of all its nights.",
      castVote,
      examples.castVote,
    ),
    problems: ["session_not_found", "game_not_found", "duplicate_vote", "rate_limited"],
  },
  "GET /api/votes": {
    id: "votes.page",
    tag: "Votes",
    summary: "Read every vote, newest first",
    query: votePage,
    answers: gives("The votes of the page.", page, examples.votePage),
  },
  "GET /api/sessions/:id/votes": {
    id: "votes.tally",
    tag: "Votes",
    summary: "Read the result of a session, best game first",
    answers: gives(
      "The games that were voted on.",
      answerOf<{ session_id: number; votes: GameTally[] }>()(
        v.strictObject({ session_id: id, votes: v.array(gameTally) }),
      ),
      examples.tally,
    ),
    problems: ["session_not_found"],
  },
  "POST /api/sessions/:id/chat-import": {
    id: "votes.import",
    tag: "Votes",
    summary: "Count the votes in the chat of a night",
    description:
      "Finds `thisgame++` and `thisgame--`, and the same behind a ticker. The same chat again changes nothing, and nobody is told. If a single message cannot be read nothing is counted. A chat has 5 MiB at most.",
    body: asJson(v.union([v.object({ chatData: messages }), messages]), {
      chatData: [{ username: "ann", message: "QPL9++", timestamp: "2025-11-01T20:15:00.000Z" }],
    }),
    once: true,
    answers: gives("What was found.", importedChat, examples.importedChat),
    problems: ["session_not_found"],
  },
  "GET /api/voters/links": {
    id: "voterLinks.list",
    tag: "Votes",
    summary: "List the names that are one voter",
    answers: gives("The links, in the order they were made.", v.array(link), [examples.voterLink]),
  },
  "POST /api/voters/links": {
    id: "voterLinks.link",
    tag: "Votes",
    summary: "Make one voter of several names",
    description: "From then on; votes that were cast before stay.",
    body: asJson(newLink(), { usernames: ["ann", "Ann_on_Twitch"] }),
    once: true,
    answers: makes("They are one voter.", link, examples.voterLink),
    problems: ["conflict"],
  },
  "DELETE /api/voters/links/:id": {
    id: "voterLinks.unlink",
    tag: "Votes",
    summary: "Make them several voters again",
    answers: NOTHING,
    problems: ["not_found"],
  },
}
