/** Power cuts: the disk stops taking anything in the middle of a load, and what it has by then is all there is. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Figure, Scenario } from "../support/scenario.ts"
import { createDisk, type Disk, missingDisk } from "./disk.ts"
import { crashFigures } from "./figures.ts"
import { type CrashNight, createCrashNight } from "./night.ts"
import { createRandom, newSeed, type Random } from "./random.ts"
import { missingStrace, withFaults } from "./strace.ts"

/** After so many cuts a new folder begins: the first cut of a folder falls on files that have just been made. */
const CUTS_PER_FOLDER = 10
const DISK_MEGABYTES = 256
/** One cut of the control for so many of the real ones. */
const CUTS_PER_CONTROL = 4
/** What the control can lose it must have answered first. */
const ANSWERED_BEFORE_CONTROL = 20
/** A disk that says it has everything and has nothing. */
const LYING = withFaults({ inject: ["fsync,fdatasync:retval=0"] })

export const scenario: Scenario = {
  name: "power",
  promise: "An answered write survives a power cut",
  needs: () => missingDisk() ?? missingStrace(),
  short: 8,
  long: 100,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const random = createRandom(seed)
    const disk = createDisk(DISK_MEGABYTES)
    try {
      const nights = []
      for (let cuts = 0; cuts < count; cuts += CUTS_PER_FOLDER) {
        const night = createCrashNight({ dataDir: join(disk.folder, `night-${cuts}`), random })
        nights.push(night)
        for (let i = 0; i < Math.min(CUTS_PER_FOLDER, count - cuts); i++) await cutOnce(night, disk, random)
        await night.finish()
        log(`${Math.min(count, cuts + CUTS_PER_FOLDER)} cuts: ${night.counts().answered} answered`)
      }
      const control = await lossOfControl(disk, random, Math.ceil(count / CUTS_PER_CONTROL))
      return [...crashFigures(`${count} power cuts`, nights, seed, log), control]
    } finally {
      disk.remove()
    }
  },
}

async function cutOnce(
  night: CrashNight,
  disk: Disk,
  random: Random,
  command?: readonly string[],
): Promise<void> {
  const server = await night.start(command)
  const load = await night.load(server)
  await Bun.sleep(50 + random.below(351))
  while (command && load.answered() < ANSWERED_BEFORE_CONTROL) await Bun.sleep(5)
  if (command || random.chance(0.5)) {
    // The kernel lets an fsync that is under way at the cut succeed without having written: what it leads to is no
    // promise of ours, since behind a real cut nobody is left to hear it.
    night.deafen()
    disk.cut()
  } else {
    await freeze(server.pid)
    disk.cut()
    process.kill(server.pid, "SIGCONT")
  }
  // No success may be answered from here on: it would be one of a write that is nowhere.
  await Bun.sleep(random.below(30))
  await server.stop("SIGKILL")
  await load.stop()
  disk.remount()
}

/** Stops every thread of a process where it is; one that waits for an fsync comes to the end of it first. */
async function freeze(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP")
  const tasks = `/proc/${pid}/task`
  const stopped = () =>
    readdirSync(tasks).every((task) => / T /.test(readFileSync(`${tasks}/${task}/stat`, "latin1")))
  while (!stopped()) await Bun.sleep(1)
}

/** The same with a disk that lies about its fsyncs: if nothing were lost then, the cuts above would prove nothing. */
async function lossOfControl(disk: Disk, random: Random, cuts: number): Promise<Figure> {
  let lost = 0
  for (let i = 0; i < cuts; i++) {
    const night = createCrashNight({ dataDir: join(disk.folder, `control-${i}`), random })
    await (await night.start()).stop()
    await cutOnce(night, disk, random, LYING)
    await night.finish().catch((error) => night.violations.push(`Lost: all, ${error}`))
    if (night.violations.some((line) => line.includes("Lost: "))) lost++
  }
  return {
    name: `${cuts} power cuts with a disk that lies about fsync`,
    value: `${lost} lost writes`,
    goal: `${cuts} must lose writes`,
    met: lost === cuts,
  }
}
