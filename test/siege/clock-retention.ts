/**
 * Retention in real time: ten minutes after its start a service removes the log of old nights, unless its wall clock
 * jumped. In the test command `test/retention.test.ts` shows the same with clocks that are arguments.
 */
import { join } from "node:path"
import { databaseIn } from "../../src/store/folder.ts"
import { readDatabase } from "../crash/state.ts"
import { asAdmin } from "../support/api.ts"
import type { Scenario } from "../support/scenario.ts"
import { newFolder, startServer } from "../support/server.ts"
import {
  createWallClock,
  HOUR,
  missingFaketime,
  SECOND,
  sweepLeftovers,
  type WallClock,
} from "./wall-clock.ts"

const EVENING = "2025-11-01T20:00:00.000Z"
/** Longer than the log of a night is kept. */
const LATER_MS = 60 * 24 * HOUR
/** Events of the night that are old enough then: a game and the votes for it. */
const OLD = ["game.added", "vote.received"]
const VOTES = 20
/** By then a service must have looked at its log for the first time. */
const LOOKED_MS = 11 * 60 * SECOND
const TRUE_CLOCK = "a true clock"

export const scenario: Scenario = {
  name: "clock-retention",
  promise: "A jump of the wall clock purges nothing from the log",
  needs: missingFaketime,
  short: 1,
  long: 3,
  async run({ count, log }) {
    const jumping = JUMPS.slice(0, count).map(async ({ name, turn }) => {
      const { left, noticed } = await keep(turn, log)
      return {
        name: `events kept when the clock ${name}`,
        value: `${left}, jump ${noticed ? "noticed" : "missed"}`,
        goal: `${VOTES + 1}, jump noticed`,
        met: left === VOTES + 1 && noticed,
      }
    })
    const control = async () => {
      const { left } = await keep(TRUE_CLOCK, log)
      return {
        name: `events kept under ${TRUE_CLOCK}, which proves the rig`,
        value: `${left}`,
        goal: "0",
        met: left === 0,
      }
    }
    const figures = await Promise.all([...jumping, control()])
    sweepLeftovers()
    return figures
  },
}

type Turn = (clock: WallClock) => Promise<void>

const JUMPS: readonly { name: string; turn: Turn }[] = [
  { name: "is set ahead at once", turn: async (clock) => clock.turn(LATER_MS) },
  {
    name: "is set ahead in the tenth minute",
    async turn(clock) {
      await Bun.sleep(9.5 * 60 * SECOND)
      clock.turn(LATER_MS)
    },
  },
  {
    name: "is set back and then far ahead",
    async turn(clock) {
      clock.turn(-LATER_MS)
      await Bun.sleep(60 * SECOND)
      clock.turn(2 * LATER_MS)
    },
  },
]

/** The old events that are left of a night, and whether the service said that its clock was set. */
async function keep(turn: Turn | typeof TRUE_CLOCK, log: (line: string) => void) {
  const dataDir = join(newFolder(), "data")
  const clock = createWallClock(EVENING)
  await playNight(clock, dataDir)
  if (turn === TRUE_CLOCK) clock.turn(LATER_MS)
  const server = await startServer(clock.command, { dataDir })
  const begun = performance.now()
  if (turn !== TRUE_CLOCK) void turn(clock)
  let left = oldEvents(dataDir)
  while (performance.now() - begun < LOOKED_MS && left > 0) {
    await Bun.sleep(5 * SECOND)
    left = oldEvents(dataDir)
  }
  log(`${left} old events are left after ${Math.round((performance.now() - begun) / SECOND)} s`)
  await server.stop()
  return { left, noticed: server.stderr().includes("[Retention] The clock was set") }
}

async function playNight(clock: WallClock, dataDir: string): Promise<void> {
  const server = await startServer(clock.command, { dataDir })
  const admin = await asAdmin(server)
  const { body: session } = await admin("POST", "/api/sessions")
  const [game] = (await admin("GET", "/api/games")).body
  await admin("POST", `/api/sessions/${session.id}/games`, { game_id: game.id })
  for (let i = 0; i < VOTES; i++)
    await admin("POST", "/api/votes/live", { username: `voter ${i}`, vote: "up" })
  await admin("POST", `/api/sessions/${session.id}/close`)
  await server.stop()
}

const oldEvents = (dataDir: string): number =>
  readDatabase(databaseIn(dataDir), { seq: 0, voteId: 0 }).events.filter(({ type }) => OLD.includes(type))
    .length
