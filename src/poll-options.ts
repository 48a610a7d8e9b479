/** What a poll offers: games and labels that a host names, or games drawn by weight. */
import { AppError, type FieldError } from "./errors.ts"
import { type Candidate, type PickWish, pick, seeded, weightOf } from "./picker.ts"
import { candidatesFor, nothingFits } from "./picks.ts"
import { isOther, OTHER, type PollOption } from "./poll-count.ts"
import type { Trx } from "./store/schema.ts"
import { fold } from "./twins.ts"

/** The id of a game, or a label of the host's own. */
export type NamedOption = number | string

export type OptionWish = PickWish & {
  /** Undefined to have games drawn that fit. */
  options?: readonly NamedOption[] | undefined
  /** Whether viewers may ask for something else. */
  other: boolean
}

type NewOption = Omit<PollOption, "position" | "votes">

/** Games that are drawn. */
const DRAWN = 3
/** A label weighs what a game does that nobody favours. */
const PLAIN = 25

/** Throws `invalid_input` or `game_not_found` with every option that is wrong, or `no_game_fits`. */
export async function optionsFor(
  trx: Trx,
  sessionId: number,
  { options: named, other, ...wish }: OptionWish,
  seed: string,
): Promise<PollOption[]> {
  const candidates = await candidatesFor(trx, sessionId)
  const options = named ? lookUp(candidates, named) : draw(candidates, wish, seed)
  if (other && !options.some(isOther)) options.push(labelled(OTHER))
  return options.map((option, at) => ({ position: at + 1, ...option, votes: 0 }))
}

const offered = (game: Candidate): NewOption => ({
  game_id: game.id,
  label: game.title,
  ticker: game.ticker,
  weight: weightOf(game),
})

const labelled = (label: string): NewOption => ({ game_id: null, label, ticker: null, weight: PLAIN })

/** One after the other by weight, none twice and none that was played. */
function draw(candidates: readonly Candidate[], wish: PickWish, seed: string): NewOption[] {
  const random = seeded(seed)
  const drawn: Candidate[] = []
  while (drawn.length < DRAWN) {
    const left = candidates.filter((game) => !drawn.includes(game))
    const picked = pick(left, { ...wish, excludePlayed: true }, random)
    if ("game" in picked) drawn.push(picked.game)
    else if (drawn.length > 0) break
    else throw nothingFits(picked)
  }
  return drawn.map(offered)
}

function lookUp(candidates: readonly Candidate[], named: readonly NamedOption[]): NewOption[] {
  const games = new Map(candidates.map((game) => [game.id, game]))
  const unknown: FieldError[] = []
  const options = named.flatMap((one, at): NewOption[] => {
    if (typeof one === "string") return [labelled(one)]
    const game = games.get(one)
    if (game) return [offered(game)]
    unknown.push({ path: `options.${at}`, message: `There is no game ${one}` })
    return []
  })
  refuse("game_not_found", unknown)
  const twice = options.flatMap((option, at): FieldError[] =>
    options.slice(0, at).some((before) => isSame(before, option))
      ? [{ path: `options.${at}`, message: "Is there twice" }]
      : [],
  )
  refuse("invalid_input", twice)
  return options
}

/** Viewers could not tell them apart. Games of one title can be told apart by their numbers and tickers. */
function isSame(one: NewOption, other: NewOption): boolean {
  if (one.game_id !== null && other.game_id !== null) return one.game_id === other.game_id
  const names = ({ label, ticker }: NewOption) => [label, ...(ticker === null ? [] : [ticker])].map(fold)
  return names(one).some((name) => names(other).includes(name))
}

function refuse(code: "invalid_input" | "game_not_found", errors: FieldError[]): void {
  const [first] = errors
  if (!first) return
  throw new AppError(code, `Cannot start the poll: ${first.path}: ${first.message}`, { errors })
}
