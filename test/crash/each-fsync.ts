/** The process dies at each fsync in turn, alone or with the power: what it was doing is then done or not begun. */
import { join } from "node:path"
import { SCHEMA_VERSION } from "../../src/store/migrations.ts"
import { asAdmin } from "../support/api.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { startServer } from "../support/server.ts"
import { createDisk, type Disk, missingDisk } from "./disk.ts"
import type { Write } from "./history.ts"
import { type CrashNight, createCrashNight } from "./night.ts"
import { whatIsBetween, writeOldDatabase } from "./old-database.ts"
import { createRandom } from "./random.ts"
import { integrityOf } from "./state.ts"
import { missingStrace, withFaults } from "./strace.ts"

/** Something the program does, in a folder of the disk. */
type Step = {
  /** Does it with the program that `command` starts; true if that came to a good end. */
  run(command: readonly string[]): Promise<boolean>
  /** What is wrong with what was left, and with a start on it. */
  check(): Promise<string[]>
}

/** More fsyncs than any step has. */
const MOST_FSYNCS = 200
const DISK_MEGABYTES = 128

export const scenario: Scenario = {
  name: "each-fsync",
  promise: "An upgrade, and every write, is all or nothing: killed at each fsync",
  needs: () => missingDisk() ?? missingStrace(),
  short: 1,
  long: 10,
  async run({ count, log }): Promise<Figure[]> {
    const figures: Figure[] = []
    for (const [name, makeStep] of STEPS) {
      let deaths = 0
      const wrong: string[] = []
      for (let round = 0; round < count * 2; round++) {
        const disk = createDisk(DISK_MEGABYTES)
        try {
          deaths += await killAtEach(disk, makeStep(disk), round % 2 === 1, wrong)
        } finally {
          disk.remove()
        }
      }
      for (const line of wrong) log(`${name}: ${line}`)
      figures.push({
        name: `${name}: ${deaths} deaths, half of them with the power`,
        value: `${wrong.length} times something between`,
        goal: "0 times",
        met: wrong.length === 0 && deaths > 0,
      })
    }
    return figures
  },
}

/** How many fsyncs the step had. */
async function killAtEach(
  disk: Disk,
  makeStep: (n: number) => Promise<Step>,
  withPower: boolean,
  wrong: string[],
): Promise<number> {
  for (let n = 1; n <= MOST_FSYNCS; n++) {
    const step = await makeStep(n)
    Bun.spawnSync(["sync", "-f", disk.folder])
    const done = await step.run(withFaults({ inject: [`fsync,fdatasync:signal=KILL:when=${n}`] }))
    if (withPower) {
      disk.cut()
      disk.remount()
    }
    const found = await step.check()
    wrong.push(...found.map((line) => `fsync ${n}${withPower ? " with the power" : ""}: ${line}`))
    if (done) return n - 1
  }
  throw new Error(`Cannot come to an end: there are more than ${MOST_FSYNCS} fsyncs`)
}

const STEPS: readonly (readonly [string, (disk: Disk) => (n: number) => Promise<Step>])[] = [
  ["the first start and stop", (disk) => async (n) => startIn(join(disk.folder, `new-${n}`), false)],
  [
    "an upgrade",
    (disk) => async (n) => {
      const dataDir = join(disk.folder, `old-${n}`)
      writeOldDatabase(dataDir)
      return startIn(dataDir, true)
    },
  ],
  ["a vote", (disk) => writeIn(disk, (n) => ({ kind: "vote", username: `viewer ${n}`, vote: "up" }))],
  ["the end of a session", (disk) => writeIn(disk, (_, sessionId) => ({ kind: "close", sessionId }))],
]

function startIn(dataDir: string, isOld: boolean): Step {
  return {
    async run(command) {
      const server = await startServer(command, { dataDir }).catch(() => undefined)
      return (await server?.stop()) === 0
    },
    async check() {
      const wrong = whatIsBetween(dataDir, { least: isOld ? 1 : 0, isOld })
      const server = await startServer(COMPILED, { dataDir })
      const admin = await asAdmin(server)
      const { status } = await admin("GET", "/health/ready")
      if (status !== 200) wrong.push(`It is not ready after a restart: ${status}`)
      const code = await server.stop()
      if (code !== 0) wrong.push(`It stopped with ${code}`)
      return [...wrong, ...whatIsBetween(dataDir, { least: SCHEMA_VERSION, isOld }), ...integrityOf(dataDir)]
    },
  }
}

/** One write in a night that goes on from death to death. */
function writeIn(disk: Disk, writeOf: (n: number, sessionId: number) => Write): (n: number) => Promise<Step> {
  const night = createCrashNight({ dataDir: join(disk.folder, "night"), random: createRandom(1) })
  let reported = 0
  return async (n) => {
    const sessionId = await openSession(night, n)
    return {
      async run(command) {
        const server = await night.start(command).catch(() => undefined)
        if (!server) return false
        await night.ask(server, writeOf(n, sessionId))
        return (await server.stop()) === 0
      },
      async check() {
        await (await night.start()).stop()
        const fresh = night.violations.slice(reported)
        reported = night.violations.length
        return fresh
      },
    }
  }
}

/** The running session, in which a game is played; opened if there is none. */
async function openSession(night: CrashNight, n: number): Promise<number> {
  const server = await night.start()
  const id = (await night.activeId(server)) ?? (await opened())
  await server.stop()
  return id

  async function opened(): Promise<number> {
    await night.ask(server, { kind: "start", notes: `Night ${n}` })
    const sessionId = (await night.activeId(server)) ?? 0
    await night.ask(server, { kind: "game", sessionId, gameId: 1, roomCode: `R${n}` })
    return sessionId
  }
}
