/** The wall clock jumps by hours and years, ahead and back, while a night runs under load and is killed now and then. */
import { join } from "node:path"
import { crashFigures } from "../crash/figures.ts"
import { type CrashNight, createCrashNight } from "../crash/night.ts"
import { createRandom, newSeed, type Random } from "../crash/random.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder } from "../support/server.ts"
import { clockWalks } from "./clock-walks.ts"
import { createWallClock, HOUR, missingFaketime, sweepLeftovers, type WallClock, YEAR } from "./wall-clock.ts"

/** Where the clock stands at every start: as on a machine that has none of its own, behind all it ever stored. */
const BOOT = "2021-03-01T20:00:00.000Z"
/** How far it is set ahead of that; the tokens of the night live longer. */
const FARTHEST_MS = 9 * YEAR
const JUMPS_PER_START = 5
/** After so many jumps a new folder begins, so that the last ones are checked as fast as the first. */
const JUMPS_PER_FOLDER = 200

export const scenario: Scenario = {
  name: "clock",
  promise:
    "The wall clock may be wrong: order by seq, never by time; a jump closes, loses and purges nothing",
  needs: missingFaketime,
  short: 30,
  long: 1_000,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const walking = clockWalks()
    const nights = await jumpingNights(count, createRandom(seed), log)
    const walks = await walking
    sweepLeftovers()
    const failed = walks.filter(({ failure }) => failure !== undefined)
    for (const { name, failure } of failed) log(`${name}: ${failure}`)
    return [
      ...crashFigures(`${count} jumps of the clock`, nights, seed, log),
      {
        name: `${walks.length} ways in which a single jump could do harm`,
        value: `${failed.length} failed`,
        goal: "0 failed",
        met: failed.length === 0,
      },
    ]
  },
}

async function jumpingNights(count: number, random: Random, log: (line: string) => void) {
  const nights: CrashNight[] = []
  for (let jumps = 0; jumps < count; jumps += JUMPS_PER_FOLDER) {
    const clock = createWallClock(BOOT)
    const night = createCrashNight({ dataDir: join(newFolder(), "data"), random, command: clock.command })
    nights.push(night)
    const here = Math.min(JUMPS_PER_FOLDER, count - jumps)
    for (let done = 0; done < here; done += JUMPS_PER_START) {
      await jumpUnderLoad(night, clock, random, Math.min(JUMPS_PER_START, here - done))
    }
    clock.set(BOOT)
    await night.finish()
    const { answered, events } = night.counts()
    log(`${jumps + here} jumps: ${answered} answered, ${events} events`)
  }
  return nights
}

async function jumpUnderLoad(night: CrashNight, clock: WallClock, random: Random, jumps: number) {
  clock.set(BOOT)
  const server = await night.start()
  const load = await night.load(server)
  for (let i = 0; i < jumps; i++) {
    const before = load.answered()
    clock.set(Date.parse(BOOT) + jump(random))
    while (load.answered() === before) await Bun.sleep(1)
    await Bun.sleep(random.below(100))
  }
  await load.heardAll()
  await server.stop(random.chance(0.5) ? "SIGKILL" : "SIGTERM")
  await load.stop()
}

/** Hours in half of all cases, else years; from the beginning, so that it goes back as often as ahead. */
const jump = (random: Random): number => random.below(random.chance(0.5) ? 48 * HOUR : FARTHEST_MS)
