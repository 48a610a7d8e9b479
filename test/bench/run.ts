/**
 * Measures the compiled file beside a compiled bare `Bun.serve`, in interleaved rounds of one run: read the ratios, the
 * absolute figures are this machine's. Ends with 1 when a figure misses its goal.
 *
 *   bun run bench [--short]
 */
import { cpus } from "node:os"
import { median, programs, residentMemory, sizeOf, start } from "./programs.ts"
import { measureVotes } from "./votes.ts"

type Figure = { name: string; bare: string; gamenight: string; result: string; goal: string; met: boolean }

/** Memory is read this long after the first answer, when the start has settled. */
const SETTLE_MS = 2_000

const short = process.argv.includes("--short")
const rounds = short ? 5 : 25
const { bare, gamenight } = await programs()
await (await start(gamenight)).stop()

const figures = [size(), ...(await startAndMemory()), await votes()]
console.log(`\n${cpus().length} cores, ${cpus()[0]?.model}, Bun ${Bun.version}, ${rounds} rounds, medians`)
console.table(figures.map(({ met, ...figure }) => ({ ...figure, met: met ? "yes" : "NO" })))
process.exit(figures.every(({ met }) => met) ? 0 : 1)

function size(): Figure {
  const more = sizeOf(gamenight) - sizeOf(bare)
  return {
    name: "size of the file, MB",
    bare: sizeOf(bare).toFixed(2),
    gamenight: sizeOf(gamenight).toFixed(2),
    result: `+${more.toFixed(2)}`,
    goal: "at most +3",
    met: more <= 3,
  }
}

async function startAndMemory(): Promise<Figure[]> {
  const ready: Record<string, number[]> = {}
  const memory: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const program of round % 2 ? [bare, gamenight] : [gamenight, bare]) {
      const server = await start(program)
      ready[program.name] = [...(ready[program.name] ?? []), server.ready]
      if (round % 5 === 0) {
        await Bun.sleep(SETTLE_MS)
        memory[program.name] = [...(memory[program.name] ?? []), residentMemory(server.pid)]
      }
      await server.stop()
    }
    console.log(`start: round ${round + 1} of ${rounds}`)
  }
  const of = (values: Record<string, number[]>, { name }: { name: string }) => median(values[name] ?? [])
  const ratio = of(ready, gamenight) / of(ready, bare)
  const more = of(memory, gamenight) - of(memory, bare)
  return [
    {
      name: "start to first 200, ms",
      bare: of(ready, bare).toFixed(1),
      gamenight: of(ready, gamenight).toFixed(1),
      result: `x${ratio.toFixed(2)}`,
      goal: "at most x2.5",
      met: ratio <= 2.5,
    },
    {
      name: "idle resident memory, MB",
      bare: of(memory, bare).toFixed(1),
      gamenight: of(memory, gamenight).toFixed(1),
      result: `+${more.toFixed(1)}`,
      goal: "at most +12",
      met: more <= 12,
    },
  ]
}

async function votes(): Promise<Figure> {
  const { clients, votesPerSecond, votesPerSync } = await measureVotes(gamenight, 64, short ? 50 : 400)
  return {
    name: `durable votes per fsync, ${clients} clients`,
    bare: "",
    gamenight: `${votesPerSecond.toFixed(0)} votes/s`,
    result: votesPerSync?.toFixed(1) ?? "needs the Debian package strace",
    goal: "at least 15",
    met: votesPerSync === undefined || votesPerSync >= 15,
  }
}
