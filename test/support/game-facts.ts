/** Games as nobody would think of them: any text, quotes and formulas, every number there may be. */
import fc from "fast-check"
import { CONTROL } from "../../src/control-characters.ts"
import type { GameFacts } from "../../src/game-edits.ts"
import type { ImportRow } from "../../src/import-plan.ts"
import { fold } from "../../src/twins.ts"

const isPlain = (text: string) => text === text.trim() && text.isWellFormed() && !CONTROL.test(text)

const text = (most: number) =>
  fc
    .oneof(
      fc.string({ unit: "grapheme", maxLength: most }),
      fc.string({
        unit: fc.constantFrom('"', ",", ";", "'", "=", "-", "+", "@", " ", "a", "＝"),
        maxLength: most,
      }),
    )
    .map((one) => one.trim().slice(0, most).trim())
    .filter(isPlain)

const name = text(120).filter((one) => one !== "" && !/^\.{1,2}$/.test(one))
const flag = fc.constantFrom(0 as const, 1 as const)

/** Every list of packs in the order in which it is read back: the first, then the others by name. */
const packs = fc
  .uniqueArray(name, { minLength: 1, maxLength: 3, selector: fold })
  .map(([first = "", ...others]): [string, ...string[]] => [first, ...others])

const ticker = fc
  .stringMatching(/^[A-Za-z0-9]{1,16}$/)
  .filter((one) => /[a-z]/i.test(one) && fold(one) !== "thisgame")

export const facts: fc.Arbitrary<GameFacts> = fc
  .record({
    title: name,
    packs,
    seats: fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: 1_000 })),
    length_minutes: fc.option(fc.integer({ min: 1, max: 1_440 })),
    has_audience: flag,
    family_friendly: flag,
    game_type: text(64).filter((one) => one !== ""),
    secondary_type: fc.option(text(64).filter((one) => one !== "")),
    ticker: fc.option(ticker),
    enabled: flag,
    favor_bias: fc.constantFrom(-1, 0, 1),
  })
  .map(({ seats, ...rest }) => ({
    ...rest,
    min_players: Math.min(...seats),
    max_players: Math.max(...seats),
  }))

/** Games that may be in one catalogue: no ticker twice, no title twice in a pack. */
export const catalogues: fc.Arbitrary<GameFacts[]> = fc
  .tuple(
    fc.uniqueArray(facts, { maxLength: 8, selector: ({ title }) => fold(title) }),
    fc.uniqueArray(ticker, { minLength: 8, maxLength: 8, selector: fold }),
  )
  .map(([games, tickers]) =>
    games.map((game, at) => ({ ...game, ticker: game.ticker && (tickers[at] ?? null) })),
  )

export const FACTS: GameFacts = {
  title: "Charades",
  packs: ["House games"],
  min_players: 4,
  max_players: 20,
  length_minutes: 30,
  has_audience: 0,
  family_friendly: 1,
  game_type: "Talking",
  secondary_type: null,
  ticker: null,
  enabled: 1,
  favor_bias: 0,
}

/** Rows of a table that has every column. */
export const rowsOf = (games: readonly Partial<GameFacts>[]): ImportRow[] =>
  games.map((game, at) => {
    const facts = { ...FACTS, ...game }
    const { title, packs, ticker } = facts
    return { place: { line: at + 2 }, title, packs, ticker, game: { facts, said: facts } }
  })
