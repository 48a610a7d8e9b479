/** Counting a poll, as pure functions of its options: which one is meant, which one leads, which one wins. */
import { seeded } from "./picker.ts"
import { fold } from "./twins.ts"

export type PollOption = {
  /** From 1; what viewers type. */
  position: number
  /** Null for what is no game, such as "Other", or none any more. */
  game_id: number | null
  label: string
  ticker: string | null
  /** How likely it is where chance decides, beside the weights of the others. */
  weight: number
  votes: number
}

/** What stands for every game that is not offered. */
export const OTHER = "Other"

export const isOther = ({ label }: Pick<PollOption, "label">): boolean => fold(label) === fold(OTHER)

export const totalOf = (options: readonly PollOption[]): number =>
  options.reduce((sum, { votes }) => sum + votes, 0)

const mostVoted = (options: readonly PollOption[]): PollOption[] => {
  const most = Math.max(...options.map(({ votes }) => votes))
  return options.filter(({ votes }) => votes === most)
}

/** The option with this number, this ticker or this label, whatever its case. */
export function optionCalled(options: readonly PollOption[], choice: string): PollOption | undefined {
  const wanted = fold(choice)
  return (
    options.find(({ position }) => String(position) === wanted) ??
    options.find(({ ticker }) => ticker !== null && fold(ticker) === wanted) ??
    options.find(({ label }) => fold(label) === wanted)
  )
}

/** The position that leads; who led `before` does so until somebody has more votes. */
export function leadingAfter(options: readonly PollOption[], before: number | null): number | null {
  if (totalOf(options) === 0) return null
  const first = mostVoted(options)
  return first.some(({ position }) => position === before) ? before : (first[0]?.position ?? null)
}

/** The most votes win. A tie is drawn by weight, among its games if there are any; the same seed draws the same one. */
export function resultOf(
  options: readonly PollOption[],
  seed: string,
): { winner: PollOption; isTie: boolean } {
  const tied = mostVoted(options)
  const ranks = [({ game_id }: PollOption) => game_id !== null, (one: PollOption) => !isOther(one)]
  const drawn = ranks.map((isOne) => tied.filter(isOne)).find(({ length }) => length > 0) ?? tied
  // Another chance than the one that drew the options, or the first of them would tell the winner.
  let left = seeded(`tie ${seed}`)() * drawn.reduce((sum, { weight }) => sum + weight, 0)
  const winner = drawn.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  if (!winner) throw new Error("Cannot end the poll: none of its options has a weight")
  return { winner, isTie: tied.length > 1 }
}
