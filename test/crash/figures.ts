/** The figures every way to crash shares. */
import type { Figure } from "../support/scenario.ts"
import type { CrashNight } from "./night.ts"

const LINES_SHOWN = 20

/** What the nights found wrong goes to the log with the seed that made it. */
export function crashFigures(
  what: string,
  nights: readonly CrashNight[],
  seed: number,
  log: (line: string) => void,
): Figure[] {
  const violations = nights.flatMap((night) => night.violations)
  for (const violation of violations.slice(0, LINES_SHOWN)) log(violation)
  if (violations.length > 0) log(`Run it again with TORTURE_SEED=${seed}`)
  const counts = nights.map((night) => night.counts())
  const sum = (name: "answered" | "refused" | "unknown" | "heard") =>
    counts.reduce((total, count) => total + count[name], 0)
  const [answered, refused, unknown, heard] = [sum("answered"), sum("refused"), sum("unknown"), sum("heard")]
  return [
    {
      name: `${what}, ${answered} writes answered, ${refused} refused, ${unknown} unknown, ${heard} frames heard`,
      value: `${violations.length} rules broken`,
      goal: "0 rules broken",
      met: violations.length === 0,
    },
    {
      name: `${what}: writes and frames`,
      value: `${answered}, ${heard}`,
      goal: "some of each",
      met: answered > 0 && heard > 0,
    },
  ]
}
