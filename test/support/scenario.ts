/** One measured figure: what was reached, what was promised, and whether the promise held. */
export type Figure = { name: string; value: string; goal: string; met: boolean }

/** A way to break the program on purpose, run small by the tests and large by `bun run torture`. */
export type Scenario = {
  name: string
  /** The line of the reliability table this proves. */
  promise: string
  /** Why the scenario cannot run on this machine. */
  needs?: () => string | undefined
  run(options: { count: number; log(line: string): void }): Promise<Figure[]>
  /** The count inside the test command. */
  short: number
  /** The count that reaches the promised figure. */
  long: number
}
