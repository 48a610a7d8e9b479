/**
 * Plans a whole night: games one after the other that fit into the time, each drawn by weighted chance, seldom two of
 * a kind in a row. A pure function, as the picker is.
 */
import { type Candidate, type NoPick, type PickWish, pick, weightOf } from "./picker.ts"

export type PlanWish = Omit<PickWish, "excludePlayed"> & {
  /** How long the night is, in minutes. */
  minutes: number
  /** Between two games. */
  breakMinutes: number
  /** What the night had so far, in order; a game's own length counts where no minutes are given. */
  played: readonly { game_id: number; minutes?: number | undefined }[]
}

export type PlannedGame = {
  game: Candidate
  /** Minutes after the beginning of the night. */
  starts_at: number
  minutes: number
  /** True where nobody knows how long the game takes, and a usual length was taken. */
  assumed: boolean
  probability: number
  reasons: string[]
}

export type Plan = { games: PlannedGame[]; ends_at: number; spare_minutes: number }

/** The length of a game where nobody knows it, in minutes. */
const USUAL_MINUTES = 20
/** A game of the kind that was just played is this much less likely. */
const SAME_KIND = 5
/** The most games of a plan. */
const LONGEST_PLAN = 100

const minutesOf = ({ length_minutes }: Candidate): number => length_minutes ?? USUAL_MINUTES

/** An empty pool from the start on is a `NoPick`; later it is the end of the plan. */
export function plan(candidates: readonly Candidate[], wish: PlanWish, random: () => number): Plan | NoPick {
  const { minutes, breakMinutes, played } = wish
  const known = new Map(candidates.map((game) => [game.id, game]))
  const used = new Set(played.map(({ game_id }) => game_id))
  let last = known.get(played.at(-1)?.game_id ?? 0) ?? candidates.find(({ played_ago }) => played_ago === 1)
  let at = 0
  for (const { game_id, minutes: took } of played) {
    const game = known.get(game_id)
    at += (took ?? (game ? minutesOf(game) : USUAL_MINUTES)) + breakMinutes
  }
  const games: PlannedGame[] = []
  while (games.length < LONGEST_PLAN) {
    const before = last
    const drawn = pick(candidates, wish, random, {
      weigh: (game) => weightOf(game) * (isSameKind(game, before) ? 1 : SAME_KIND),
      more: [
        { name: "excludePlayed", keeps: ({ id, played_ago }) => played_ago === undefined && !used.has(id) },
        { name: "minutes", keeps: (game) => at + minutesOf(game) <= minutes },
      ],
    })
    if ("emptiedBy" in drawn) {
      if (games.length === 0) return drawn
      break
    }
    const { game, probability, reasons } = drawn
    const takes = minutesOf(game)
    const assumed = game.length_minutes === null
    const why = [...reasons, ...placeReasons(game, before, minutes - at - takes)]
    games.push({ game, starts_at: at, minutes: takes, assumed, probability, reasons: why })
    used.add(game.id)
    last = game
    at += takes + breakMinutes
  }
  const ends_at = at - breakMinutes
  return { games, ends_at, spare_minutes: minutes - ends_at }
}

const isSameKind = (game: Candidate, before: Candidate | undefined): boolean =>
  before !== undefined && game.game_type === before.game_type && game.game_type !== "Unknown"

function placeReasons(game: Candidate, before: Candidate | undefined, left: number): string[] {
  const time =
    game.length_minutes === null
      ? `Its length is not known, ${USUAL_MINUTES} minutes were taken; leaves ${left} minutes`
      : `Takes ${game.length_minutes} minutes and leaves ${left}`
  if (!before) return [time]
  const kind = isSameKind(game, before)
    ? `${game.game_type} again, by chance`
    : `${game.game_type} after ${before.game_type}`
  return [time, kind]
}
