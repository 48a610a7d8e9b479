/** What a start takes: the file, the time to the first answer on a database that exists, the memory it rests at. */
import { statSync } from "node:fs"
import { newFolder, type Program, type Programs, start } from "./programs.ts"
import { atMost, atMostMore, createFigure, type Figure, type Plan } from "./report.ts"
import { figure, inRounds, type Sample } from "./rounds.ts"
import { residentMemory } from "./statistics.ts"

/** Memory is read this long after the first answer, when the start has settled. */
const SETTLE_MS = 2_000
/** Every so many rounds the memory is read, too. */
const MEMORY_EVERY = 5

export async function measureStarts({ gamenight, empty }: Programs, { short, log }: Plan): Promise<Figure[]> {
  const rounds = short ? 3 : 25
  const dataDir = newFolder()
  await (await start(gamenight, dataDir)).stop()
  const samples = await inRounds(rounds, [gamenight, empty], async (program, round) => {
    const server = await start(program, dataDir)
    const sample: Sample = { ready: server.ready }
    if (round % MEMORY_EVERY === 0) {
      await Bun.sleep(SETTLE_MS)
      sample.memory = residentMemory(server.pid)
    }
    await server.stop()
    return sample
  })
  log(`starts: ${rounds} rounds`)
  const sizes = Object.fromEntries([gamenight, empty].map((program) => [program.name, sizeOf(program)]))
  return [
    createFigure("size of the file", "MB", sizes, [atMostMore(3, "MB", empty.name)]),
    figure(samples, { name: "start to first 200", unit: "ms", of: "ready", wanted: [atMost(2, empty.name)] }),
    figure(samples, { name: "idle memory", unit: "MB", of: "memory", wanted: [atMost(1.4, empty.name)] }),
  ]
}

const sizeOf = ({ file = "" }: Program): number => statSync(file).size / 1e6
