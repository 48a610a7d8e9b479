/** The log of old nights: what goes, what stays, and that no clock makes it go too early. */
import { expect, onTestFinished, test } from "bun:test"
import { createRetention } from "../src/retention.ts"
import { createClock, openNight } from "./support/night.ts"

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

type Options = { logDays?: number }

/** A service that came up at the time of `clock`. `wait` lets both clocks run, so many seconds. */
async function openKept({ logDays = 30 }: Options = {}) {
  const night = await openNight()
  const { clock, store } = night
  const uptime = createClock()
  const log: string[] = []
  const startService = () => {
    const retention = createRetention({
      store,
      logDays,
      log: (line) => log.push(line),
      now: clock.now,
      elapsed: uptime.now,
    })
    onTestFinished(retention.stop)
    return retention
  }
  const wait = (seconds: number) => {
    clock.pass(seconds)
    uptime.pass(seconds)
  }
  return {
    ...night,
    log,
    startService,
    wait,
    /** A night with two games and this many votes, over when it comes back. */
    async wholeNight(votes = 2): Promise<number> {
      const { id } = await night.sessions.start(null)
      await night.play(id, "QPL3")
      await Promise.all(Array.from({ length: votes }, (_, i) => night.cast(`viewer ${i}`, "up")))
      await night.play(id, "DRW2")
      await night.sessions.close(id)
      return id
    },
    async logged(): Promise<string[]> {
      const events = await night.events.since(0, 10_000)
      return events.map(({ session_id, type }) => `${session_id} ${type}`)
    },
  }
}

const SHORT = ["session.started", "session.ended"]
const WHOLE = [
  "session.started",
  "game.added",
  "vote.received",
  "vote.received",
  "game.added",
  "session.ended",
]
const of = (id: number, types: readonly string[]) => types.map((type) => `${id} ${type}`)

test("30 days after a night its games and votes leave the log, and its results stay", async () => {
  const night = await openKept()
  const { startService, wait, logged } = night
  const id = await night.wholeNight()
  const kept = async () => [
    await night.sessions.get(id),
    await night.sessionGames.list(id),
    await night.tallies.ofSession(id),
    await night.tallies.page({ page: 1, limit: 10 }),
    await night.games.list({}),
  ]
  const before = await kept()
  const retention = startService()
  wait(30 * DAY - 1)
  await retention.run()
  expect(await logged()).toEqual(of(id, WHOLE))
  expect(night.events.isWhole(0)).toBeTrue()
  wait(1)
  await retention.run()
  expect(await logged()).toEqual(of(id, SHORT))
  expect(await kept()).toEqual(before)
})

test("the log tells through which event it has holes, and that number never falls", async () => {
  const { wholeNight, startService, wait, events } = await openKept()
  await wholeNight()
  const retention = startService()
  wait(DAY)
  await wholeNight()
  wait(29 * DAY)
  await retention.run()
  expect(events.prunedThrough()).toBe(5)
  expect([events.isWhole(4), events.isWhole(5)]).toEqual([false, true])
  wait(DAY)
  await retention.run()
  expect(events.prunedThrough()).toBe(11)
  wait(DAY)
  await retention.run()
  expect(events.prunedThrough()).toBe(11)
})

test("a session that lost no event can be read from its beginning, whatever older ones lost", async () => {
  const { wholeNight, startService, wait, events } = await openKept()
  const [old, recent] = [await wholeNight(), await wholeNight()]
  expect([await events.placeAfter(0), await events.placeAfter(events.head() + 1)]).toEqual([0, undefined])
  const retention = startService()
  wait(DAY)
  const young = await wholeNight()
  wait(29 * DAY)
  await retention.run()
  const pruned = events.prunedThrough()
  expect(pruned).toBeGreaterThan(0)
  for (const session of [undefined, old, recent]) expect(await events.placeAfter(0, session)).toBeUndefined()
  const place = await events.placeAfter(0, young)
  const read = await events.since(place ?? -1, 100, { session: young })
  expect(read.map(({ type }) => String(type))).toEqual(WHOLE)
  expect(await events.placeAfter(events.head(), young)).toBe(events.head())
})

test("events after the removed ones go on counting, so that no number is given twice", async () => {
  const { wholeNight, startService, wait, events } = await openKept()
  await wholeNight()
  const retention = startService()
  wait(31 * DAY)
  await retention.run()
  await wholeNight()
  expect((await events.since(6, 1))[0]?.seq).toBe(7)
})

test("a night that still runs keeps its whole log, however long it takes", async () => {
  const { sessions, play, cast, startService, wait, logged } = await openKept()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  await cast("Ann", "up")
  const retention = startService()
  wait(400 * DAY)
  await retention.run()
  expect(await logged()).toEqual(of(id, WHOLE.slice(0, 3)))
})

test("a night of a thousand votes is removed in steps that let a vote pass between them", async () => {
  const { wholeNight, startService, wait, sessions, play, cast, store, logged } = await openKept()
  const old = await wholeNight(1_000)
  const retention = startService()
  wait(31 * DAY)
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  const before = store.counts().commits
  const removing = retention.run()
  await cast("Ann", "up")
  const waited = store.counts().commits - before
  const left = (await logged()).filter((line) => line === `${old} vote.received`).length
  await removing
  expect(waited).toBeLessThanOrEqual(2)
  expect(left).toBeGreaterThanOrEqual(600)
  expect(await logged()).toEqual([...of(old, SHORT), ...of(id, WHOLE.slice(0, 3))])
})

test("with 0 days the log stays for ever", async () => {
  const { wholeNight, startService, wait, logged } = await openKept({ logDays: 0 })
  const id = await wholeNight()
  const retention = startService()
  wait(10_000 * DAY)
  await retention.run()
  expect(await logged()).toEqual(of(id, WHOLE))
})

test("stored answers go after 24 hours, all of them and no younger one", async () => {
  const { store, startService, wait } = await openKept({ logDays: 0 })
  const retention = startService()
  const answer = (key: string) =>
    store.write(async () => key, { principal: "host Ann", key, fingerprint: "open" })
  await Promise.all(Array.from({ length: 450 }, (_, i) => answer(`old ${i}`)))
  wait(1)
  await answer("young")
  wait(DAY - 1)
  await retention.run()
  expect(await store.db.selectFrom("idempotency").select("key").execute()).toEqual([{ key: "young" }])
})

test("in the first ten minutes nothing is removed, since a clock may still be wrong", async () => {
  const { wholeNight, startService, wait, logged } = await openKept()
  const id = await wholeNight()
  wait(31 * DAY)
  const retention = startService()
  wait(10 * MINUTE - 1)
  await retention.run()
  expect(await logged()).toEqual(of(id, WHOLE))
  wait(1)
  await retention.run()
  expect(await logged()).toEqual(of(id, SHORT))
})

test.each([
  ["forward", 31 * DAY],
  ["back", -31 * DAY],
])(
  "a clock that jumps %s removes nothing until the next start, even when it comes back",
  async (_where, jump) => {
    const { wholeNight, startService, wait, clock, logged, log } = await openKept()
    const id = await wholeNight()
    const retention = startService()
    wait(11 * MINUTE)
    clock.pass(jump)
    await retention.run()
    clock.pass(-jump)
    wait(31 * DAY)
    await retention.run()
    expect(await logged()).toEqual(of(id, WHOLE))
    expect(log).toEqual([
      "[Retention] The clock was set, so nothing is removed from the log before the next start",
    ])
    const next = startService()
    wait(10 * MINUTE)
    await next.run()
    expect(await logged()).toEqual(of(id, SHORT))
  },
)

test("a stop ends the removal where it stands", async () => {
  const { wholeNight, startService, wait, logged } = await openKept()
  const id = await wholeNight(1_000)
  const retention = startService()
  wait(31 * DAY)
  const removing = retention.run()
  await retention.stop()
  await removing
  expect((await logged()).length).toBeGreaterThan(of(id, SHORT).length)
})
