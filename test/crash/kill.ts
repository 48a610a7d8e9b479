/** kill -9 at a random moment of a load, again and again on the same folder. */
import { join } from "node:path"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder } from "../support/server.ts"
import { crashFigures } from "./figures.ts"
import { createCrashNight } from "./night.ts"
import { createRandom, newSeed } from "./random.ts"

/** After so many crashes a new folder begins, so that the last ones are checked as fast as the first. */
const CRASHES_PER_FOLDER = 100

/** How many of the starts after a crash are killed too, while they look at what is left. */
const CRASHES_OF_A_START = 0.1

export const scenario: Scenario = {
  name: "kill",
  promise: "An answered write survives a crash: kill -9 under load",
  short: 100,
  long: 1_000,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const random = createRandom(seed)
    const nights = []
    for (let crashes = 0; crashes < count; crashes += CRASHES_PER_FOLDER) {
      const night = createCrashNight({ dataDir: join(newFolder(), "data"), random })
      nights.push(night)
      for (let i = 0; i < Math.min(CRASHES_PER_FOLDER, count - crashes); i++) {
        if (random.chance(CRASHES_OF_A_START)) await night.killStart(random.below(40))
        const server = await night.start()
        const load = await night.load(server)
        await Bun.sleep(50 + random.below(351))
        await server.stop("SIGKILL")
        await load.stop()
      }
      await night.finish()
      const { answered, unknown, events } = night.counts()
      log(
        `${Math.min(count, crashes + CRASHES_PER_FOLDER)} crashes: ${answered} answered, ${unknown} unknown, ${events} events`,
      )
    }
    return crashFigures(`${count} kills`, nights, seed, log)
  },
}
