/** Past nights and numbers as the documents describe them. */
import * as v from "valibot"
import type { SingleVote, WholeNight } from "../history.ts"
import { exportWish, recapWish } from "../http/history.ts"
import type { SessionGame } from "../session-games.ts"
import type { GameNumbers, NightNumbers, Stats } from "../stats.ts"
import * as examples from "./examples.ts"
import {
  answerOf,
  asJson,
  count,
  type Descriptions,
  gives,
  id,
  moment,
  named,
  text,
  textOrNull,
  whole,
} from "./parts.ts"
import { sessionGame } from "./session-games.ts"
import { session } from "./sessions.ts"
import { gameTally } from "./votes.ts"

const singleVote = answerOf<SingleVote>()(
  v.strictObject({
    username: text,
    vote_type: v.picklist(["up", "down"]),
    source: textOrNull,
    timestamp: moment,
  }),
)

type PlayedWithVotes = SessionGame & { votes: SingleVote[] }

const night = answerOf<Omit<WholeNight, "games"> & { exported_at: string; games: PlayedWithVotes[] }>()(
  v.strictObject({
    session,
    tally: v.array(gameTally),
    voters: count,
    exported_at: moment,
    games: v.array(v.strictObject({ ...sessionGame.entries, votes: v.array(singleVote) })),
  }),
)

const numbers = named(
  "GameNumbers",
  answerOf<GameNumbers>()(
    v.strictObject({
      id,
      title: text,
      pack_name: text,
      play_count: count,
      popularity_score: whole,
      upvotes: count,
      downvotes: count,
    }),
  ),
)

const nightNumbers = answerOf<NightNumbers>()(
  v.strictObject({
    session_id: id,
    notes: textOrNull,
    created_at: moment,
    games_played: count,
    upvotes: count,
    downvotes: count,
    total_votes: count,
  }),
)

const one = v.strictObject({ count })

const stats = answerOf<Stats>()(
  v.strictObject({
    games: one,
    gamesEnabled: one,
    packs: one,
    sessions: one,
    activeSessions: one,
    archivedSessions: one,
    totalGamesPlayed: one,
    totalVotes: v.strictObject({ count, upvotes: count, downvotes: count }),
    mostPlayedGames: v.array(numbers),
    topRatedGames: v.array(numbers),
    lowestRatedGames: v.array(numbers),
    mostDivisiveGames: v.array(numbers),
    votesByNight: v.array(nightNumbers),
  }),
)

export const historyDescriptions: Descriptions = {
  "GET /api/sessions/:id/export": {
    id: "history.export",
    tag: "History",
    summary: "Download a night",
    description:
      "JSON is the whole night with every single vote. CSV has a row for each game; a text that begins like a formula gets a `'` in front. Text is for people.",
    query: exportWish,
    answers: {
      200: {
        description: "The night.",
        content: {
          ...asJson(night),
          "text/plain": { schema: text },
          "text/csv": { schema: text },
        },
        headers: ["Content-Disposition"],
      },
    },
    problems: ["session_not_found"],
  },
  "GET /api/sessions/:id/recap": {
    id: "history.recap",
    tag: "History",
    summary: "Tell a night in short",
    description:
      "Markdown for a chat, or an SVG picture for a page: what was played, how it was liked, the best game. Times are in UTC unless `timezone` names a zone. It is in English, or in German with `lang=de`.",
    query: recapWish,
    answers: {
      200: {
        description: "The recap.",
        content: { "text/markdown": { schema: text }, "image/svg+xml": { schema: text } },
        headers: ["Content-Disposition"],
      },
    },
    problems: ["session_not_found"],
  },
  "GET /api/stats": {
    id: "stats.read",
    tag: "History",
    summary: "Read the numbers over all nights",
    description:
      "10 games at most of each kind, and the last 30 nights. A game is divisive if it has many votes and they are split evenly.",
    answers: gives("The numbers.", stats, examples.stats),
  },
}
