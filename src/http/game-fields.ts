/** What may be said of a game, in a body and in a row of a file. */
import * as v from "valibot"
import type { GameFacts } from "../game-edits.ts"
import { booleanish, lazily, line, listOf, orNull, wholeNumber } from "./input.ts"

/** Chat types it as `TICKER++`, so it is one word; polls take numbers, and `thisgame` is the one that plays. */
const TICKER = /^(?!thisgame$)(?=\d*[a-z])[a-z\d]{1,16}$/i
const DOTS = /^\.{1,2}$/

const name = () => v.pipe(line(120), v.minLength(1, "Must not be empty"))

/** A pack has its name in paths, which take dots for steps between folders. */
export const packName = () =>
  v.pipe(
    name(),
    v.check((text) => !DOTS.test(text), "Must be more than dots"),
  )

const flag = (unsaid: 0 | 1) =>
  v.pipe(
    v.nullish(booleanish(), unsaid === 1),
    v.transform((is): 0 | 1 => (is ? 1 : 0)),
  )

export const favorBias = () => v.picklist([-1, 0, 1], "Must be -1, 0 or 1")

export const gameFields = lazily(() => ({
  title: name(),
  pack_name: v.optional(packName()),
  packs: v.optional(v.pipe(listOf(packName(), 20), v.minLength(1, "Must not be empty"))),
  min_players: wholeNumber(1, 1_000),
  max_players: wholeNumber(1, 1_000),
  length_minutes: v.nullish(wholeNumber(1, 1_440), null),
  has_audience: flag(0),
  family_friendly: flag(0),
  game_type: v.pipe(
    orNull(line(64)),
    v.transform((text) => text ?? "Unknown"),
  ),
  secondary_type: orNull(line(64)),
  ticker: v.pipe(
    orNull(line(16)),
    v.check(
      (text) => text === null || TICKER.test(text),
      "Must have up to 16 letters from A to Z and digits, one letter at least, and not be thisgame",
    ),
  ),
  enabled: flag(1),
  favor_bias: v.pipe(
    v.nullish(favorBias(), 0),
    v.transform((bias) => bias ?? 0),
  ),
}))

/** A game that is whole: its fields, and what they have to do with each other. */
export const newGame = lazily(() =>
  v.pipe(
    v.object(gameFields()),
    v.forward(
      v.partialCheck(
        [["pack_name"], ["packs"]],
        ({ pack_name, packs }) => pack_name !== undefined || packs !== undefined,
        "Is required",
      ),
      ["pack_name"],
    ),
    v.forward(
      v.partialCheck(
        [["min_players"], ["max_players"]],
        ({ min_players, max_players }) => max_players >= min_players,
        "Must be min_players or more",
      ),
      ["max_players"],
    ),
  ),
)

/** The same with its packs in one list, first the one it is listed under. */
export function factsOf({
  pack_name,
  packs = [],
  ...facts
}: v.InferOutput<ReturnType<typeof newGame>>): GameFacts {
  const first = pack_name ?? packs[0] ?? ""
  return { ...facts, packs: [first, ...packs.filter((name) => name !== first)] }
}
