/** The games of a night: in order, one playing at a time. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

async function runningNight() {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  night.heard()
  const statuses = async () => (await night.sessionGames.list(id)).map(({ status }) => status)
  return { ...night, id, statuses }
}

const NEW_GAME = { manuallyAdded: false, roomCode: null, source: "dice" } as const

test("a game that starts gives its whole row, what the catalogue says included", async () => {
  const { play, sessionGames, id, gameId } = await runningNight()
  const row = await play(id, "QPL3", { manuallyAdded: true, source: "manual", roomCode: "LSBN" })
  expect(row).toEqual({
    id: 1,
    session_id: id,
    game_id: gameId("QPL3"),
    title: "Quiplash 3",
    pack_name: "The Jackbox Party Pack 7",
    min_players: 3,
    max_players: 8,
    game_type: "Writing",
    status: "playing",
    played_at: "2025-11-01T20:00:00.000Z",
    manually_added: 1,
    source: "manual",
    room_code: "LSBN",
    player_count: null,
    upvotes: 0,
    downvotes: 0,
  })
  expect(await sessionGames.list(id)).toEqual([row])
})

test("the game before becomes played, so that never two are playing", async () => {
  const { play, id, statuses, sessions } = await runningNight()
  await play(id, "QPL3")
  await play(id, "DRW2")
  expect(await statuses()).toEqual(["played", "playing"])
  await Promise.all([play(id, "TMP2"), play(id, "FIB4")])
  expect(await statuses()).toEqual(["played", "played", "played", "playing"])
  expect((await sessions.get(id)).games_played).toBe(4)
})

test("the followers hear the number of games with each new one", async () => {
  const { play, id, heard } = await runningNight()
  await play(id, "QPL3")
  await play(id, "QPL3")
  expect(heard()).toMatchObject([
    { type: "game.added", data: { session: { id, is_active: true, games_played: 1 } } },
    { type: "game.added", data: { session: { id, is_active: true, games_played: 2 } } },
  ])
})

test("every time a game is played its play count rises by one", async () => {
  const { play, id, games, gameId } = await runningNight()
  await play(id, "QPL3")
  await play(id, "DRW2")
  await play(id, "QPL3")
  expect((await games.get(gameId("QPL3"))).play_count).toBe(2)
  expect((await games.get(gameId("DRW2"))).play_count).toBe(1)
})

test("a night without games has an empty list, and a night that is not there has none", async () => {
  const { sessionGames, id } = await runningNight()
  expect(await sessionGames.list(id)).toEqual([])
  await expect(sessionGames.list(id + 1)).rejects.toMatchObject({ code: "session_not_found" })
})

test("a game needs a night that runs and a place in the catalogue", async () => {
  const { play, id, sessions, sessionGames, heard, gameId, games } = await runningNight()
  const unknownGame = sessionGames.add(id, { gameId: 100_000, ...NEW_GAME })
  await expect(unknownGame).rejects.toMatchObject({ code: "game_not_found", message: "Game not found" })
  await expect(play(id + 1, "QPL3")).rejects.toMatchObject({ code: "session_not_found" })
  await sessions.close(id)
  heard()
  await expect(play(id, "QPL3")).rejects.toMatchObject({
    code: "session_closed",
    message: `Cannot add a game to session ${id}: it ended at 2025-11-01T20:00:00.000Z`,
  })
  expect(heard()).toEqual([])
  expect((await games.get(gameId("QPL3"))).play_count).toBe(0)
})

test("a refused game leaves the one that is playing alone", async () => {
  const { play, id, sessionGames, statuses } = await runningNight()
  await play(id, "QPL3")
  await expect(sessionGames.add(id, { gameId: 100_000, ...NEW_GAME })).rejects.toThrow("Game not found")
  expect(await statuses()).toEqual(["playing"])
})

test("a game can be skipped, and taken up again", async () => {
  const { play, id, sessionGames, statuses } = await runningNight()
  const row = await play(id, "QPL3")
  expect(await sessionGames.setStatus(id, row.id, "skipped")).toEqual({ ...row, status: "skipped" })
  expect(await statuses()).toEqual(["skipped"])
  expect(await sessionGames.setStatus(id, row.id, "playing")).toEqual(row)
})

test("going back to an earlier game makes the one that was playing a played one", async () => {
  const { play, id, sessionGames, statuses } = await runningNight()
  const first = await play(id, "QPL3")
  await play(id, "DRW2")
  await sessionGames.setStatus(id, first.id, "playing")
  expect(await statuses()).toEqual(["playing", "played"])
})

test("telling a game what it is already changes nothing", async () => {
  const { play, id, sessionGames, statuses } = await runningNight()
  const row = await play(id, "QPL3")
  expect(await sessionGames.setStatus(id, row.id, "playing")).toEqual(row)
  expect(await statuses()).toEqual(["playing"])
})

test("after the night a game can still be marked as skipped, but not be played", async () => {
  const { play, id, sessions, sessionGames } = await runningNight()
  const row = await play(id, "QPL3")
  await sessions.close(id)
  const again = sessionGames.setStatus(id, row.id, "playing")
  await expect(again).rejects.toMatchObject({ code: "session_closed" })
  expect((await sessionGames.setStatus(id, row.id, "skipped")).status).toBe("skipped")
})

test("the status of a game can be set only through the night it was played in", async () => {
  const { play, id, sessions, sessionGames } = await runningNight()
  const row = await play(id, "QPL3")
  await sessions.close(id)
  const other = await sessions.start(null)
  await expect(sessionGames.setStatus(other.id, row.id, "skipped")).rejects.toMatchObject({
    code: "not_found",
    message: `Cannot set the status: session ${other.id} has no game row ${row.id}`,
  })
  await expect(sessionGames.setStatus(99, row.id, "skipped")).rejects.toMatchObject({
    code: "session_not_found",
  })
  expect((await sessionGames.list(id)).map(({ status }) => status)).toEqual(["played"])
})

test("games stay in the order played when the wall clock falls back in between", async () => {
  const { play, id, sessionGames, clock } = await runningNight()
  await play(id, "QPL3")
  clock.set("2025-11-01T19:00:00.000Z")
  await play(id, "DRW2")
  clock.set("2025-11-01T20:30:00.000Z")
  await play(id, "TMP2")
  const rows = await sessionGames.list(id)
  expect(rows.map(({ title, played_at }) => [title, played_at])).toEqual([
    ["Quiplash 3", "2025-11-01T20:00:00.000Z"],
    ["Drawful 2", "2025-11-01T20:00:00.000Z"],
    ["Trivia Murder Party 2", "2025-11-01T20:30:00.000Z"],
  ])
})

test("a room code and a number of players can be told later, and taken back, after the night too", async () => {
  const { play, id, sessions, sessionGames } = await runningNight()
  const row = await play(id, "QPL3", { roomCode: "LSBN" })
  expect(await sessionGames.setRoomCode(id, row.id, "ABCD")).toEqual({ ...row, room_code: "ABCD" })
  expect(await sessionGames.setPlayerCount(id, row.id, 7)).toMatchObject({
    room_code: "ABCD",
    player_count: 7,
  })
  await sessions.close(id)
  await sessionGames.setRoomCode(id, row.id, null)
  await sessionGames.setPlayerCount(id, row.id, null)
  expect(await sessionGames.list(id)).toEqual([{ ...row, room_code: null, status: "played" }])
})

test("a game that is taken out takes its votes along, and what it counted", async () => {
  const { play, id, cast, sessionGames, sessions, tallies, games, gameId, clock } = await runningNight()
  await play(id, "QPL3")
  await cast("Ann", "up")
  clock.pass(60)
  const mistake = await play(id, "TKO")
  clock.pass(60)
  await cast("Ann", "up")
  await cast("Bob", "down")
  expect(await sessionGames.remove(id, mistake.id)).toEqual({ id, games_played: 1 })
  expect((await sessions.get(id)).games_played).toBe(1)
  expect((await tallies.ofSession(id)).votes.map(({ title }) => title)).toEqual(["Quiplash 3"])
  expect((await tallies.page({ page: 1, limit: 10 })).pagination.total).toBe(1)
  expect(await games.get(gameId("TKO"))).toMatchObject({ play_count: 0, upvotes: 0, downvotes: 0 })
  expect(await games.get(gameId("QPL3"))).toMatchObject({ play_count: 1, upvotes: 1, downvotes: 0 })
})

test("votes for the time of a game that was taken out go to the one before, or to none", async () => {
  const { play, id, cast, sessionGames, clock, statuses } = await runningNight()
  const first = await play(id, "QPL3")
  clock.pass(60)
  const second = await play(id, "TKO")
  const at = clock.iso()
  clock.pass(60)
  await sessionGames.remove(id, second.id)
  expect(await statuses()).toEqual(["played"])
  expect((await cast("Ann", "up", { at })).game.title).toBe("Quiplash 3")
  await expect(cast("Bob", "up", { ticker: "TKO" })).rejects.toMatchObject({ code: "game_not_found" })
  await sessionGames.remove(id, first.id)
  await expect(cast("Bob", "up", { at })).rejects.toMatchObject({ code: "game_not_found" })
})

test("a game that was taken out does not count in what the followers hear next", async () => {
  const { play, id, sessionGames, heard } = await runningNight()
  await play(id, "QPL3")
  const { id: row } = await play(id, "TKO")
  await sessionGames.remove(id, row)
  heard()
  await play(id, "DRW2")
  expect(heard()).toMatchObject([{ type: "game.added", data: { session: { games_played: 2 } } }])
})

test("a row is changed and taken out only through the night it was played in", async () => {
  const { play, id, sessions, sessionGames } = await runningNight()
  const row = await play(id, "QPL3")
  await sessions.close(id)
  const other = await sessions.start(null)
  const attempts = [
    () => sessionGames.setRoomCode(other.id, row.id, "ABCD"),
    () => sessionGames.setPlayerCount(other.id, row.id, 5),
    () => sessionGames.remove(other.id, row.id),
  ]
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "not_found" })
  await expect(sessionGames.remove(99, row.id)).rejects.toMatchObject({ code: "session_not_found" })
  expect(await sessionGames.list(id)).toEqual([{ ...row, status: "played" }])
})
