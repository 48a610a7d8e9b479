/** What webhooks cost: writes, memory and the length of their logs. */
import { expect, test } from "bun:test"
import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { createGzip } from "node:zlib"
import { AppError } from "../src/errors.ts"
import type { Store } from "../src/store/open.ts"
import { createJournal } from "../src/webhook-journal.ts"
import { createWebhooks } from "../src/webhooks.ts"
import { lines, openHooks, placeOf, receiver, wishFor } from "./support/hooks.ts"
import { openNight } from "./support/night.ts"
import { closedAddress } from "./support/receiver.ts"

test("the newest 200 lines of each log stay", async () => {
  const night = await openHooks()
  const bot = receiver()
  const { id } = await night.hooks.add(wishFor(bot.url))
  const { id: other } = await night.hooks.add(wishFor(bot.url, { enabled: false }))
  await night.hooks.test(other)
  const { id: session } = await night.sessions.start(null)
  await night.play(session, "QPL3")
  for (let nth = 0; nth < 250; nth++) await night.cast(`viewer ${nth}`, "up")
  await bot.came(252)
  await night.hooks.stop()
  const log = await night.hooks.logs(id, 1_000)
  expect(log).toHaveLength(200)
  expect(log[0]?.seq).toBe(night.events.head())
  expect(await night.hooks.logs(other, 1_000)).toHaveLength(1)
})

test("a flood of votes is delivered in order, and lets votes keep what they remember", async () => {
  const night = await openHooks()
  const bot = receiver()
  await night.hooks.add(wishFor(bot.url, { events: ["vote.received"] }))
  const { id: session } = await night.sessions.start(null)
  await night.play(session, "QPL3")
  let forgotten = 0
  night.store.onTouched(() => forgotten++)
  const voters = Array.from({ length: 500 }, (_, nth) => `viewer ${nth}`)
  await Promise.all(voters.map((username) => night.cast(username, "up")))
  const touched = forgotten
  await bot.came(500)
  await night.hooks.stop()
  expect(bot.received.map(({ body }) => body.data.vote.username)).toEqual(voters)
  expect(forgotten).toBe(touched)
})

test("lines that come while a transaction is written share the next one", async () => {
  const night = await openNight()
  const journal = createJournal({ store: night.store, log: () => {} })
  const hooks = createWebhooks({ store: night.store, events: night.events, log: () => {} })
  const { id } = await hooks.add(wishFor("http://127.0.0.1:1/", { enabled: false }))
  const { commits } = night.store.counts()
  const tried = { webhook_id: id, event: "vote.received", attempt: 1, status: 200, duration_ms: 1 }
  for (let seq = 1; seq <= 150; seq++) journal.note({ ...tried, seq, created_at: night.clock.iso() }, seq)
  await journal.stop()
  expect(night.store.counts().commits - commits).toBeLessThanOrEqual(2)
  expect((await hooks.logs(id, 1_000)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 150 }, (_, nth) => 150 - nth),
  )
  expect(await placeOf(night, id)).toBe(150)
})

test("what a full disk does not take is written later, and nothing piles up meanwhile", async () => {
  const night = await openNight()
  const hooks = createWebhooks({ store: night.store, events: night.events, log: () => {} })
  const { id } = await hooks.add(wishFor("http://127.0.0.1:1/", { enabled: false }))
  const logged: string[] = []
  let refusals = 0
  const write: Store["write"] = (unit) =>
    ++refusals <= 3 ? Promise.reject(new AppError("disk_full", "Cannot store this")) : night.store.write(unit)
  const store = { write, epoch: night.store.epoch }
  const journal = createJournal({ store, log: (line) => logged.push(line), laterMs: 20 })
  const tried = { webhook_id: id, event: "vote.received", attempt: 1, status: 200, duration_ms: 1 }
  for (let seq = 1; seq <= 500; seq++) journal.note({ ...tried, seq, created_at: night.clock.iso() }, seq)
  await lines(hooks, id, 200)
  expect((await hooks.logs(id, 1_000)).map(({ seq }) => seq)).toEqual(
    Array.from({ length: 200 }, (_, nth) => 500 - nth),
  )
  expect(await placeOf(night, id)).toBe(500)
  expect(logged).toEqual([])
  await journal.stop()
})

test("what nobody asked for costs no look into the log and no write of its own", async () => {
  const night = await openHooks()
  const bot = receiver()
  const { id } = await night.hooks.add(wishFor(bot.url, { events: ["session.ended"] }))
  const { id: session } = await night.sessions.start(null)
  await night.play(session, "QPL3")
  const { units } = night.store.counts()
  for (let nth = 0; nth < 50; nth++) await night.cast(`viewer ${nth}`, "up")
  expect(night.store.counts().units).toBe(units + 50)
  await night.hooks.stop()
  expect(await placeOf(night, id)).toBe(night.events.head())
  expect(bot.received).toEqual([])
})

test("a receiver that is away for a whole evening holds nothing in memory", async () => {
  const night = await openHooks({ firstWaitMs: 3_600_000 })
  const { id } = await night.hooks.add(wishFor(await closedAddress()))
  const { id: session } = await night.sessions.start(null)
  await night.play(session, "QPL3")
  await lines(night.hooks, id, 1)
  const { units } = night.store.counts()
  for (let nth = 0; nth < 100; nth++) await night.cast(`viewer ${nth}`, "up")
  expect(night.store.counts().units).toBe(units + 100)
  expect(await night.hooks.logs(id, 200)).toHaveLength(1)
})

test("an answer without an end is left after its first bytes", async () => {
  const night = await openHooks()
  let sent = 0
  const endless = receiver({
    answer: () =>
      new Response(
        new ReadableStream({
          async pull(controller) {
            sent += 64 * 1024
            controller.enqueue(new Uint8Array(64 * 1024))
            await Bun.sleep(0)
          },
        }),
      ),
  })
  const { id } = await night.hooks.add(wishFor(endless.url, { enabled: false }))
  const begun = performance.now()
  expect(await night.hooks.test(id)).toMatchObject({ status: 200, error: null })
  expect(performance.now() - begun).toBeLessThan(5_000)
  expect(sent).toBeLessThan(64 * 1024 * 1024)
  expect(night.logged).toEqual([])
})

test("an answer that unpacks to hundreds of megabytes is left packed", async () => {
  const night = await openHooks()
  const megabyte = Buffer.alloc(1024 * 1024)
  const packed = await buffer(Readable.from(Array(300).fill(megabyte)).pipe(createGzip()))
  const headers = { "content-encoding": "gzip" }
  const bomb = receiver({ answer: () => new Response(new Uint8Array(packed), { headers }) })
  const { id } = await night.hooks.add(wishFor(bomb.url, { enabled: false }))
  const before = process.memoryUsage.rss()
  for (let nth = 0; nth < 3; nth++) expect((await night.hooks.test(id)).status).toBe(200)
  expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024)
})
