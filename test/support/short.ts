/** Runs a torture scenario inside the test command, with its small count. */
import { describe, expect, test } from "bun:test"
import type { Scenario } from "./scenario.ts"

/** The longest a short run may take before it counts as stuck. */
const STUCK_AFTER_MS = 120_000

export function testShort(scenario: Scenario): void {
  const missing = scenario.needs?.()
  const title = `torture: ${scenario.name}`
  describe.skipIf(missing !== undefined)(missing ? `${title} (${missing})` : title, () => {
    test(
      scenario.promise,
      async () => {
        const lines: string[] = []
        const figures = await scenario.run({ count: scenario.short, log: (line) => lines.push(line) })
        expect(figures).not.toBeEmpty()
        const missed = figures.filter(({ met }) => !met)
        if (missed.length > 0) throw new Error([...missed.map(sentence), ...lines].join("\n"))
      },
      STUCK_AFTER_MS,
    )
  })
}

const sentence = ({ name, value, goal }: { name: string; value: string; goal: string }) =>
  `${name}: ${value} instead of ${goal}`
