/** The games of a night as the documents describe them. */
import * as v from "valibot"
import { newGame, newPlayerCount, newRoomCode, newStatus } from "../http/session-games.ts"
import type { SessionGame } from "../session-games.ts"
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
  text,
  textOrNull,
} from "./parts.ts"

export const sessionGame = named(
  "SessionGame",
  answerOf<SessionGame>()(
    v.strictObject({
      id,
      session_id: id,
      game_id: id,
      title: text,
      pack_name: text,
      min_players: count,
      max_players: count,
      game_type: text,
      status: v.picklist(["playing", "played", "skipped"]),
      played_at: moment,
      manually_added: flag,
      source: v.picklist(["dice", "manual", "poll"]),
      room_code: textOrNull,
      player_count: countOrNull,
      upvotes: count,
      downvotes: count,
    }),
  ),
)

const { sessionGame: row } = examples

export const sessionGameDescriptions: Descriptions = {
  "GET /api/sessions/:id/games": {
    id: "sessionGames.list",
    tag: "Games of a night",
    summary: "List what was played, in order",
    answers: gives("The games of the session.", v.array(sessionGame), [row]),
    problems: ["session_not_found"],
  },
  "POST /api/sessions/:id/games": {
    id: "sessionGames.add",
    tag: "Games of a night",
    summary: "Play a game",
    description:
      "It plays, and the one before is played. Bots that follow the session hear `game.added`. Without `source` it is `manual` with `manually_added`, else `dice`.",
    body: asJson(newGame(), { game_id: 42, room_code: "ABCD" }),
    once: true,
    answers: makes("It plays.", sessionGame, row),
    problems: ["session_not_found", "game_not_found", "session_closed"],
  },
  "PATCH /api/sessions/:id/games/:gameRow/status": {
    id: "sessionGames.setStatus",
    tag: "Games of a night",
    summary: "Say whether a game plays, was played or was skipped",
    description:
      "`playing` makes the one that is playing a played one. The others can be set after the session, too.",
    body: asJson(newStatus(), { status: "skipped" }),
    answers: gives("The game.", sessionGame, { ...row, status: "skipped" }),
    problems: ["session_not_found", "not_found", "session_closed"],
  },
  "PATCH /api/sessions/:id/games/:gameRow/room-code": {
    id: "sessionGames.setRoomCode",
    tag: "Games of a night",
    summary: "Set the room code, or take it away with null",
    body: asJson(newRoomCode(), { room_code: "WXYZ" }),
    answers: gives("The game.", sessionGame, { ...row, room_code: "WXYZ" }),
    problems: ["session_not_found", "not_found"],
  },
  "PATCH /api/sessions/:id/games/:gameRow/player-count": {
    id: "sessionGames.setPlayerCount",
    tag: "Games of a night",
    summary: "Say how many played, or take it back with null",
    body: asJson(newPlayerCount(), { player_count: 6 }),
    answers: gives("The game.", sessionGame, { ...row, player_count: 6 }),
    problems: ["session_not_found", "not_found"],
  },
  "DELETE /api/sessions/:id/games/:gameRow": {
    id: "sessionGames.remove",
    tag: "Games of a night",
    summary: "Take a game out of a night, with its votes",
    description:
      "Its votes count no more, and its time belongs to the game before it. If it was playing, none plays until you say so.",
    answers: gives(
      "It is gone.",
      v.strictObject({
        message: saying("Game removed from session successfully"),
        session: v.strictObject({ id, games_played: count }),
      }),
      { message: "Game removed from session successfully", session: { id: 17, games_played: 4 } },
    ),
    problems: ["session_not_found", "not_found"],
  },
}
