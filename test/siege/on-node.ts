/** A scenario held to the Node bundle too. */
import type { Command } from "../conformance/night.ts"
import { NODE_BUNDLE } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"

type Run = (command: Command, count: number, log: (line: string) => void) => Promise<Figure[]>

export const onNode = (scenario: Scenario, run: Run): Scenario => ({
  ...scenario,
  name: `${scenario.name} on Node`,
  run: ({ count, log }) => run(NODE_BUNDLE, count, log),
})
