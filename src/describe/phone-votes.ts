/** The votes of phones as the documents describe them. */
import * as v from "valibot"
import { phoneChoice, phoneVote } from "../http/phone-votes.ts"
import * as examples from "./examples.ts"
import { asJson, type Descriptions, gives, textOrNull } from "./parts.ts"
import { pollVote } from "./poll-examples.ts"
import { castPollVote } from "./polls.ts"
import { castVote } from "./votes.ts"

const device = "0f3a9c".padEnd(32, "0")

export const phoneVoteDescriptions: Descriptions = {
  "GET /api/votes/phone": {
    id: "phoneVotes.read",
    tag: "Votes",
    summary: "Ask whether phones may vote",
    description: "`url` is where phones find their page, if that is not the address that was asked.",
    answers: gives("Whether they may.", v.strictObject({ enabled: v.boolean(), url: textOrNull }), {
      enabled: true,
      url: null,
    }),
  },
  "POST /api/votes/phone": {
    id: "phoneVotes.cast",
    tag: "Votes",
    summary: "Cast a vote without a login",
    description:
      "`device` is made up by the browser and kept; it has one vote on a game, the newest, with either policy. `game_id` is the game it sees: if another one is played by now, the answer is 409. An address has 40 votes at once, then one in two seconds.",
    body: asJson(phoneVote(), { device, vote: "up", game_id: 42 }),
    once: true,
    answers: gives("It counts.", castVote, examples.castVote),
    problems: [
      "not_found",
      "session_not_found",
      "game_not_found",
      "duplicate_vote",
      "conflict",
      "rate_limited",
    ],
  },
  "POST /api/votes/phone/poll": {
    id: "phoneVotes.choose",
    tag: "Next game",
    summary: "Vote in a poll without a login",
    description: "`choice` is the position of an option. A device has one vote in a poll, the newest.",
    body: asJson(phoneChoice(), { device, pollId: 3, choice: 1 }),
    once: true,
    answers: gives("It counts.", castPollVote, pollVote),
    problems: ["not_found", "poll_not_found", "poll_closed", "rate_limited"],
  },
}
