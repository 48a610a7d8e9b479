/**
 * Picks by weighted chance, and says why. A pure function: the same candidates, wish and seed give the same game.
 *
 * A game's weight is its favour times the favour of its pack. Popularity does not count: a pick is fair.
 */
import type { Game } from "./games.ts"

/** A game that could be picked, with what its packs and the night say about it. */
export type Candidate = Game & {
  /** Every pack it belongs to. */
  pack_names: readonly string[]
  /** Of the pack it is listed under, or of one that is owned if that one is not. */
  pack_favor: number
  /** Whether one of its packs is owned. */
  owned: boolean
  /** How many games ago it was played in this session, 1 for the last one; undefined if it was not. */
  played_ago: number | undefined
}

export type PickWish = {
  playerCount?: number | undefined
  /** More people than seats may come where the game has an audience. */
  audience?: boolean | undefined
  drawing?: "only" | "exclude" | undefined
  length?: "short" | "medium" | "long" | undefined
  familyFriendly?: boolean | undefined
  packs?: readonly string[] | undefined
  /** Games of unknown length do not fit. */
  maxMinutes?: number | undefined
  excludePlayed?: boolean | undefined
}

export type Pick = {
  game: Candidate
  /** The games it was drawn from. */
  poolSize: number
  /** The real chance it had, above 0 and at most 1. */
  probability: number
  reasons: string[]
}

/** Why there is nothing to pick: the filter that left none, and what each single filter keeps out. */
export type NoPick = { emptiedBy: FilterName; relax: { filter: FilterName; games: number }[] }

/** `minutes` is the time a plan has left. */
export type FilterName = "enabled" | "owned" | "recent" | "minutes" | keyof PickWish

export type Filter = { name: FilterName; keeps: (game: Candidate) => boolean }

/** Games of a session that are left out as too fresh. */
const RECENT = 2

/** Favour as a factor, in fifths so that sums stay exact: three times, once, a fifth. */
const FIFTHS = { "1": 15, "0": 5, "-1": 1 } as const

const factor = (favor: number): number => FIFTHS[String(favor) as keyof typeof FIFTHS] ?? FIFTHS["0"]

/** The weight of a game, in twenty-fifths. */
export const weightOf = ({ favor_bias, pack_favor }: Candidate): number =>
  factor(favor_bias) * factor(pack_favor)

export const isDrawing = ({ game_type, secondary_type }: Game): boolean =>
  game_type === "Drawing" || secondary_type === "Drawing"

/** Short is up to 15 minutes or unknown, medium 16 to 25, long over 25. */
export function lengthOf({ length_minutes }: Game): "short" | "medium" | "long" {
  if (length_minutes === null || length_minutes <= 15) return "short"
  return length_minutes <= 25 ? "medium" : "long"
}

/** The filters of a wish, in the order in which they are applied. */
function filtersOf(wish: PickWish): Filter[] {
  const { playerCount, audience, drawing, length, familyFriendly, packs, maxMinutes, excludePlayed } = wish
  const filters: Filter[] = [
    { name: "enabled", keeps: ({ enabled }) => enabled === 1 },
    { name: "owned", keeps: ({ owned }) => owned },
  ]
  const add = (name: FilterName, keeps: Filter["keeps"]) => void filters.push({ name, keeps })
  if (packs) {
    const wanted = new Set(packs)
    add("packs", ({ pack_names }) => pack_names.some((name) => wanted.has(name)))
  }
  if (playerCount !== undefined) {
    add("playerCount", (game) => game.min_players <= playerCount && fits(game, playerCount, audience))
  }
  if (drawing) add("drawing", (game) => isDrawing(game) === (drawing === "only"))
  if (length) add("length", (game) => lengthOf(game) === length)
  if (maxMinutes !== undefined) {
    add("maxMinutes", ({ length_minutes }) => length_minutes !== null && length_minutes <= maxMinutes)
  }
  if (familyFriendly !== undefined) {
    add("familyFriendly", ({ family_friendly }) => family_friendly === (familyFriendly ? 1 : 0))
  }
  if (excludePlayed) add("excludePlayed", ({ played_ago }) => played_ago === undefined)
  else add("recent", ({ played_ago }) => played_ago === undefined || played_ago > RECENT)
  return filters
}

const fits = ({ max_players, has_audience }: Game, people: number, audience: boolean | undefined): boolean =>
  people <= max_players || (audience === true && has_audience === 1)

/**
 * Picks one of `candidates` (in any order; ties are none, since ids decide). `random` gives a number from 0 up to,
 * not including, 1.
 */
export function pick(
  candidates: readonly Candidate[],
  wish: PickWish,
  random: () => number,
  { weigh = weightOf, more = [] }: { weigh?: (game: Candidate) => number; more?: readonly Filter[] } = {},
): Pick | NoPick {
  const filters = [...filtersOf(wish), ...more]
  const pool = candidates.filter((game) => filters.every(({ keeps }) => keeps(game)))
  if (pool.length === 0) return explainEmpty(candidates, filters)
  const inOrder = [...pool].sort((a, b) => a.id - b.id)
  const total = inOrder.reduce((sum, game) => sum + weigh(game), 0)
  let left = random() * total
  const game = inOrder.find((one) => {
    left -= weigh(one)
    return left < 0
  })
  if (!game) throw new Error("Cannot pick: random gave 1 or more")
  const probability = weigh(game) / total
  return { game, poolSize: pool.length, probability, reasons: reasonsFor(game, wish) }
}

/** Applies one filter after the other to see which left none, and each alone to see what giving it up would bring. */
function explainEmpty(candidates: readonly Candidate[], filters: readonly Filter[]): NoPick {
  let left = candidates
  let emptiedBy: FilterName = "enabled"
  for (const { name, keeps } of filters) {
    left = left.filter(keeps)
    emptiedBy = name
    if (left.length === 0) break
  }
  const without = (filter: Filter) =>
    candidates.filter((game) => filters.every((other) => other === filter || other.keeps(game))).length
  const relax = filters
    .map((filter) => ({ filter: filter.name, games: without(filter) }))
    .filter(({ games }) => games > 0)
    .sort((a, b) => b.games - a.games)
  return { emptiedBy, relax }
}

function reasonsFor(game: Candidate, wish: PickWish): string[] {
  const { playerCount, drawing, length, familyFriendly, packs, maxMinutes, excludePlayed } = wish
  const { min_players, max_players, length_minutes, pack_name, pack_names } = game
  const { favor_bias, pack_favor, played_ago } = game
  const reasons: string[] = []
  if (playerCount !== undefined && playerCount <= max_players) {
    reasons.push(`Seats ${min_players} to ${max_players}, and you are ${playerCount}`)
  } else if (playerCount !== undefined) {
    reasons.push(`Seats ${max_players}; the other ${playerCount - max_players} join as audience`)
  }
  if (maxMinutes !== undefined)
    reasons.push(`Takes ${length_minutes} minutes, ${maxMinutes} at most were asked for`)
  if (length) {
    reasons.push(
      `Is ${length}: ${length_minutes === null ? "its length is not known" : `${length_minutes} minutes`}`,
    )
  }
  if (drawing) reasons.push(drawing === "only" ? "Is about drawing" : "Is not about drawing")
  if (familyFriendly !== undefined) {
    reasons.push(familyFriendly ? "Is for families" : "Is for grown-ups")
  }
  if (packs) reasons.push(`Is in ${pack_names.find((name) => packs.includes(name)) ?? pack_name}`)
  if (excludePlayed) reasons.push("Was not played in this session")
  else if (played_ago !== undefined) reasons.push(`Was played ${played_ago} games ago`)
  if (favor_bias !== 0) reasons.push(`Is ${FAVOR[String(favor_bias) as keyof typeof FAVOR]}`)
  if (pack_favor !== 0) reasons.push(`Its pack is ${FAVOR[String(pack_favor) as keyof typeof FAVOR]}`)
  return reasons
}

const FAVOR = { "1": "favoured: three times as likely", "-1": "out of favour: a fifth as likely" } as const

/** A number from 0 up to 1 for each call, the same ones for the same seed (splitmix32 over an FNV-1a hash). */
export function seeded(seed: string): () => number {
  let state = 0x811c9dc5
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193)
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  // 53 bits, as many as a number holds.
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
}
