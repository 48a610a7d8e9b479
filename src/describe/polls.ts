/** Polls and the pending pick as the documents describe them. */
import * as v from "valibot"
import { rowId } from "../http/input.ts"
import { label, newPoll, newSelection, pollEnd } from "../http/polls.ts"
import { pollVote } from "../http/votes.ts"
import type { Selection } from "../pending-pick.ts"
import type { Poll } from "../poll-rows.ts"
import type { CastPollVote } from "../poll-votes.ts"
import {
  answerOf,
  asJson,
  count,
  type Descriptions,
  flag,
  gives,
  id,
  makes,
  moment,
  named,
  saying,
  text,
  textOrNull,
} from "./parts.ts"
import * as examples from "./poll-examples.ts"

const place = { position: id, game_id: v.nullable(id), label: text, votes: count }

export const poll = named(
  "Poll",
  answerOf<Poll>()(
    v.strictObject({
      id,
      session_id: id,
      state: v.picklist(["open", "ending", "closed"]),
      created_at: moment,
      ends_at: v.nullable(moment),
      ended_at: v.nullable(moment),
      options: v.array(v.strictObject({ ...place, ticker: textOrNull })),
      total_votes: count,
      leading: v.nullable(id),
      winner: v.nullable(v.strictObject({ ...place, tie: flag })),
    }),
  ),
)

const selection = named(
  "Selection",
  answerOf<Selection>()(
    v.strictObject({
      session_id: id,
      game_id: id,
      title: text,
      pack_name: text,
      source: v.picklist(["dice", "manual", "poll"]),
      picked_by: textOrNull,
      created_at: moment,
    }),
  ),
)

export const castPollVote = answerOf<
  CastPollVote & { success: true; message: "Vote recorded successfully" }
>()(
  v.strictObject({
    success: v.literal(true),
    message: saying("Vote recorded successfully"),
    poll,
    vote: v.strictObject({ username: text, position: id, label: text, timestamp: moment }),
  }),
)

/** The routes look at each option by itself, for the sake of what they say of a wrong one. */
const wish = v.object({
  ...newPoll().entries,
  options: v.nullish(v.pipe(v.array(v.union([rowId(), label()])), v.minLength(2), v.maxLength(8))),
})

const choice = v.union([pollVote().entries.choice, rowId()])

const open = examples.pollVote.poll
const ending = { ...open, state: "ending", ends_at: "2025-11-01T20:32:00.000Z" }

export const pollDescriptions: Descriptions = {
  "GET /api/sessions/:id/voting": {
    id: "polls.newest",
    tag: "Next game",
    summary: "Read the newest poll of a session",
    answers: gives("The poll, or null if there was none yet.", v.nullable(poll), examples.poll),
    problems: ["session_not_found"],
  },
  "POST /api/sessions/:id/voting/start": {
    id: "polls.start",
    tag: "Next game",
    summary: "Let viewers choose the next game",
    description:
      "Offers three games by weighted chance of those that fit and were not played in this session, and Other. It takes the filters of a pick. `options` names 2 to 8 options instead, each the id of a game or a label; `other` set to false leaves Other out. With `seconds` it ends by itself.",
    body: asJson(wish, { playerCount: 5, seconds: 60 }),
    once: true,
    answers: makes("It runs.", poll, { ...open, options: examples.poll.options }, "Location"),
    problems: ["session_not_found", "game_not_found", "no_game_fits", "session_closed", "poll_running"],
  },
  "POST /api/sessions/:id/voting/end": {
    id: "polls.end",
    tag: "Next game",
    summary: "Close a poll, now or in a while",
    description:
      "The most votes win, and the game that wins is picked to be played next. One that is closed stays as it is.",
    body: asJson(pollEnd(), { delay: 30 }),
    once: true,
    answers: gives("The poll.", poll, ending),
    problems: ["session_not_found", "poll_not_found"],
  },
  "POST /api/sessions/:id/voting/cancel-end": {
    id: "polls.cancelEnd",
    tag: "Next game",
    summary: "Take back when a poll ends",
    once: true,
    answers: gives("The poll.", poll, open),
    problems: ["session_not_found", "poll_not_found", "poll_closed", "conflict"],
  },
  "POST /api/votes/poll": {
    id: "polls.vote",
    tag: "Next game",
    summary: "Cast a vote in a poll",
    description:
      "`choice` is the number of an option, its ticker or its label, whatever the case. One vote for each voter; the newest counts. Without `pollId` it is for the newest poll, or the one before where its time or the delay of its `source` says so.",
    body: asJson(v.object({ ...pollVote().entries, choice }), { username: "ann", choice: 1 }),
    once: true,
    answers: gives("It counts.", castPollVote, examples.pollVote),
    problems: ["poll_not_found", "poll_closed", "rate_limited"],
  },
  "GET /api/sessions/:id/game-selection": {
    id: "gameSelections.pending",
    tag: "Next game",
    summary: "Read the game that is picked to be played next",
    answers: gives("The pick, or null.", v.nullable(selection), examples.selection),
    problems: ["session_not_found"],
  },
  "POST /api/sessions/:id/game-selection": {
    id: "gameSelections.pick",
    tag: "Next game",
    summary: "Pick the game to be played next",
    description: "It takes the place of the pick before, and the hosts share it.",
    body: asJson(newSelection(), { game_id: 42 }),
    once: true,
    answers: makes("It is picked.", selection, {
      ...examples.selection,
      source: "manual",
      picked_by: "host",
    }),
    problems: ["session_not_found", "game_not_found", "session_closed"],
  },
  "DELETE /api/sessions/:id/game-selection": {
    id: "gameSelections.dismiss",
    tag: "Next game",
    summary: "Take the pick away",
    answers: gives("What was picked, or null.", v.strictObject({ dismissed: v.nullable(selection) }), {
      dismissed: examples.selection,
    }),
    problems: ["session_not_found"],
  },
}
