/** SIGTERM amid a busy night, again and again on the same folder. */
import { join } from "node:path"
import { CLOSE } from "../../src/protocol.ts"
import { crashFigures } from "../crash/figures.ts"
import { type CrashNight, createCrashNight } from "../crash/night.ts"
import { createRandom, newSeed } from "../crash/random.ts"
import { asAdmin } from "../support/api.ts"
import { type Bot, openBot } from "../support/bot.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder, STOPPED_WITHIN_MS, type TestServer, walBytes } from "../support/server.ts"
import { below, exactly } from "./figures.ts"

const SOCKETS = 200
/** Writes that were answered before the signal comes. */
const BUSY = 200
/** After so many stops a new folder begins. */
const STOPS_PER_FOLDER = 50

export const scenario: Scenario = {
  name: "stop",
  promise:
    "SIGTERM under load: sockets told 1012, no answered write lost, exit 0 within 5 s, WAL checkpointed",
  short: 2,
  long: 200,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const random = createRandom(seed)
    const nights: CrashNight[] = []
    const stops: Stop[] = []
    for (let done = 0; done < count; done += STOPS_PER_FOLDER) {
      const dataDir = join(newFolder(), "data")
      const night = createCrashNight({ dataDir, random })
      nights.push(night)
      for (let i = 0; i < Math.min(STOPS_PER_FOLDER, count - done); i++)
        stops.push(await stopUnderLoad(night))
      await night.finish()
    }
    log(
      `Stopped ${count} times; the log on disk held up to ${Math.max(...stops.map(({ before }) => before))} bytes`,
    )
    return [
      ...crashFigures(`${count} stops`, nights, seed, log),
      exactly("sockets told 1012", sum(stops.map(({ told }) => told)), SOCKETS * count),
      exactly("exit codes other than 0", stops.filter(({ code }) => code !== 0).length, 0),
      exactly("bytes left in the log on disk", sum(stops.map(({ after }) => after)), 0),
      below("from the signal to the end", Math.max(...stops.map(({ ms }) => ms)), STOPPED_WITHIN_MS, "ms"),
    ]
  },
}

async function followerOf(server: TestServer, token: string | undefined): Promise<Bot> {
  const bot = await openBot(server)
  bot.send({ type: "auth", token, follow: true })
  await bot.next("auth_success")
  return bot
}

type Stop = { told: number; code: number; ms: number; before: number; after: number }

async function stopUnderLoad(night: CrashNight): Promise<Stop> {
  const server = await night.start()
  const { token } = await asAdmin(server)
  const bots = await Promise.all(Array.from({ length: SOCKETS }, () => followerOf(server, token)))
  const load = await night.load(server)
  while (load.answered() < BUSY) await Bun.sleep(1)
  const before = walBytes(server)
  const begun = performance.now()
  const code = await server.stop("SIGTERM")
  const ms = performance.now() - begun
  const codes = await Promise.all(bots.map(async ({ closed }) => (await closed).code))
  await load.stop()
  const told = codes.filter((one) => one === CLOSE.restarting).length
  return { told, code, ms, before, after: walBytes(server) }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
