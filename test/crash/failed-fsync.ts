/** A disk that fails an fsync: nothing may be answered that is not there later, and the process must give up. */
import { join } from "node:path"
import { databaseIn } from "../../src/store/folder.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder, type TestServer, within } from "../support/server.ts"
import { crashFigures } from "./figures.ts"
import { type CrashNight, createCrashNight } from "./night.ts"
import { createRandom, newSeed } from "./random.ts"
import { missingStrace, withFaults } from "./strace.ts"

/** One of so many failures hits checkpoints, whose writes were answered long before. */
const CHECKPOINT_EVERY = 8
/** How long it may take until the fsync comes that fails, and then until the process is gone. */
const GIVES_UP_WITHIN_MS = 30_000

export const scenario: Scenario = {
  name: "failed-fsync",
  promise: "A failed fsync is never answered as success",
  needs: missingStrace,
  short: 8,
  long: 200,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const dataDir = join(newFolder(), "data")
    const database = databaseIn(dataDir)
    const night = createCrashNight({ dataDir, random: createRandom(seed) })
    await (await night.start()).stop()
    let gaveUp = 0
    for (let n = 1; n <= count; n++) {
      const inCheckpoint = n % CHECKPOINT_EVERY === 0
      // SQLite fsyncs the folder too, for file systems that need it, and lets that fail: it is left out.
      const faults = inCheckpoint
        ? withFaults({ inject: ["fsync,fdatasync:error=EIO:when=1+"], paths: [database] })
        : withFaults({
            inject: [`fsync,fdatasync:error=EIO:when=${n}`],
            paths: [database, `${database}-wal`],
          })
      const code = inCheckpoint ? await checkpointFails(night, faults) : await commitFails(night, faults)
      if (code === 1) gaveUp++
      else log(`Failure ${n}${inCheckpoint ? ", of a checkpoint" : ""}: it ended with ${code}`)
      await (await night.start()).stop("SIGKILL")
    }
    await night.finish()
    return [
      ...crashFigures(`${count} failed fsyncs`, [night], seed, log),
      {
        name: `${count} failed fsyncs: the process ends`,
        value: `${gaveUp} times with exit code 1`,
        goal: `${count} times`,
        met: gaveUp === count,
      },
    ]
  },
}

/** The exit code of a start or of a service under load. */
async function commitFails(night: CrashNight, command: readonly string[]): Promise<number | undefined> {
  const server = await night.start(command).catch((error: Error) => {
    const [, code] = /ended with (\d+) before it listened/.exec(error.message) ?? []
    if (code === undefined) throw error
    return Number(code)
  })
  if (typeof server === "number") return server
  const load = await night.load(server)
  const code = await endOf(server)
  await load.stop()
  return code
}

/** Only when the log is written back does the service meet the disk that fails: in the first quiet moment. */
async function checkpointFails(night: CrashNight, command: readonly string[]): Promise<number | undefined> {
  const server = await night.start(command)
  const load = await night.load(server)
  await Bun.sleep(500)
  await load.stop()
  return endOf(server)
}

/** Its exit code, or undefined when it had to be killed because it went on. */
async function endOf(server: TestServer): Promise<number | undefined> {
  const ended = (done: (code: number) => void) => void server.exited.then(done)
  const code = await within("the end of the process", ended, GIVES_UP_WITHIN_MS).catch(() => undefined)
  await server.stop("SIGKILL")
  return code
}
