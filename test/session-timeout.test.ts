/** A night that everybody left: closed once, at its time, and by no jump of the wall clock. */
import { expect, onTestFinished, test } from "bun:test"
import { createSessionTimeout } from "../src/session-timeout.ts"
import { createClock, type Night, openNight } from "./support/night.ts"

const HOUR = 3_600
const LIMIT = 12 * HOUR

/** A night under a timeout. `wait` lets both clocks run, so many seconds; `clock` alone is the wall clock. */
async function openWatched({ limit = LIMIT }: { limit?: number } = {}) {
  const night = await openNight({ onActivity: (id) => timeout.active(id) })
  const uptime = createClock()
  const log: string[] = []
  const deps = {
    db: night.store.db,
    sessions: night.sessions,
    limit: limit * 1000,
    log: (line: string) => log.push(line),
    now: night.clock.now,
    elapsed: uptime.now,
  }
  const timeout = createSessionTimeout(deps)
  onTestFinished(timeout.stop)
  return {
    ...night,
    timeout,
    log,
    wait(seconds: number) {
      night.clock.pass(seconds)
      uptime.pass(seconds)
      return timeout.check()
    },
    /** A new process on the same database, with a clock of its own that begins anew. */
    async restart() {
      timeout.stop()
      const next = createSessionTimeout({ ...deps, elapsed: createClock("1970-01-01T00:00:00.000Z").now })
      onTestFinished(next.stop)
      await next.begin()
    },
    told: () => night.heard().map(({ type }) => type),
  }
}

test("a night without a game is closed 12 hours after it began, and it is told once", async () => {
  const { sessions, wait, told, log, clock } = await openWatched()
  const { id } = await sessions.start(null)
  await wait(LIMIT - 1)
  expect(told()).toEqual(["session.started"])
  await wait(1)
  expect(told()).toEqual(["session.ended"])
  expect(await sessions.get(id)).toMatchObject({ is_active: 0, closed_at: clock.iso() })
  expect(log).toEqual([`[Sessions] Closing session ${id}: nothing happened in it for 43200 s`])
  await wait(LIMIT)
  expect(told()).toEqual([])
})

test.each<[string, (night: Night, id: number) => Promise<unknown>]>([
  ["a game", (night, id) => night.play(id, "DRW2")],
  ["a vote", (night) => night.cast("Ann", "up")],
  ["a vote that changes no tally", (night) => night.cast("Bob", "up")],
  [
    "a vote that came too late to count",
    (night) => night.cast("Bob", "down", { at: "2025-11-01T20:00:00Z" }),
  ],
  [
    "a vote in a poll",
    ({ polls }) =>
      polls.vote({
        username: "Ann",
        choice: "1",
        pollId: undefined,
        timestamp: undefined,
        source: undefined,
      }),
  ],
  ["the end of a poll", ({ polls }, id) => polls.end(id, { delay: 0 })],
  ["a change of status", (night) => night.sessionGames.setStatus(1, 1, "skipped")],
])("%s is a sign of life, also over a restart", async (_what, act) => {
  for (const restarts of [false, true]) {
    const night = await openWatched()
    const { id } = await night.sessions.start(null)
    await night.play(id, "QPL3")
    await night.polls.start(id, { other: true })
    night.clock.pass(10)
    await night.cast("Bob", "up")
    await night.wait(LIMIT - HOUR)
    await act(night, id)
    night.told()
    if (restarts) {
      night.clock.pass(LIMIT - 1)
      await night.restart()
      expect(night.told()).toEqual([])
      night.clock.pass(1)
      await night.restart()
    } else {
      await night.wait(LIMIT - 1)
      expect(night.told()).toEqual([])
      await night.wait(1)
    }
    expect(night.told().filter((type) => type !== "voting.ended")).toEqual(["session.ended"])
  }
})

test("a night that is overdue at the start of the service is closed there", async () => {
  const { sessions, play, clock, restart, told } = await openWatched()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  clock.pass(LIMIT)
  told()
  await restart()
  expect(told()).toEqual(["session.ended"])
  expect((await sessions.get(id)).games_played).toBe(1)
})

test("a wall clock that jumps closes nothing while the service runs", async () => {
  const { sessions, clock, wait, told } = await openWatched()
  await sessions.start(null)
  told()
  clock.set("2038-01-01T00:00:00.000Z")
  await wait(LIMIT - 1)
  clock.set("1970-01-01T00:00:00.000Z")
  await wait(0.5)
  expect(told()).toEqual([])
  await wait(0.5)
  expect(told()).toEqual(["session.ended"])
})

test("a start with a wall clock behind the last activity closes nothing", async () => {
  const { sessions, clock, restart, told } = await openWatched()
  await sessions.start(null)
  told()
  clock.set("1970-01-01T00:00:00.000Z")
  await restart()
  expect(told()).toEqual([])
  expect(await sessions.active()).not.toBeNull()
})

test("a late vote for the night before does not keep the next one open", async () => {
  const { sessions, play, cast, wait, told } = await openWatched()
  const first = await sessions.start(null)
  await play(first.id, "QPL3")
  const at = "2025-11-01T20:00:00.000Z"
  await sessions.close(first.id)
  await wait(1)
  await sessions.start(null)
  await wait(LIMIT - 1)
  await cast("Ann", "up", { at })
  told()
  await wait(1)
  expect(told()).toEqual(["session.ended"])
})

test("with a timeout of 0 a night goes on for ever", async () => {
  const { sessions, wait, restart, told } = await openWatched({ limit: 0 })
  await sessions.start(null)
  told()
  await wait(1_000 * HOUR)
  await restart()
  expect(told()).toEqual([])
})

test("the timer itself closes the night, without anybody asking", async () => {
  const night = await openNight({ onActivity: (id) => timeout.active(id) })
  const { db } = night.store
  const timeout = createSessionTimeout({ db, sessions: night.sessions, limit: 20, log: () => {} })
  onTestFinished(timeout.stop)
  const { id } = await night.sessions.start(null)
  while ((await night.sessions.get(id)).is_active === 1) await Bun.sleep(1)
  expect(night.heard().map(({ type }) => type)).toEqual(["session.started", "session.ended"])
})
