/** Sessions as the documents describe them: opened, read, closed, put away, removed. */
import * as v from "valibot"
import { bulk, newSession, sessionPage } from "../http/sessions.ts"
import type { Now } from "../now-playing.ts"
import type { Session } from "../sessions.ts"
import * as examples from "./examples.ts"
import {
  answerOf,
  asJson,
  count,
  countOrNull,
  type Descriptions,
  flag,
  gives,
  id,
  makes,
  moment,
  named,
  saying,
  textOrNull,
  UNCHANGED,
  whole,
} from "./parts.ts"
import { sessionGame } from "./session-games.ts"

export const session = named(
  "Session",
  answerOf<Session>()(
    v.strictObject({
      id,
      notes: textOrNull,
      is_active: flag,
      created_at: moment,
      closed_at: v.nullable(moment),
      archived: flag,
      games_played: count,
    }),
  ),
)

const tally = named("Tally", v.strictObject({ upvotes: count, downvotes: count, popularity_score: whole }))

const now = answerOf<Now>()(
  v.strictObject({
    session: v.nullable(session),
    game: v.nullable(sessionGame),
    minutes_in: countOrNull,
    tonight: v.nullable(tally),
    all_time: v.nullable(tally),
  }),
)

const { session: open } = examples
const over = { ...open, is_active: 0, closed_at: "2025-11-02T02:30:45.123Z" }
const put = { ...over, archived: 1 }

export const sessionDescriptions: Descriptions = {
  "GET /api/sessions": {
    id: "sessions.list",
    tag: "Sessions",
    summary: "List the nights, newest first",
    description:
      "`from` and `to` are days in UTC or moments, both included, and narrow the list to sessions opened then. `search` is a text that the notes or the title of a game hold; the case of a to z does not count.",
    query: sessionPage,
    answers: gives("The sessions of the page.", v.array(session), [over], "X-Total-Count"),
  },
  "POST /api/sessions": {
    id: "sessions.start",
    tag: "Sessions",
    summary: "Open a session",
    description: "At most one runs. Every connected bot hears `session.started`. The body may be empty.",
    body: asJson(newSession(), { notes: "Friday Game Night" }),
    once: true,
    answers: makes("It runs.", session, { ...open, games_played: 0 }, "Location"),
    problems: ["session_active"],
  },
  "GET /api/sessions/active": {
    id: "sessions.active",
    tag: "Sessions",
    summary: "Read the running session",
    description:
      "Always 200: the answer is `null` while none runs. Polling costs nothing with `If-None-Match`.",
    heeds: ["If-None-Match"],
    answers: { ...gives("The running session, or null.", v.nullable(session), open, "ETag"), ...UNCHANGED },
  },
  "GET /api/sessions/active/now": {
    id: "sessions.now",
    tag: "Sessions",
    summary: "Read the game that is played, with its tallies",
    description:
      "All that a bot needs to answer `!votes` in the chat. `tonight` counts all rounds of the game in this session, `all_time` all its nights. Where no game is played everything but `session` is null, and without a session that too.",
    heeds: ["If-None-Match"],
    answers: { ...gives("What is played now.", now, examples.now, "ETag"), ...UNCHANGED },
  },
  "POST /api/sessions/bulk": {
    id: "sessions.bulk",
    tag: "Sessions",
    summary: "Archive, bring back or remove many sessions",
    description: "All of them or none. `delete` takes a token of role admin.",
    body: asJson(bulk(), { action: "archive", ids: [15, 16] }),
    once: true,
    answers: gives("Done.", v.strictObject({ success: v.literal(true), affected: count }), {
      success: true,
      affected: 2,
    }),
    problems: ["session_not_found", "session_active"],
  },
  "GET /api/sessions/:id": {
    id: "sessions.get",
    tag: "Sessions",
    summary: "Read a session",
    answers: gives("The session.", session, over),
    problems: ["session_not_found"],
  },
  "DELETE /api/sessions/:id": {
    id: "sessions.remove",
    tag: "Sessions",
    summary: "Remove a session for good",
    description:
      "Its games, votes and events are gone, and what they counted is taken out of the numbers of the games. Nobody is told.",
    answers: gives(
      "It is gone.",
      v.strictObject({ message: saying("Session deleted successfully"), sessionId: id }),
      { message: "Session deleted successfully", sessionId: 17 },
    ),
    problems: ["session_not_found", "session_active"],
  },
  "POST /api/sessions/:id/close": {
    id: "sessions.close",
    tag: "Sessions",
    summary: "End a session",
    description:
      "The playing game becomes played, and bots that follow the session hear `session.ended`. Closing a closed one changes nothing.",
    once: true,
    answers: gives("It is over.", session, over),
    problems: ["session_not_found"],
  },
  "POST /api/sessions/:id/archive": {
    id: "sessions.archive",
    tag: "Sessions",
    summary: "Take a session out of the usual list",
    description: "Its results and counts stay.",
    once: true,
    answers: gives("It is archived.", session, put),
    problems: ["session_not_found", "session_active"],
  },
  "POST /api/sessions/:id/unarchive": {
    id: "sessions.unarchive",
    tag: "Sessions",
    summary: "Bring a session back into the usual list",
    once: true,
    answers: gives("It is back.", session, over),
    problems: ["session_not_found"],
  },
}
