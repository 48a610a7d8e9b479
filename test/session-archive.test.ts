/** Nights that are over: put away, brought back, removed with everything they left behind. */
import { expect, test } from "bun:test"
import { createSnapshot } from "../src/snapshot.ts"
import { openNight } from "./support/night.ts"

/** Two nights that are over and one that runs; two games were played in both of the first. */
async function threeNights() {
  const night = await openNight()
  const { sessions, play, cast, clock } = night
  const ids: number[] = []
  for (const voters of [["Ann", "Bob"], ["Ann"], ["Cleo"]]) {
    const { id } = await sessions.start(`night of ${voters.join(" and ")}`)
    ids.push(id)
    for (const ticker of ["QPL3", "TKO"]) {
      await play(id, ticker)
      clock.pass(60)
      for (const name of voters) await cast(name, ticker === "QPL3" ? "up" : "down")
      clock.pass(60)
    }
    if (ids.length < 3) await sessions.close(id)
  }
  const [first = 0, second = 0, running = 0] = ids
  const all = async () => (await sessions.list({ filter: "all", offset: 0 })).sessions.map(({ id }) => id)
  const listed = async (filter: "default" | "archived") =>
    (await sessions.list({ filter, offset: 0 })).sessions.map(({ id }) => id)
  return { ...night, first, second, running, all, listed }
}

type Nights = Awaited<ReturnType<typeof threeNights>>

/** What a game counts over all nights, and what the rows it was played in add up to. */
async function counted({ games, store, gameId }: Nights, ticker: string) {
  const { play_count, upvotes, downvotes } = await games.get(gameId(ticker))
  const { rows, up, down } = await store.db
    .selectFrom("session_games")
    .select(({ fn }) => [
      fn.countAll<number>().as("rows"),
      fn.sum<number>("upvotes").as("up"),
      fn.sum<number>("downvotes").as("down"),
    ])
    .where("game_id", "=", gameId(ticker))
    .executeTakeFirstOrThrow()
  return { counters: [play_count, upvotes, downvotes], rows: [rows, up, down] }
}

test("a night that is put away leaves the list and comes back", async () => {
  const { sessionArchive, sessions, first, second, running, listed } = await threeNights()
  expect(await sessionArchive.archive(first)).toEqual({ ...(await sessions.get(first)), archived: 1 })
  expect([await listed("default"), await listed("archived")]).toEqual([[running, second], [first]])
  expect((await sessionArchive.archive(first)).archived).toBe(1)
  expect((await sessionArchive.unarchive(first)).archived).toBe(0)
  expect([await listed("default"), await listed("archived")]).toEqual([[running, second, first], []])
})

test("a night that runs is neither put away nor removed", async () => {
  const night = await threeNights()
  const { sessionArchive, running } = night
  for (const [action, attempt] of [
    ["archive", () => sessionArchive.archive(running)],
    ["delete", () => sessionArchive.remove(running)],
  ] as const) {
    await expect<Promise<unknown>>(attempt()).rejects.toMatchObject({
      code: "session_active",
      message: `Cannot ${action} session ${running}: it is still running`,
      details: { members: { activeSessionId: running } },
    })
  }
  expect((await sessionArchive.unarchive(running)).archived).toBe(0)
  await expect(sessionArchive.archive(99)).rejects.toMatchObject({ code: "session_not_found" })
  await expect(sessionArchive.remove(99)).rejects.toMatchObject({ code: "session_not_found" })
})

test("a night that is removed takes its games, votes and events along, and what they counted", async () => {
  const night = await threeNights()
  const { sessionArchive, store, sessionGames, events, first, second, running, all } = night
  await sessionArchive.remove(first)
  expect(await all()).toEqual([running, second])
  await expect(sessionGames.list(first)).rejects.toMatchObject({ code: "session_not_found" })
  for (const table of ["session_games", "votes", "events"] as const) {
    const left = await store.db.selectFrom(table).select("session_id").distinct().execute()
    expect([table, left.map(({ session_id }) => session_id).sort()]).toEqual([table, [second, running]])
  }
  expect(await counted(night, "QPL3")).toEqual({ counters: [2, 2, 0], rows: [2, 2, 0] })
  expect(await counted(night, "TKO")).toEqual({ counters: [2, 0, 2], rows: [2, 0, 2] })
  expect((await events.since(0, 100)).every(({ session_id }) => session_id !== first)).toBeTrue()
})

test("nobody resumes over the hole that a removed night leaves, and everybody behind it does", async () => {
  const { sessionArchive, store, events, first, second, running } = await threeNights()
  const seqs = async (session: number) => (await events.since(0, 100, { session })).map(({ seq }) => seq)
  const last = (await seqs(second)).at(-1) ?? 0
  const [begun = 0] = await seqs(running)
  await sessionArchive.remove(second)
  expect(events.prunedThrough()).toBe(last)
  expect([events.isWhole(last - 1), events.isWhole(last)]).toEqual([false, true])
  expect(await events.placeAfter(0, second)).toBeUndefined()
  expect(await events.placeAfter(0, first)).toBeUndefined()
  expect(await events.placeAfter(0, running)).toBe(last)
  expect(begun).toBe(last + 1)
  await sessionArchive.remove(first)
  expect(events.prunedThrough()).toBe(last)
  expect((await createSnapshot(store, events)()).seq).toBe(events.head())
})

test("where the newest events are removed, a new client begins behind them", async () => {
  const { sessionArchive, sessions, store, events, running } = await threeNights()
  await sessions.close(running)
  const head = events.head()
  await sessionArchive.remove(running)
  expect(await createSnapshot(store, events)()).toEqual({ seq: head, active_session: null })
  const { id } = await sessions.start(null)
  expect(await events.since(head, 100)).toMatchObject([{ seq: head + 1, session_id: id }])
})

test("a late vote for a removed night finds no session", async () => {
  const { sessionArchive, sessions, cast, running, clock } = await threeNights()
  await sessions.close(running)
  await sessionArchive.remove(running)
  await expect(cast("Dan", "up")).rejects.toMatchObject({ code: "session_not_found" })
  clock.pass(600)
  await expect(cast("Dan", "up")).rejects.toMatchObject({ code: "session_not_found" })
})

test("an action on many is carried out for all of them, each once", async () => {
  const { sessionArchive, first, second, running, listed, all } = await threeNights()
  expect(await sessionArchive.bulk("archive", [first, second, first])).toEqual({ affected: 2 })
  expect(await listed("archived")).toEqual([second, first])
  expect(await sessionArchive.bulk("unarchive", [second])).toEqual({ affected: 1 })
  expect(await listed("archived")).toEqual([first])
  expect(await sessionArchive.bulk("delete", [first, second])).toEqual({ affected: 2 })
  expect(await all()).toEqual([running])
})

test("an action on many names every session in its way, and is done to none", async () => {
  const night = await threeNights()
  const { sessionArchive, first, running, all, listed } = night
  const before = [await all(), await listed("archived"), await counted(night, "QPL3")]
  const both = { code: "session_not_found", details: { errors: [{ path: "ids.1" }, { path: "ids.2" }] } }
  for (const action of ["archive", "delete"] as const) {
    await expect(sessionArchive.bulk(action, [first, running, 99])).rejects.toMatchObject(both)
    await expect(sessionArchive.bulk(action, [first, running])).rejects.toMatchObject({
      code: "session_active",
      message: `Cannot ${action} the sessions: ids.1: Session ${running} is still running`,
      details: { members: { activeSessionId: running } },
    })
  }
  await expect(sessionArchive.bulk("unarchive", [98, 99])).rejects.toMatchObject({
    code: "session_not_found",
    message: "Cannot unarchive the sessions: ids.0: There is no session 98",
  })
  expect([await all(), await listed("archived"), await counted(night, "QPL3")]).toEqual(before)
})

test("putting away, bringing back and removing are told to nobody", async () => {
  const { sessionArchive, first, second, heard } = await threeNights()
  heard()
  await sessionArchive.archive(first)
  await sessionArchive.unarchive(first)
  await sessionArchive.bulk("delete", [first, second])
  expect(heard()).toEqual([])
})
