/** Numbers over all nights. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

test("before the first night everything but the catalogue counts nothing", async () => {
  const { stats, games, packs } = await openNight()
  const all = await games.list({})
  const read = await stats.read()
  expect(read).toEqual({
    games: { count: all.length },
    gamesEnabled: { count: all.filter(({ enabled }) => enabled === 1).length },
    packs: { count: (await packs.list()).length },
    sessions: { count: 0 },
    activeSessions: { count: 0 },
    archivedSessions: { count: 0 },
    totalGamesPlayed: { count: 0 },
    totalVotes: { count: 0, upvotes: 0, downvotes: 0 },
    mostPlayedGames: [],
    topRatedGames: [],
    lowestRatedGames: [],
    mostDivisiveGames: [],
    votesByNight: [],
  })
})

/** How many voted up and down on each game of a night. */
type Voted = Record<string, readonly [up: number, down: number]>

async function nights(...all: Voted[]) {
  const night = await openNight()
  const ids: number[] = []
  for (const voted of all) {
    const { id } = await night.sessions.start(`night ${ids.length + 1}`)
    ids.push(id)
    for (const [ticker, [up, down]] of Object.entries(voted)) {
      await night.play(id, ticker)
      for (let i = 0; i < up + down; i++) await night.cast(`viewer ${i}`, i < up ? "up" : "down")
      night.clock.pass(60)
    }
    if (ids.length < all.length) await night.sessions.close(id)
  }
  return { ...night, ids }
}

test("games are listed by how often they were played, how they were liked and how they split people", async () => {
  const { stats } = await nights(
    { QPL3: [3, 0], TKO: [2, 2], FIB3: [0, 2] },
    { QPL3: [1, 1], TKO: [1, 1], EAR: [1, 0], DRWF: [0, 1] },
    { QPL3: [0, 0] },
  )
  const read = await stats.read()
  const titles = (key: "mostPlayedGames" | "topRatedGames" | "lowestRatedGames" | "mostDivisiveGames") =>
    read[key].map(({ title }) => title)
  expect(titles("mostPlayedGames")).toEqual(["Quiplash 3", "Tee K.O.", "Drawful", "Earwax", "Fibbage 3"])
  expect(titles("topRatedGames")).toEqual(["Quiplash 3", "Earwax"])
  expect(titles("lowestRatedGames")).toEqual(["Fibbage 3", "Drawful"])
  expect(titles("mostDivisiveGames")).toEqual(["Tee K.O.", "Quiplash 3"])
  expect(read.topRatedGames[0]).toEqual({
    id: expect.any(Number),
    title: "Quiplash 3",
    pack_name: "The Jackbox Party Pack 7",
    play_count: 3,
    popularity_score: 3,
    upvotes: 4,
    downvotes: 1,
  })
  expect(read).toMatchObject({
    totalGamesPlayed: { count: 8 },
    totalVotes: { count: 15, upvotes: 8, downvotes: 7 },
  })
})

test("nights are counted, and listed with their votes, newest first", async () => {
  const { stats, ids, sessionArchive } = await nights({ QPL3: [2, 1], TKO: [0, 1] }, {}, { EAR: [1, 0] })
  const [first = 0, second = 0, third = 0] = ids
  await sessionArchive.archive(second)
  const read = await stats.read()
  expect(read).toMatchObject({
    sessions: { count: 3 },
    activeSessions: { count: 1 },
    archivedSessions: { count: 1 },
  })
  expect(read.votesByNight).toMatchObject([
    { session_id: third, notes: "night 3", games_played: 1, upvotes: 1, downvotes: 0, total_votes: 1 },
    { session_id: second, games_played: 0, upvotes: 0, downvotes: 0, total_votes: 0 },
    { session_id: first, games_played: 2, upvotes: 2, downvotes: 2, total_votes: 4 },
  ])
})

test("no list grows without end", async () => {
  const tickers = ["QPL3", "TKO", "FIB3", "EAR", "DRWF", "DICT", "TMP2", "STI", "MVC", "STR", "ROLE", "PS"]
  const all = Object.fromEntries(tickers.map((ticker) => [ticker, [2, 1] as const]))
  const { stats } = await nights(all, ...Array.from({ length: 31 }, () => ({})))
  const read = await stats.read()
  const lists = [read.mostPlayedGames, read.topRatedGames, read.mostDivisiveGames, read.votesByNight]
  expect(lists.map(({ length }) => length)).toEqual([10, 10, 10, 30])
})

test("what is removed counts no more", async () => {
  const { stats, ids, sessionArchive } = await nights({ QPL3: [2, 1] }, { QPL3: [1, 0] })
  await sessionArchive.remove(ids[0] ?? 0)
  expect(await stats.read()).toMatchObject({
    sessions: { count: 1 },
    totalGamesPlayed: { count: 1 },
    totalVotes: { count: 1 },
    mostPlayedGames: [{ play_count: 1, upvotes: 1, downvotes: 0 }],
    votesByNight: [{ total_votes: 1 }],
  })
})
