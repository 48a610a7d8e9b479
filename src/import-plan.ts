/** What importing games would do: a pure function of the catalogue, the rows and the mode. */
import type { FieldError } from "./errors.ts"
import type { GameFacts } from "./game-edits.ts"
import { createTwins, fold, type Twins } from "./twins.ts"

/** `append` adds games that are not there; `replace` makes the catalogue what the rows say. */
export type ImportMode = "append" | "replace"

/** Where a row stands: a line of a table, or a path into a list. */
export type Place = { line: number } | { path: string }

/** A row that was read. */
export type ImportRow = {
  place: Place
  /** As far as they could be read, to find its twins even where something else is wrong. */
  title?: string | undefined
  packs?: readonly [string, ...string[]] | undefined
  ticker?: string | null | undefined
  /** The whole game, and the part of it that the row says; undefined if anything is wrong with it. */
  game?: { facts: GameFacts; said: Partial<GameFacts> } | undefined
}

export type KnownGame = GameFacts & { id: number; played: boolean }

/** What is new of a game; `packs` are then all it has. */
export type GameDifference = Partial<GameFacts> & { id: number }

export type ImportPlan = {
  errors: FieldError[]
  add: GameFacts[]
  change: GameDifference[]
  unchanged: number
  /** Never played. */
  remove: number[]
  /** Played, enabled and not among the rows. */
  disable: number[]
  /** They stay, but a row has their ticker now. */
  untick: number[]
}

/** Rows are the game they name: by title in its pack, else by title in a pack they share, else by ticker. */
export function planImport(
  known: readonly KnownGame[],
  rows: readonly ImportRow[],
  mode: ImportMode,
): ImportPlan {
  const matches = mode === "replace" ? matchesOf(known, rows) : new Map<ImportRow, KnownGame>()
  const plan: ImportPlan = {
    errors: [],
    add: [],
    change: [],
    unchanged: 0,
    remove: [],
    disable: [],
    untick: [],
  }
  const twins = createTwins<string>()
  if (mode === "append") for (const game of known) twins.note(`game ${game.id}, ${game.title}`, game)
  // A row that says no ticker leaves its game the one it has.
  for (const [{ ticker, title }, game] of matches) {
    if (ticker === undefined) twins.note(title ?? game.title, { title: "", packs: [], ticker: game.ticker })
  }
  for (const row of rows) {
    plan.errors.push(...twinsOf(row, twins))
    const { game } = row
    if (!game) continue
    const match = matches.get(row)
    if (!match) {
      plan.add.push(game.facts)
      continue
    }
    const change = difference(match, { ...game.said, packs: game.facts.packs })
    if (change) plan.change.push(change)
    else plan.unchanged++
  }
  if (mode === "replace") leaveOut(plan, known, new Set(matches.values()), twins)
  return plan
}

/** The games that are not among the rows. */
function leaveOut(
  plan: ImportPlan,
  known: readonly KnownGame[],
  kept: ReadonlySet<KnownGame>,
  twins: Twins<string>,
): void {
  for (const game of known) {
    if (kept.has(game)) continue
    if (!game.played) plan.remove.push(game.id)
    else if (game.enabled === 1) plan.disable.push(game.id)
    if (game.played && twins.holding(game.ticker) !== undefined) plan.untick.push(game.id)
  }
}

/** The name of a place, as an error says it. */
export const placeName = (place: Place): string => ("line" in place ? `line ${place.line}` : place.path)

export const errorAt = (place: Place, field: string, message: string): FieldError =>
  "line" in place
    ? { line: place.line, path: field, message }
    : { path: [place.path, field].filter(Boolean).join("."), message }

/** What is wrong with a row because of the games and rows before it; those after it will look for it. */
function twinsOf(row: ImportRow, twins: Twins<string>): FieldError[] {
  const { place, title, packs, ticker } = row
  const errors: FieldError[] = []
  if (title !== undefined && packs) {
    const twin = twins.like(title, packs)
    if (twin) errors.push(errorAt(place, "title", `Is there already: ${twin}`))
    else twins.note(placeName(place), { title, packs })
  }
  const holder = twins.holding(ticker)
  if (holder) errors.push(errorAt(place, "ticker", `Belongs to ${holder}`))
  else twins.note(placeName(place), { title: "", packs: [], ticker })
  return errors
}

function matchesOf(known: readonly KnownGame[], rows: readonly ImportRow[]): Map<ImportRow, KnownGame> {
  const matches = new Map<ImportRow, KnownGame>()
  const taken = new Set<KnownGame>()
  const pass = (keysOf: (names: Pick<ImportRow, "title" | "packs" | "ticker">) => string[]) => {
    const free = new Map<string, KnownGame>()
    for (const game of known) {
      if (!taken.has(game)) for (const key of keysOf(game)) if (!free.has(key)) free.set(key, game)
    }
    for (const row of rows) {
      if (matches.has(row)) continue
      const game = keysOf(row)
        .map((key) => free.get(key))
        .find((one) => one && !taken.has(one))
      if (!game) continue
      matches.set(row, game)
      taken.add(game)
    }
  }
  const keys = (title: string | undefined, packs: readonly string[] = []) =>
    title === undefined ? [] : packs.map((pack) => `${fold(pack)}\n${fold(title)}`)
  pass(({ title, packs }) => keys(title, packs?.slice(0, 1)))
  pass(({ title, packs }) => keys(title, packs))
  pass(({ ticker }) => (ticker ? [fold(ticker)] : []))
  return matches
}

function difference(before: KnownGame, said: Partial<GameFacts>): GameDifference | undefined {
  const after: Partial<GameFacts> = { ...said }
  for (const name of Object.keys(said) as (keyof GameFacts)[]) {
    if (JSON.stringify(before[name]) === JSON.stringify(said[name])) delete after[name]
  }
  return Object.keys(after).length === 0 ? undefined : { ...after, id: before.id }
}
