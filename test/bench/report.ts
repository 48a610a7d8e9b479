/** What a measurement gives: a number for each program, and what gamenight's has to be. */

export type Figure = {
  name: string
  unit: string
  /** By the name of the program; the median of all rounds. */
  values: Values
  goals: Goal[]
}

export type Values = Readonly<Record<string, number>>
export type Goal = { wish: string; reached: string; met: boolean }

/** A goal once the values are known; undefined where what it is compared with was not measured. */
export type Wanted = (values: Values) => Goal | undefined

/** How the measurements run. */
export type Plan = {
  short: boolean
  /** How long the soak takes, where it was told. */
  minutes?: number | undefined
  log(line: string): void
}

export const OWN = "gamenight"

export const atMost = (times: number, other: string): Wanted =>
  compared(other, (ratio) => ({
    wish: `at most ${times}x ${other}`,
    reached: `${ratio.toFixed(2)}x`,
    met: ratio <= times,
  }))

export const atLeast = (times: number, other: string): Wanted =>
  compared(other, (ratio) => ({
    wish: `at least ${times}x ${other}`,
    reached: `${ratio.toFixed(2)}x`,
    met: ratio >= times,
  }))

export const atMostMore = (more: number, unit: string, other: string): Wanted =>
  compared(other, (_, difference) => ({
    wish: `at most ${more} ${unit} more than ${other}`,
    reached: `${difference.toFixed(2)} ${unit} more`,
    met: difference <= more,
  }))

/** Held against another number of gamenight itself. */
export const atMostBeside =
  (times: number, value: number, what: string): Wanted =>
  ({ [OWN]: own = Number.NaN }) => {
    const ratio = own / value
    return { wish: `at most ${times}x that ${what}`, reached: `${ratio.toFixed(2)}x`, met: ratio <= times }
  }

/** How much a value that was followed may grow. */
export const risesAtMost =
  (most: number, unit: string, rise: number): Wanted =>
  () => ({
    wish: `rises by at most ${most} ${unit}`,
    reached: `${rise.toFixed(2)} ${unit}`,
    met: rise <= most,
  })

export const noLessThan =
  (least: number): Wanted =>
  ({ [OWN]: own = Number.NaN }) => ({ wish: `at least ${least}`, reached: own.toFixed(1), met: own >= least })

function compared(other: string, judge: (ratio: number, difference: number) => Goal): Wanted {
  return ({ [OWN]: own = Number.NaN, [other]: value }) =>
    value === undefined ? undefined : judge(own / value, own - value)
}

export function createFigure(
  name: string,
  unit: string,
  values: Values,
  wanted: readonly Wanted[] = [],
): Figure {
  return { name, unit, values, goals: wanted.flatMap((want) => want(values) ?? []) }
}
