/** The catalogue and its packs as the documents describe them. */
import * as v from "valibot"
import type { Game } from "../games.ts"
import { newGame } from "../http/game-fields.ts"
import { favoring, gameChange, gameFilter, switching } from "../http/games.ts"
import { naming, owning } from "../http/packs.ts"
import type { Pack } from "../packs.ts"
import * as examples from "./examples.ts"
import {
  answerOf,
  asJson,
  count,
  countOrNull,
  type Description,
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
  whole,
} from "./parts.ts"

/** -1, 0 or 1. */
export const favor = v.pipe(whole, v.minValue(-1), v.maxValue(1))

export const game = named(
  "Game",
  answerOf<Game>()(
    v.strictObject({
      id,
      pack_name: text,
      title: text,
      min_players: count,
      max_players: count,
      length_minutes: countOrNull,
      has_audience: flag,
      family_friendly: flag,
      game_type: text,
      secondary_type: textOrNull,
      ticker: textOrNull,
      play_count: count,
      popularity_score: whole,
      upvotes: count,
      downvotes: count,
      enabled: flag,
      favor_bias: favor,
      created_at: moment,
    }),
  ),
)

const pack = named(
  "Pack",
  answerOf<Pack>()(
    v.strictObject({ name: text, favor_bias: favor, owned: flag, total_count: count, enabled_count: count }),
  ),
)

const { game: one, pack: onePack } = examples

const packsList = {
  tag: "Catalogue",
  summary: "List the packs that have games",
  answers: gives("The packs by name.", v.array(pack), [onePack]),
} as const satisfies Partial<Description>

const changedPack = (more: object = {}) => ({
  tag: "Catalogue" as const,
  answers: gives("The pack.", pack, { ...onePack, ...more }),
  problems: ["not_found"] as const,
})

export const gameDescriptions: Descriptions = {
  "GET /api/games": {
    id: "games.list",
    tag: "Catalogue",
    summary: "List the catalogue by pack and title",
    description:
      "`playerCount` keeps games that seat so many. A short game takes up to 15 minutes or an unknown time, a medium one 16 to 25, a long one more.",
    query: gameFilter,
    answers: gives("The games.", v.array(game), [one]),
  },
  "POST /api/games": {
    id: "games.add",
    tag: "Catalogue",
    summary: "Add a game",
    description:
      "`pack_name` is the pack it is listed under, `packs` lists them all; one of the two must be there. A ticker names one game, and a pack has a title once, whatever the case: otherwise 409. `max_players` must be `min_players` or more.",
    body: asJson(newGame(), {
      title: "Charades",
      pack_name: "House games",
      min_players: 4,
      max_players: 20,
    }),
    once: true,
    answers: makes("It is in the catalogue.", game, one, "Location"),
    problems: ["conflict"],
  },
  "GET /api/games/:id": {
    id: "games.get",
    tag: "Catalogue",
    summary: "Read a game",
    answers: gives("The game.", game, one),
    problems: ["game_not_found"],
  },
  "PUT /api/games/:id": {
    id: "games.change",
    tag: "Catalogue",
    summary: "Change what the body names",
    description: "All else stays. `id`, the counters and `created_at` cannot be set.",
    body: asJson(gameChange(), { length_minutes: 20 }),
    answers: gives("The game.", game, { ...one, length_minutes: 20 }),
    problems: ["game_not_found", "conflict"],
  },
  "DELETE /api/games/:id": {
    id: "games.remove",
    tag: "Catalogue",
    summary: "Delete a game that was never played",
    description: "One that was ever played is disabled instead, and the answer is 409.",
    answers: gives("It is gone.", v.strictObject({ message: saying("Game deleted successfully") }), {
      message: "Game deleted successfully",
    }),
    problems: ["game_not_found", "conflict"],
  },
  "GET /api/games/:id/packs": {
    id: "games.packs",
    tag: "Catalogue",
    summary: "List the packs a game is in, first the one it is listed under",
    answers: gives("The packs.", v.array(pack), [onePack]),
    problems: ["game_not_found"],
  },
  "PATCH /api/games/:id/toggle": {
    id: "games.toggle",
    tag: "Catalogue",
    summary: "Turn a game off or on",
    description: "The other way round without `enabled`.",
    body: asJson(switching(), { enabled: false }),
    answers: gives("The game.", game, { ...one, enabled: 0 }),
    problems: ["game_not_found"],
  },
  "PATCH /api/games/:id/favor": {
    id: "games.favor",
    tag: "Catalogue",
    summary: "Say how a game is favoured in picks",
    description: "1 makes it three times as likely, -1 a fifth as likely.",
    body: asJson(favoring(), { favor_bias: 1 }),
    answers: gives("The game.", game, { ...one, favor_bias: 1 }),
    problems: ["game_not_found"],
  },
  "GET /api/games/packs": { id: "packs.list", ...packsList },
  "GET /api/games/meta/packs": {
    id: "packs.listForOldClients",
    ...packsList,
    summary: "The same for older clients",
    description: "The same as `/api/games/packs`.",
  },
  "PATCH /api/games/packs/:name/toggle": {
    ...changedPack({ enabled_count: 0 }),
    id: "packs.toggle",
    summary: "Turn all games of a pack off or on",
    description: "Without `enabled` off, or on if all are off.",
    body: asJson(switching(), { enabled: false }),
  },
  "PATCH /api/games/packs/:name/favor": {
    ...changedPack({ favor_bias: -1 }),
    id: "packs.favor",
    summary: "Say how the games of a pack are favoured in picks",
    body: asJson(favoring(), { favor_bias: -1 }),
  },
  "PATCH /api/games/packs/:name/owned": {
    ...changedPack({ owned: 0 }),
    id: "packs.own",
    summary: "Say whether you own a pack",
    description: "Games of which no pack is owned are not picked.",
    body: asJson(owning(), { owned: false }),
  },
  "PATCH /api/games/packs/:name/name": {
    ...changedPack({ name: "Party Pack 7" }),
    id: "packs.rename",
    summary: "Rename a pack",
    description: "Shipped games that come later under the old name join it too.",
    body: asJson(naming(), { name: "Party Pack 7" }),
    problems: ["not_found", "conflict"],
  },
}
