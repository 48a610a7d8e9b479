/** The event log: stored with its change, numbered without holes, read back as it was announced. */
import { expect, test } from "bun:test"
import * as v from "valibot"
import { event } from "../src/server-messages.ts"
import { openNight } from "./support/night.ts"

test("a whole night is told in four kinds of events that hold exactly the keys of the seeds", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start("Friday Game Night")
  const game_id = (await night.play(id, "QPL3", { manuallyAdded: true, roomCode: "LSBN" })).game_id
  night.clock.pass(60)
  await night.cast("Ann", "up")
  night.clock.pass(60)
  await night.sessions.close(id)
  const told = night.heard()
  expect<unknown[]>(told).toEqual([
    {
      type: "session.started",
      timestamp: "2025-11-01T20:00:00.000Z",
      data: {
        session: { id, is_active: 1, created_at: "2025-11-01T20:00:00.000Z", notes: "Friday Game Night" },
      },
    },
    {
      type: "game.added",
      timestamp: "2025-11-01T20:00:00.000Z",
      data: {
        session: { id, is_active: true, games_played: 1 },
        game: {
          id: game_id,
          title: "Quiplash 3",
          pack_name: "The Jackbox Party Pack 7",
          min_players: 3,
          max_players: 8,
          manually_added: true,
          room_code: "LSBN",
        },
      },
    },
    {
      type: "vote.received",
      timestamp: "2025-11-01T20:01:00.000Z",
      data: {
        sessionId: id,
        game: { id: game_id, title: "Quiplash 3", pack_name: "The Jackbox Party Pack 7" },
        vote: { username: "Ann", type: "up", timestamp: "2025-11-01T20:01:00.000Z" },
        totals: { upvotes: 1, downvotes: 0, popularity_score: 1 },
      },
    },
    {
      type: "session.ended",
      timestamp: "2025-11-01T20:02:00.000Z",
      data: { session: { id, is_active: 0, games_played: 1 } },
    },
  ])
  for (const one of told) expect(v.safeParse(event, one).success).toBeTrue()
})

test("the log holds what was announced, byte by byte and in the same order", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await Promise.all([night.play(id, "QPL3"), night.play(id, "DRW2"), night.sessions.close(id)])
  expect(await night.events.since(0, 100)).toEqual(night.announced)
  expect(night.announced.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
})

test("a reader goes on after the last event it has, a few at a time", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  await night.play(id, "DRW2")
  await night.sessions.close(id)
  const seqs = async (since: number, limit: number) =>
    (await night.events.since(since, limit)).map(({ seq }) => seq)
  expect(await seqs(0, 2)).toEqual([1, 2])
  expect(await seqs(2, 2)).toEqual([3, 4])
  expect(await seqs(4, 2)).toEqual([])
})

test("a change that is taken back tells nobody and leaves no hole in seq", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  const ended = { session: { id, is_active: 0 as const, games_played: 0 } }
  const failing = night.store.write(async (context) => {
    await night.events.append(context, id, "session.ended", ended, night.clock.iso())
    throw new Error("The host changed their mind")
  })
  const [outcome] = await Promise.allSettled([failing, night.sessions.close(id)])
  expect(outcome.status).toBe("rejected")
  expect(night.announced.map(({ seq, type }) => [seq, type])).toEqual([
    [1, "session.started"],
    [2, "session.ended"],
  ])
  expect(await night.events.since(0, 100)).toEqual(night.announced)
})

test("seq rises even when the wall clock falls back", async () => {
  const night = await openNight()
  const first = await night.sessions.start(null)
  night.clock.set("1970-01-02T00:00:00.000Z")
  await night.sessions.close(first.id)
  await night.sessions.start(null)
  expect(night.announced.map(({ seq, type }) => [seq, type])).toEqual([
    [1, "session.started"],
    [2, "session.ended"],
    [3, "session.started"],
  ])
})

test("seq goes on where it was after the log lost its newest rows", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.store.write(({ trx }) => trx.deleteFrom("events").execute())
  await night.sessions.close(id)
  expect(night.announced.map(({ seq }) => seq)).toEqual([1, 2])
})
