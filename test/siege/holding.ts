/** Holds properties with chance that can be had again. */
import fc from "fast-check"

/** Cases of one check; after each the count is looked at. */
const RUNS = 20
const ENOUGH_FAILURES = 3
/** The longest that is looked for a smaller case of a failure. */
const SHRINKING_MS = 60_000
/** Letters of a case that a report shows. */
const TOLD = 1_000

type Holding<T> = {
  seed: number
  workers: number
  cases: fc.Arbitrary<T>
  holds: (one: T) => Promise<void>
  /** A case in words, for the report of a failure. */
  tell: (one: T) => string
}

/**
 * Holds a property with ever new cases until `enough` says so, `workers` at a time, and gives what failed, each shrunk
 * to its smallest case and with the seed that brings it back.
 */
export async function holdUntil<T>(enough: () => boolean, holding: Holding<T>): Promise<string[]> {
  const { seed, workers, cases, holds, tell } = holding
  const failures: string[] = []
  let round = 0
  const worker = async () => {
    while (!enough() && failures.length < ENOUGH_FAILURES) {
      const result = await fc.check(fc.asyncProperty(cases, holds), {
        seed: seed + round++,
        numRuns: RUNS,
        interruptAfterTimeLimit: SHRINKING_MS,
      })
      if (!result.failed) continue
      const [smallest] = result.counterexample ?? []
      const what = smallest === undefined ? "" : tell(smallest).slice(0, TOLD)
      failures.push(`${result.errorInstance} (seed ${result.seed}, ${result.counterexamplePath}) for ${what}`)
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return failures
}
