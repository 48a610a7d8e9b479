/** The game that is played: what it is, how long already, and how it is liked. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

const NOTHING = { game: null, minutes_in: null, tonight: null, all_time: null }

test("without a night, before its first game and between two games nothing is played", async () => {
  const { sessions, sessionGames, nowPlaying, play } = await openNight()
  expect(await nowPlaying.now()).toEqual({ session: null, ...NOTHING })
  const { id } = await sessions.start("Friday")
  expect(await nowPlaying.now()).toEqual({ session: await sessions.get(id), ...NOTHING })
  const row = await play(id, "QPL3")
  await sessionGames.setStatus(id, row.id, "skipped")
  expect(await nowPlaying.now()).toEqual({ session: await sessions.get(id), ...NOTHING })
  await sessions.close(id)
  expect(await nowPlaying.now()).toEqual({ session: null, ...NOTHING })
})

test("the tally of tonight counts every round of the game, that of all time every night", async () => {
  const { sessions, play, cast, nowPlaying, sessionGames, clock } = await openNight()
  const { id: first } = await sessions.start(null)
  await play(first, "QPL3")
  await cast("Ann", "down")
  await sessions.close(first)
  clock.pass(86_400)

  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  await cast("Ann", "up")
  clock.pass(600)
  await play(id, "DRW2")
  await cast("Ann", "up")
  clock.pass(600)
  await play(id, "QPL3")
  await cast("Ann", "up")
  await cast("Bob", "down")
  expect(await nowPlaying.now()).toEqual({
    session: await sessions.get(id),
    game: (await sessionGames.list(id))[2] ?? null,
    minutes_in: 0,
    tonight: { upvotes: 2, downvotes: 1, popularity_score: 1 },
    all_time: { upvotes: 2, downvotes: 2, popularity_score: 0 },
  })
})

test("minutes are whole ones, and none where the clock was set back", async () => {
  const { sessions, play, nowPlaying, clock } = await openNight()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  const minutes = async () => (await nowPlaying.now()).minutes_in
  clock.pass(59.999)
  expect(await minutes()).toBe(0)
  clock.pass(0.001)
  expect(await minutes()).toBe(1)
  clock.pass(3_600)
  expect(await minutes()).toBe(61)
  clock.pass(-36_000)
  expect(await minutes()).toBe(0)
})
