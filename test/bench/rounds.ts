/** Interleaved rounds, A B C A B C, each begun by another program, so that a busy moment of the machine hits all alike. */

import type { Program } from "./programs.ts"
import { createFigure, type Figure, type Wanted } from "./report.ts"
import { median } from "./statistics.ts"

/** What was measured by one program in one round. */
export type Sample = Record<string, number>

export type Samples = Map<string, Sample[]>

export async function inRounds(
  count: number,
  programs: readonly Program[],
  measure: (program: Program, round: number) => Promise<Sample>,
): Promise<Samples> {
  const samples: Samples = new Map(programs.map(({ name }) => [name, []]))
  for (let round = 0; round < count; round++) {
    for (let turn = 0; turn < programs.length; turn++) {
      const program = programs[(turn + round) % programs.length]
      if (program) samples.get(program.name)?.push(await measure(program, round).catch(blame(program)))
    }
  }
  return samples
}

const blame =
  ({ name }: Program) =>
  (error: Error) => {
    throw new Error(`${name}: ${error.message}`)
  }

type Wish = { name: string; unit: string; of: string; wanted?: readonly Wanted[] }

/** The medians of one measure as a figure. */
export function figure(samples: Samples, { name, unit, of, wanted = [] }: Wish): Figure {
  const values: Record<string, number> = {}
  for (const [program, all] of samples) {
    const value = median(all.flatMap((sample) => sample[of] ?? []))
    if (!Number.isNaN(value)) values[program] = value
  }
  return createFigure(name, unit, values, wanted)
}
