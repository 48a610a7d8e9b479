/** Votes: the game they belong to, whether they count, and what the tally is afterwards. */
import { expect, test } from "bun:test"
import type { VoteType } from "../src/store/schema.ts"
import { openNight } from "./support/night.ts"

type Policy = "latest" | "every"

/** A running night with Quiplash 3 from 20:00 and Drawful 2 from 20:30; it is 20:40. */
async function votingNight(policy: Policy = "latest") {
  const night = await openNight({ policy })
  const { clock } = night
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  clock.set("2025-11-01T20:30:00.000Z")
  await night.play(id, "DRW2")
  clock.set("2025-11-01T20:40:00.000Z")
  night.heard()
  /** Up- and downvotes of the session, by ticker. */
  const counts = async () => {
    const rows = await night.sessionGames.list(id)
    const [first, second] = rows.map(({ upvotes, downvotes }) => [upvotes, downvotes])
    return { QPL3: first, DRW2: second }
  }
  return { ...night, id, counts }
}

test("a vote without a time counts for the game that is playing, and the answer says all of it", async () => {
  const { cast, id, counts, gameId } = await votingNight()
  expect(await cast("Ann", "up")).toEqual({
    session: { id, games_played: 2 },
    game: { id: gameId("DRW2"), title: "Drawful 2", upvotes: 1, downvotes: 0, popularity_score: 1 },
    vote: { username: "Ann", type: "up", timestamp: "2025-11-01T20:40:00.000Z" },
  })
  expect(await counts()).toEqual({ QPL3: [0, 0], DRW2: [1, 0] })
})

test.each([
  ["in the moment the first game began", "2025-11-01T20:00:00.000Z", "Quiplash 3"],
  ["in the last moment before the second", "2025-11-01T20:29:59.999Z", "Quiplash 3"],
  ["in the moment the second game began", "2025-11-01T20:30:00.000Z", "Drawful 2"],
  ["a little in the future", "2025-11-01T20:41:00.000Z", "Drawful 2"],
])("a vote cast %s counts for the game of that moment", async (_when, at, title) => {
  const { cast } = await votingNight()
  const { game, vote } = await cast("Ann", "up", { at })
  expect([game.title, vote.timestamp]).toEqual([title, at])
})

test("a vote from a clock that is far ahead counts as cast now", async () => {
  const { cast } = await votingNight()
  const { vote } = await cast("Ann", "up", { at: "2025-11-01T20:41:00.001Z" })
  expect(vote.timestamp).toBe("2025-11-01T20:40:00.000Z")
})

test("a vote from before the first game is refused, and nobody hears of it", async () => {
  const { sessions, play, clock, cast, heard } = await openNight()
  await expect(cast("Ann", "up")).rejects.toMatchObject({ code: "session_not_found" })
  const { id } = await sessions.start(null)
  await expect(cast("Ann", "up")).rejects.toMatchObject({ code: "game_not_found" })
  clock.pass(60)
  await play(id, "QPL3")
  heard()
  await expect(cast("Ann", "up", { at: "2025-11-01T20:00:59.999Z" })).rejects.toMatchObject({
    code: "game_not_found",
    message: `Cannot count the vote: no game was played in session ${id} at 2025-11-01T20:00:59.999Z`,
  })
  await expect(cast("Ann", "up", { at: "2025-11-01T19:00:00.000Z" })).rejects.toMatchObject({
    code: "game_not_found",
  })
  expect(heard()).toEqual([])
})

test("votes still on their way count for the last game up to 60 seconds after the night", async () => {
  const { cast, sessions, id, clock, counts } = await votingNight()
  await sessions.close(id)
  clock.pass(60)
  expect((await cast("Ann", "up")).game.title).toBe("Drawful 2")
  expect((await cast("Bob", "up", { at: "2025-11-01T20:10:00.000Z" })).game.title).toBe("Quiplash 3")
  clock.pass(0.001)
  await expect(cast("Cleo", "up")).rejects.toMatchObject({
    code: "session_not_found",
    message: "Cannot count the vote: no session is active",
  })
  expect(await counts()).toEqual({ QPL3: [1, 0], DRW2: [1, 0] })
})

test("a vote of the night before, still on its way, does not count for the night that just began", async () => {
  const { cast, sessions, play, id, clock } = await votingNight()
  await sessions.close(id)
  clock.pass(10)
  const next = await sessions.start(null)
  await play(next.id, "TMP2")
  clock.pass(10)
  expect((await cast("Ann", "up", { at: "2025-11-01T20:40:05.000Z" })).session.id).toBe(id)
  expect((await cast("Ann", "up")).session.id).toBe(next.id)
})

test("a ticker names its game directly, whatever its case and whatever is playing", async () => {
  const { cast, counts } = await votingNight()
  expect((await cast("Ann", "up", { ticker: "QPL3" })).game.title).toBe("Quiplash 3")
  expect((await cast("Bob", "down", { ticker: "qpl3" })).game.title).toBe("Quiplash 3")
  expect(await counts()).toEqual({ QPL3: [1, 1], DRW2: [0, 0] })
})

test("a ticker of a game that was not played tonight counts for nothing", async () => {
  const { cast, id, heard } = await votingNight()
  for (const ticker of ["TMP2", "NONE"]) {
    await expect(cast("Ann", "up", { ticker })).rejects.toMatchObject({
      code: "game_not_found",
      message: `Cannot count the vote: no game with ticker ${ticker} was played in session ${id}`,
    })
  }
  expect(heard()).toEqual([])
})

test("a voter who changes their mind moves both counts, and the followers hear the new totals", async () => {
  const { cast, clock, counts, heard, store } = await votingNight()
  await cast("Ann", "up")
  clock.pass(5)
  const { game } = await cast("Ann", "down")
  expect(game).toMatchObject({ upvotes: 0, downvotes: 1, popularity_score: -1 })
  expect((await counts()).DRW2).toEqual([0, 1])
  expect(heard().map(({ data }) => "totals" in data && data.totals)).toEqual([
    { upvotes: 1, downvotes: 0, popularity_score: 1 },
    { upvotes: 0, downvotes: 1, popularity_score: -1 },
  ])
  expect(await store.db.selectFrom("votes").select("vote_type").execute()).toEqual([{ vote_type: "down" }])
})

test("a voter who says the same again is thanked, but nothing changes and nobody hears of it", async () => {
  const { cast, clock, counts, heard } = await votingNight()
  await cast("Ann", "up")
  heard()
  clock.pass(5)
  expect((await cast("Ann", "up")).game.upvotes).toBe(1)
  expect((await counts()).DRW2).toEqual([1, 0])
  expect(heard()).toEqual([])
})

test("a vote that arrives after a newer one of the same voter does not take its place", async () => {
  const { cast, counts, heard } = await votingNight()
  await cast("Ann", "up", { at: "2025-11-01T20:35:00.000Z" })
  heard()
  const { game } = await cast("Ann", "down", { at: "2025-11-01T20:31:00.000Z" })
  expect(game).toMatchObject({ upvotes: 1, downvotes: 0 })
  expect((await counts()).DRW2).toEqual([1, 0])
  expect(heard()).toEqual([])
})

test("one voter has one vote in each played game, also when the same game is played twice", async () => {
  const { cast, play, id, clock, sessionGames, tallies } = await votingNight()
  await cast("Ann", "up")
  await play(id, "DRW2")
  clock.pass(5)
  await cast("Ann", "up")
  expect((await sessionGames.list(id)).map(({ upvotes }) => upvotes)).toEqual([0, 1, 1])
  expect((await tallies.ofSession(id)).votes).toMatchObject([{ title: "Drawful 2", upvotes: 2 }])
})

test("voters are the same whatever the case of their names", async () => {
  const { cast, clock, counts } = await votingNight()
  await cast("Zoë", "up")
  await expect(cast("ZOE\u0308", "down")).rejects.toMatchObject({ code: "duplicate_vote" })
  clock.pass(5)
  await cast("zoë", "down")
  expect((await counts()).DRW2).toEqual([0, 1])
})

test("where every vote counts, a change of mind adds a second vote and a late one counts too", async () => {
  const { cast, clock, counts, heard } = await votingNight("every")
  await cast("Ann", "up")
  clock.pass(5)
  await cast("Ann", "up")
  await cast("Ann", "down", { at: "2025-11-01T20:35:00.000Z" })
  expect((await counts()).DRW2).toEqual([2, 1])
  expect(heard()).toHaveLength(3)
})

test.each<Policy>(["latest", "every"])(
  "under %s, the same voter twice within a second is one vote",
  async (policy) => {
    const { cast, counts, heard } = await votingNight(policy)
    await cast("Ann", "up", { at: "2025-11-01T20:35:00.000Z" })
    for (const at of ["20:34:59.001", "20:35:00.000", "20:35:00.999"]) {
      const again = cast("ann", "down", { at: `2025-11-01T${at}Z` })
      await expect(again).rejects.toMatchObject({
        code: "duplicate_vote",
        message: "Cannot count the vote: the same voter voted at 2025-11-01T20:35:00.000Z already",
      })
    }
    await cast("Bob", "up", { at: "2025-11-01T20:35:00.500Z" })
    await cast("Ann", "up", { at: "2025-11-01T20:35:01.000Z" })
    expect((await counts()).DRW2).toEqual(policy === "latest" ? [2, 0] : [3, 0])
    expect(heard()).toHaveLength(policy === "latest" ? 2 : 3)
  },
)

test("the score of a game is that of all its nights", async () => {
  const { cast, sessions, play, id, clock, games, gameId, tallies } = await votingNight()
  await cast("Ann", "up")
  await sessions.close(id)
  clock.pass(86_400)
  const next = await sessions.start(null)
  await play(next.id, "DRW2")
  expect((await cast("Ann", "down")).game).toMatchObject({ upvotes: 1, downvotes: 1, popularity_score: 0 })
  expect(await games.get(gameId("DRW2"))).toMatchObject({ upvotes: 1, downvotes: 1, popularity_score: 0 })
  expect((await tallies.ofSession(next.id)).votes).toMatchObject([
    { upvotes: 0, downvotes: 1, net_score: -1 },
  ])
})

/** Numbers from 0 up to 1, the same ones for the same seed. */
function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test.each<[Policy, number]>([
  ["latest", 1],
  ["latest", 2],
  ["every", 3],
])(
  "under %s, the counts of a wild night are those of its votes told one by one (seed %i)",
  async (policy, seed) => {
    const { cast, counts, store } = await votingNight(policy)
    const random = randomFrom(seed)
    const seconds = Array.from({ length: 2_400 }, (_, second) => second).sort(() => random() - 0.5)
    const told = seconds.slice(0, 300).map((second) => ({
      second,
      ticker: second < 1_800 ? ("QPL3" as const) : ("DRW2" as const),
      voter: ["ann", "Bob", "cleo", "Dan"][Math.floor(random() * 4)] ?? "ann",
      type: random() < 0.5 ? ("up" as const) : ("down" as const),
    }))
    const at = (second: number) =>
      new Date(Date.parse("2025-11-01T20:00:00.000Z") + second * 1_000).toISOString()
    await Promise.all(told.map(({ second, voter, type }) => cast(voter, type, { at: at(second) })))

    const counted = new Map<string, { ticker: "QPL3" | "DRW2"; type: VoteType }>()
    for (const { second, ticker, voter, type } of told.toSorted((a, b) => a.second - b.second)) {
      counted.set(policy === "latest" ? `${ticker} ${voter}` : String(second), { ticker, type })
    }
    const expected = { QPL3: [0, 0] as [number, number], DRW2: [0, 0] as [number, number] }
    for (const { ticker, type } of counted.values()) expected[ticker][type === "up" ? 0 : 1]++
    expect(await counts()).toEqual(expected)
    const stored = await store.db.selectFrom("votes").select("id").execute()
    expect(stored).toHaveLength(counted.size)
  },
)
