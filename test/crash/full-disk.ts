/** A disk without room: writes are refused with 507, everything else goes on, and with room it goes on by itself. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { databaseIn } from "../../src/store/folder.ts"
import { createApi } from "../support/api.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder, startServer, type TestServer } from "../support/server.ts"
import { createDisk, missingDisk } from "./disk.ts"
import { crashFigures } from "./figures.ts"
import { type CrashNight, createCrashNight } from "./night.ts"
import { createRandom, newSeed, type Random } from "./random.ts"
import { missingStrace, withFaults } from "./strace.ts"

const DISK_MEGABYTES = 24
/** Of so many rounds one lets strace refuse the pages, the others fill a real disk. */
const INJECTED_EVERY = 4
const REFUSALS = 100
const WAIT_MS = 20_000

export const scenario: Scenario = {
  name: "full-disk",
  promise: "A full disk degrades, never corrupts",
  needs: () => missingDisk() ?? missingStrace(),
  short: 4,
  long: 100,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const random = createRandom(seed)
    const disk = createDisk(DISK_MEGABYTES)
    const nights = []
    const trouble: string[] = []
    try {
      for (let n = 0; n < count; n++) {
        const injected = n % INJECTED_EVERY === INJECTED_EVERY - 1
        const dataDir = join(injected ? newFolder() : disk.folder, `night-${n}`)
        const night = createCrashNight({ dataDir, random })
        nights.push(night)
        const round = injected
          ? refusedPages(night, dataDir)
          : filledDisk(night, { folder: disk.folder, dataDir, random })
        trouble.push(...(await round))
        await night.finish()
        rmSync(dataDir, { recursive: true })
      }
    } finally {
      disk.remove()
    }
    for (const line of trouble) log(line)
    const refused = nights.reduce((sum, night) => sum + night.counts().diskFull, 0)
    return [
      ...crashFigures(`${count} full disks`, nights, seed, log),
      {
        name: `${count} full disks, ${refused} writes answered with 507: reads, sockets and recovery`,
        value: `${trouble.length} failed`,
        goal: "0 failed",
        met: trouble.length === 0 && refused > 0,
      },
    ]
  },
}

/** A disk filled to the last block under load, and emptied again. */
async function filledDisk(
  night: CrashNight,
  { folder, dataDir, random }: { folder: string; dataDir: string; random: Random },
): Promise<string[]> {
  const filler = join(folder, "filler")
  const server = await night.start()
  const load = await night.load(server)
  await Bun.sleep(100 + random.below(200))
  fillUp(filler)
  const before = night.counts().diskFull
  const trouble = await until("507", () => night.counts().diskFull > before)
  trouble.push(...(await everythingElse(server)))
  await load.heardAll()
  rmSync(filler)
  const answered = load.answered()
  trouble.push(...(await until("writes again", () => load.answered() > answered + REFUSALS)))
  // Once more, and the plug is pulled while it is full.
  fillUp(filler)
  await Bun.sleep(random.below(100))
  await server.stop("SIGKILL")
  await load.stop()
  trouble.push(...(await startWhileFull(dataDir)))
  rmSync(filler)
  return trouble
}

/** It serves what can be read, or says in one sentence what is wrong. */
async function startWhileFull(dataDir: string): Promise<string[]> {
  const server = await startServer(COMPILED, { dataDir }).catch((error: Error) => error)
  if (server instanceof Error) {
    const plain = /ended with 1 before it listened: Cannot start: the disk .+ is full[^\n]+\n$/.test(
      server.message,
    )
    return plain ? [] : [`A start without room failed: ${server.message}`]
  }
  const trouble = await everythingElse(server)
  await server.stop("SIGKILL")
  return trouble
}

/** Pages of the database and its log that the disk refuses for a while. */
async function refusedPages(night: CrashNight, dataDir: string): Promise<string[]> {
  await (await night.start()).stop()
  const database = databaseIn(dataDir)
  const inject = [`pwrite64:error=ENOSPC:when=100..${100 + REFUSALS}`]
  const server = await night.start(withFaults({ inject, paths: [database, `${database}-wal`] }))
  const load = await night.load(server)
  const trouble = await until("507", () => night.counts().diskFull > 0)
  trouble.push(...(await everythingElse(server)))
  await load.heardAll()
  const answered = load.answered()
  trouble.push(...(await until("writes again", () => load.answered() > answered + REFUSALS)))
  await server.stop("SIGKILL")
  await load.stop()
  return trouble
}

async function until(what: string, holds: () => boolean): Promise<string[]> {
  const deadline = performance.now() + WAIT_MS
  while (!holds()) {
    if (performance.now() > deadline) return [`Waited ${WAIT_MS} ms in vain for ${what}`]
    await Bun.sleep(5)
  }
  return []
}

/** What must work without room. */
async function everythingElse(server: TestServer): Promise<string[]> {
  const api = createApi(server)
  const paths = ["/health", "/api/sessions", "/api/sessions/active", "/api/games", "/api/votes"]
  const answers = await Promise.all(paths.map((path) => api("GET", path)))
  const failed = answers.filter(({ status }) => status !== 200)
  return failed.map(({ status, text }) => `A read was answered with ${status}: ${text}`)
}

/** Blocks of every size down to one byte, so that nothing is left for anybody. */
function fillUp(path: string): void {
  for (let size = 1 << 20; size >= 1; size >>= 2) {
    try {
      for (;;) writeFileSync(path, new Uint8Array(size), { flag: "a" })
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
    }
  }
}
