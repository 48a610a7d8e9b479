/** What carries events to receivers: retries, giving up, and places over a restart. */
import { expect, onTestFinished, test } from "bun:test"
import { MOST_TRIES } from "../src/webhook-runner.ts"
import { lines, openHooks, placeOf, receiver, wishFor } from "./support/hooks.ts"
import { closedAddress } from "./support/receiver.ts"

test("an event that is never taken is given up after a hundred tries, and the next one is delivered", async () => {
  const night = await openHooks({ firstWaitMs: 0 })
  const bot = receiver({
    answer: (_, { body }) => new Response(null, { status: body.event === "session.started" ? 500 : 200 }),
  })
  const { id } = await night.hooks.add(wishFor(bot.url))
  const session = await night.sessions.start(null)
  await night.sessions.close(session.id)
  const log = await lines(night.hooks, id, MOST_TRIES + 1)
  expect(log.map(({ attempt }) => attempt)).toEqual([1, ...Array.from({ length: 100 }, (_, i) => 100 - i)])
  expect(log[1]?.error).toBe("Cannot deliver: the receiver answered 500; given up after 100 tries")
  expect(log[2]?.error).toBe("Cannot deliver: the receiver answered 500")
  expect(log[0]).toMatchObject({ event: "session.ended", error: null })
})

test("each try waits twice as long as the one before, more or less, and a quarter of an hour at most", async () => {
  const waits: number[] = []
  for (const random of [() => 0, () => 1]) {
    const night = await openHooks({ firstWaitMs: 40, random })
    const bot = receiver({ answer: () => new Response(null, { status: 503 }) })
    await night.hooks.add(wishFor(bot.url))
    const begun = performance.now()
    await night.sessions.start(null)
    await bot.came(5)
    waits.push(performance.now() - begun)
    await night.hooks.stop()
  }
  // 40, 80, 160 and 320 ms, each a fifth less or more.
  expect(waits[0]).toBeGreaterThan(479)
  expect(waits[1]).toBeGreaterThan(719)
})

test("a receiver that says nothing is left in time, and that is in the log", async () => {
  const night = await openHooks({ timeoutMs: 100, firstWaitMs: 10 })
  const never = receiver({ answer: (nth) => (nth === 1 ? new Promise<Response>(() => {}) : new Response()) })
  const { id } = await night.hooks.add(wishFor(never.url))
  await night.sessions.start(null)
  const [taken, late] = await lines(night.hooks, id, 2)
  expect(late).toMatchObject({ status: null, error: "Cannot deliver: there was no answer within 0.1 s" })
  expect(late?.duration_ms).toBeGreaterThanOrEqual(95)
  expect(taken).toMatchObject({ attempt: 2, error: null })
})

test("an answer that says 200 and never comes to its end counts, and holds up nothing for long", async () => {
  const night = await openHooks({ timeoutMs: 100 })
  const silent = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: (socket) => void socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n") },
  })
  onTestFinished(() => silent.stop(true))
  const { id } = await night.hooks.add(wishFor(`http://127.0.0.1:${silent.port}/`))
  const session = await night.sessions.start(null)
  await night.sessions.close(session.id)
  const log = await lines(night.hooks, id, 2)
  expect(log.map(({ event, status, error }) => [event, status, error])).toEqual([
    ["session.ended", 200, null],
    ["session.started", 200, null],
  ])
})

test("a connection that ends without an answer is a failure like any other", async () => {
  const night = await openHooks()
  const rude = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: (socket) => void socket.end() } })
  onTestFinished(() => rude.stop(true))
  const { id } = await night.hooks.add(wishFor(`http://127.0.0.1:${rude.port}/`, { enabled: false }))
  expect(await night.hooks.test(id)).toMatchObject({
    status: null,
    error: "Cannot deliver: the connection was closed before the answer",
  })
})

test("a test that arrives lets what waits for its next try go at once", async () => {
  const night = await openHooks({ firstWaitMs: 3_600_000 })
  let well = false
  const bot = receiver({ answer: () => new Response(null, { status: well ? 200 : 500 }) })
  const { id } = await night.hooks.add(wishFor(bot.url))
  await night.sessions.start(null)
  await lines(night.hooks, id, 1)
  well = true
  await night.hooks.test(id)
  const [taken] = await lines(night.hooks, id, 3)
  expect(taken).toMatchObject({ event: "session.started", attempt: 2, status: 200 })
})

test("another address is tried at once, and one that is removed gets nothing more", async () => {
  const night = await openHooks({ firstWaitMs: 3_600_000 })
  const [moved, kept] = [receiver(), receiver()]
  const { id } = await night.hooks.add(wishFor(await closedAddress()))
  const { id: removed } = await night.hooks.add(wishFor(moved.url))
  await night.hooks.remove(removed)
  const session = await night.sessions.start(null)
  await lines(night.hooks, id, 1)
  await night.hooks.change(id, { url: kept.url })
  expect((await kept.next()).body.event).toBe("session.started")
  await night.sessions.close(session.id)
  expect((await kept.next()).body.event).toBe("session.ended")
  expect(moved.received).toEqual([])
})

test("the next process goes on where this one ended, and goes on counting the tries", async () => {
  const night = await openHooks({ firstWaitMs: 3_600_000 })
  const { id: session } = await night.sessions.start(null)
  const bot = receiver({ answer: (nth) => new Response(null, { status: nth === 2 ? 500 : 200 }) })
  const { id } = await night.hooks.add(wishFor(bot.url))
  await night.play(session, "QPL3")
  await night.cast("ann", "up")
  await night.cast("bob", "up")
  await bot.came(2)
  await night.hooks.stop()
  await night.cast("zoe", "up")
  const { hooks } = night.startService()
  await hooks.begin()
  await bot.came(4)
  const told = bot.received.map(({ body, headers }) => [
    body.data.vote.username,
    headers["x-webhook-attempt"],
  ])
  expect(told).toEqual([
    ["ann", "1"],
    ["bob", "1"],
    ["bob", "2"],
    ["zoe", "1"],
  ])
  await hooks.stop()
  expect(await placeOf(night, id)).toBe(night.events.head())
})

test("what is in the log of events no more is said once, and what is left of it comes", async () => {
  const night = await openHooks({ firstWaitMs: 1 })
  const bot = receiver()
  const { id } = await night.hooks.add(wishFor(bot.url))
  await night.hooks.stop()
  const first = await night.sessions.start("gone")
  await night.sessions.close(first.id)
  const kept = await night.sessions.start("kept")
  await night.sessionArchive.bulk("delete", [first.id])
  const { hooks } = night.startService()
  await hooks.begin()
  await bot.came(1)
  await night.sessions.close(kept.id)
  await bot.came(2)
  expect(bot.received.map(({ body }) => body.data.session.id)).toEqual([kept.id, kept.id])
  const log = await lines(hooks, id, 3)
  expect(log.map(({ event }) => event)).toEqual(["session.ended", "session.started", "log.pruned"])
  expect(log[2]).toMatchObject({
    seq: 2,
    attempt: 0,
    status: null,
    error: "Cannot deliver some events up to 2: they are in the event log no more",
  })
})
