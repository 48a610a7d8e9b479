/** Votes as they are read: the result of a night, and every vote page by page. */
import { expect, test } from "bun:test"
import type { VoteFilter } from "../src/tallies.ts"
import { openNight } from "./support/night.ts"

test("the result of a night has every game that was voted on, best first", async () => {
  const { sessions, play, cast, clock, tallies, gameId } = await openNight()
  const { id } = await sessions.start(null)
  const results = { QPL3: [1, 2], DRW2: [3, 0], TMP2: [4, 3], FIB4: [0, 0], JOB: [2, 1] } as const
  for (const [ticker, [up, down]] of Object.entries(results)) {
    await play(id, ticker)
    for (let i = 0; i < up + down; i++) await cast(`viewer ${i}`, i < up ? "up" : "down")
    clock.pass(600)
  }
  const row = (ticker: string, title: string, pack: string, upvotes: number, downvotes: number) => ({
    game_id: gameId(ticker),
    title,
    pack_name: pack,
    upvotes,
    downvotes,
    net_score: upvotes - downvotes,
    total_votes: upvotes + downvotes,
  })
  expect(await tallies.ofSession(id)).toEqual({
    session_id: id,
    votes: [
      row("DRW2", "Drawful 2", "Drawful 2", 3, 0),
      row("TMP2", "Trivia Murder Party 2", "The Jackbox Party Pack 6", 4, 3),
      row("JOB", "Job Job", "The Jackbox Party Pack 8", 2, 1),
      row("QPL3", "Quiplash 3", "The Jackbox Party Pack 7", 1, 2),
    ],
  })
})

test("a night without votes has an empty result, and a night that is not there has none", async () => {
  const { sessions, play, tallies } = await openNight()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  expect(await tallies.ofSession(id)).toEqual({ session_id: id, votes: [] })
  await expect(tallies.ofSession(id + 1)).rejects.toMatchObject({
    code: "session_not_found",
    message: "Session not found",
  })
})

test("the result of one night does not hold the votes of another", async () => {
  const { sessions, play, cast, clock, tallies } = await openNight()
  const first = await sessions.start(null)
  await play(first.id, "QPL3")
  await cast("Ann", "up")
  await sessions.close(first.id)
  clock.pass(86_400)
  const second = await sessions.start(null)
  await play(second.id, "QPL3")
  await cast("Ann", "down")
  expect((await tallies.ofSession(first.id)).votes).toMatchObject([{ upvotes: 1, downvotes: 0 }])
  expect((await tallies.ofSession(second.id)).votes).toMatchObject([{ upvotes: 0, downvotes: 1 }])
})

/** Two nights: Ann and Bob on Quiplash 3, then Ann, Bob and Cleo on Drawful 2. */
async function twoNights() {
  const night = await openNight()
  const { sessions, play, cast, clock, gameId } = night
  const first = await sessions.start(null)
  await play(first.id, "QPL3")
  await cast("Ann", "up")
  clock.pass(5)
  await cast("Bob", "down")
  await sessions.close(first.id)
  clock.pass(86_400)
  const second = await sessions.start(null)
  await play(second.id, "DRW2")
  for (const voter of ["ANN", "Bob", "Cleo"]) await cast(voter, "up")
  const page = async (filter: Partial<VoteFilter>) => {
    const { votes, pagination } = await night.tallies.page({ page: 1, limit: 50, ...filter })
    return { voters: votes.map(({ username }) => username), ...pagination }
  }
  return { ...night, first, second, page, quiplash: gameId("QPL3") }
}

test("a vote is read with its game, its voter as written, and both of its times", async () => {
  const { tallies, first, quiplash } = await twoNights()
  const { votes } = await tallies.page({ session_id: first.id, page: 1, limit: 1 })
  expect(votes).toEqual([
    {
      id: 2,
      session_id: first.id,
      game_id: quiplash,
      game_title: "Quiplash 3",
      pack_name: "The Jackbox Party Pack 7",
      username: "Bob",
      vote_type: "down",
      timestamp: "2025-11-01T20:00:05.000Z",
      created_at: "2025-11-01T20:00:05.000Z",
    },
  ])
})

test("votes come newest first, page by page, up to the last page and no further", async () => {
  const { page } = await twoNights()
  const all = { total: 5, total_pages: 3, limit: 2 }
  expect(await page({ limit: 2 })).toEqual({ voters: ["Cleo", "Bob"], page: 1, ...all })
  expect(await page({ limit: 2, page: 2 })).toEqual({ voters: ["ANN", "Bob"], page: 2, ...all })
  expect(await page({ limit: 2, page: 3 })).toEqual({ voters: ["Ann"], page: 3, ...all })
  expect(await page({ limit: 2, page: 4 })).toEqual({ voters: [], page: 4, ...all })
})

test("votes can be narrowed down to a night, a game, a voter and a direction, and to all of these", async () => {
  const { page, first, second, quiplash } = await twoNights()
  expect((await page({ session_id: second.id })).voters).toEqual(["Cleo", "Bob", "ANN"])
  expect((await page({ game_id: quiplash })).voters).toEqual(["Bob", "Ann"])
  expect((await page({ username: "aNn" })).voters).toEqual(["ANN", "Ann"])
  expect((await page({ vote_type: "down" })).voters).toEqual(["Bob"])
  const narrow = { session_id: first.id, game_id: quiplash, username: "ann", vote_type: "up" } as const
  expect(await page(narrow)).toMatchObject({ voters: ["Ann"], total: 1, total_pages: 1 })
  expect(await page({ ...narrow, vote_type: "down" })).toMatchObject({ voters: [], total: 0, total_pages: 0 })
})
