/** Sessions: one night at a time, opened once and ended once. */
import { expect, test } from "bun:test"
import { createEvents } from "../src/events.ts"
import { createSessions } from "../src/sessions.ts"
import { openFolder, openNight } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const ALL = { filter: "all", limit: undefined, offset: 0 } as const

test("a night begins with its notes, no games and the moment it was opened", async () => {
  const { sessions } = await openNight()
  const opened = await sessions.start("Friday Game Night")
  expect(opened).toEqual({
    id: 1,
    notes: "Friday Game Night",
    is_active: 1,
    created_at: "2025-11-01T20:00:00.000Z",
    closed_at: null,
    archived: 0,
    games_played: 0,
  })
  expect(await sessions.active()).toEqual(opened)
  expect(await sessions.get(opened.id)).toEqual(opened)
})

test("before the first night there is none that runs", async () => {
  const { sessions } = await openNight()
  expect(await sessions.active()).toBeNull()
  expect(await sessions.list(ALL)).toEqual({ sessions: [], total: 0 })
  expect(await sessions.existing([1, 2])).toEqual([])
})

test("a second night cannot begin while one runs, and the refusal names the one that does", async () => {
  const { sessions, heard } = await openNight()
  const running = await sessions.start(null)
  heard()
  await expect(sessions.start("Another")).rejects.toMatchObject({
    code: "session_active",
    message: `Cannot open a session: session ${running.id} is still running`,
    details: { members: { activeSessionId: running.id } },
  })
  expect(heard()).toEqual([])
  expect((await sessions.list(ALL)).total).toBe(1)
})

test("of two hosts who open a night at the same moment one gets it", async () => {
  const { sessions, heard } = await openNight()
  const outcomes = await Promise.allSettled([sessions.start("one"), sessions.start("two")])
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"])
  expect(heard().map(({ type }) => type)).toEqual(["session.started"])
  expect((await sessions.active())?.notes).toBe("one")
})

test("a night that ends keeps its games and the last one becomes played", async () => {
  const { sessions, sessionGames, play, clock } = await openNight()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  await play(id, "DRW2")
  clock.pass(3_600)
  const ended = await sessions.close(id)
  expect(ended).toMatchObject({
    is_active: 0,
    created_at: "2025-11-01T20:00:00.000Z",
    closed_at: "2025-11-01T21:00:00.000Z",
    games_played: 2,
  })
  expect(await sessions.get(id)).toEqual(ended)
  expect(await sessions.active()).toBeNull()
  expect((await sessionGames.list(id)).map(({ status }) => status)).toEqual(["played", "played"])
})

test("a skipped game stays skipped when the night ends", async () => {
  const { sessions, sessionGames, play } = await openNight()
  const { id } = await sessions.start(null)
  const row = await play(id, "QPL3")
  await sessionGames.setStatus(id, row.id, "skipped")
  await sessions.close(id)
  expect((await sessionGames.list(id)).map(({ status }) => status)).toEqual(["skipped"])
})

test("ending a night that is over changes nothing and tells nobody", async () => {
  const { sessions, heard, clock } = await openNight()
  const { id } = await sessions.start(null)
  const ended = await sessions.close(id)
  expect(heard().map(({ type }) => type)).toEqual(["session.started", "session.ended"])
  clock.pass(60)
  expect(await sessions.close(id)).toEqual(ended)
  expect(heard()).toEqual([])
})

test("two hosts who end the night at the same moment both succeed, and it is told once", async () => {
  const { sessions, heard } = await openNight()
  const { id } = await sessions.start(null)
  heard()
  const [one, two] = await Promise.all([sessions.close(id), sessions.close(id)])
  expect(two).toEqual(one)
  expect(heard().map(({ type }) => type)).toEqual(["session.ended"])
})

test("after a night has ended the next one can begin", async () => {
  const { sessions } = await openNight()
  await sessions.close((await sessions.start("one")).id)
  expect((await sessions.start("two")).id).toBe(2)
  expect((await sessions.active())?.notes).toBe("two")
})

test("a night nobody opened cannot be read or ended", async () => {
  const { sessions } = await openNight()
  const missing = { code: "session_not_found", message: "Session not found" }
  await expect(sessions.get(17)).rejects.toMatchObject(missing)
  await expect(sessions.close(17)).rejects.toMatchObject(missing)
})

test("nights are listed newest first, page by page, with the number of all of them", async () => {
  const { sessions } = await openNight()
  for (const notes of ["one", "two", "three"]) await sessions.close((await sessions.start(notes)).id)
  const notes = async (limit: number | undefined, offset: number) => {
    const page = await sessions.list({ filter: "default", limit, offset })
    return [...page.sessions.map((session) => session.notes), page.total]
  }
  expect(await notes(undefined, 0)).toEqual(["three", "two", "one", 3])
  expect(await notes(2, 0)).toEqual(["three", "two", 3])
  expect(await notes(2, 2)).toEqual(["one", 3])
  expect(await notes(undefined, 1)).toEqual(["two", "one", 3])
  expect(await notes(5, 3)).toEqual([3])
})

test("the list keeps archived nights apart, or shows both", async () => {
  const { sessions, store } = await openNight()
  for (const notes of ["old", "new"]) await sessions.close((await sessions.start(notes)).id)
  await store.write(({ trx }) =>
    trx.updateTable("sessions").set({ archived: 1 }).where("notes", "=", "old").execute(),
  )
  const shown = async (filter: "default" | "archived" | "all") => {
    const page = await sessions.list({ filter, limit: undefined, offset: 0 })
    return [...page.sessions.map(({ notes }) => notes), page.total]
  }
  expect(await shown("default")).toEqual(["new", 1])
  expect(await shown("archived")).toEqual(["old", 1])
  expect(await shown("all")).toEqual(["new", "old", 2])
})

test("the number of a night is never given to another one", async () => {
  const { sessions, store } = await openNight()
  const { id } = await sessions.start(null)
  await sessions.close(id)
  await store.write(({ trx }) => trx.deleteFrom("sessions").where("id", "=", id).execute())
  expect((await sessions.start(null)).id).toBe(id + 1)
})

test("nights are found by when they began and by what they hold", async () => {
  const { sessions, play, clock } = await openNight()
  for (const [day, notes, ticker] of [
    ["2025-11-01", "Friday Game Night", "QPL3"],
    ["2025-11-08", "100% drawing_night", "DRW2"],
    ["2025-11-15", null, "TKO"],
  ] as const) {
    clock.set(`${day}T20:00:00.000Z`)
    const { id } = await sessions.start(notes)
    await play(id, ticker)
    await sessions.close(id)
  }
  const found = async (wish: { from?: string; to?: string; search?: string }) => {
    const { sessions: rows, total } = await sessions.list({ filter: "default", offset: 0, ...wish })
    expect(total).toBe(rows.length)
    return rows.map(({ id }) => id)
  }
  expect(await found({ from: "2025-11-08T20:00:00.000Z" })).toEqual([3, 2])
  expect(await found({ to: "2025-11-08T20:00:00.000Z" })).toEqual([2, 1])
  expect(await found({ from: "2025-11-02", to: "2025-11-09" })).toEqual([2])
  expect(await found({ search: "NIGHT" })).toEqual([2, 1])
  expect(await found({ search: "quip" })).toEqual([1])
  expect(await found({ search: "tee k.o." })).toEqual([3])
  expect([await found({ search: "%" }), await found({ search: "g_n" })]).toEqual([[2], [2]])
  expect([
    await found({ search: "e%N" }),
    await found({ search: "\\" }),
    await found({ search: "" }),
  ]).toEqual([[], [], [3, 2, 1]])
  expect(await found({ search: "night", from: "2025-11-05" })).toEqual([2])
})

test("what opens the folder again knows the session that still runs", async () => {
  const dataDir = newFolder()
  const before = openFolder(dataDir)
  expect(before.wasRunning).toBe(0)
  const { id } = await createSessions({ store: before, events: createEvents(before, () => {}) }).start(null)
  await before.close()
  const again = openFolder(dataDir)
  expect(again.wasRunning).toBe(id)
  await again.close()
})
