/** Games as a host adds, changes and removes them. */
import { expect, test } from "bun:test"
import type { GameFacts } from "../src/game-edits.ts"
import { FACTS as CHARADES } from "./support/game-facts.ts"
import { openNight } from "./support/night.ts"

const FACTS: GameFacts = { ...CHARADES, ticker: "CHAR", favor_bias: 1 }

const packsOf = async ({ packs }: Awaited<ReturnType<typeof openNight>>, id: number) =>
  (await packs.of(id)).map(({ name }) => name)

test("a game that a host adds is there with what was said of it, and nobody has played it", async () => {
  const night = await openNight()
  const game = await night.gameEdits.add(FACTS)
  const { packs: _, ...facts } = FACTS
  expect(game).toEqual({
    ...facts,
    id: expect.any(Number),
    pack_name: "House games",
    play_count: 0,
    popularity_score: 0,
    upvotes: 0,
    downvotes: 0,
    created_at: "2025-11-01T20:00:00.000Z",
  })
  expect(await night.games.get(game.id)).toEqual(game)
})

test("a game in several packs is found in each, under the spelling the pack has already", async () => {
  const night = await openNight()
  const packs = ["House games", "the jackbox party pack 7", "HOUSE GAMES", "Parlour"] as const
  const { id } = await night.gameEdits.add({ ...FACTS, packs })
  expect(await packsOf(night, id)).toEqual(["House games", "Parlour", "The Jackbox Party Pack 7"])
  for (const pack of ["House games", "Parlour", "The Jackbox Party Pack 7"]) {
    expect((await night.games.list({ pack })).map((game) => game.id)).toContain(id)
  }
})

test("a ticker names one game whatever its case, and the refusal says which", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  const errors = [{ path: "ticker", message: `Belongs to Quiplash 3, game ${id}` }]
  await expect(night.gameEdits.add({ ...FACTS, ticker: "qpl3" })).rejects.toMatchObject({
    code: "conflict",
    message: `Cannot add the game: ticker: Belongs to Quiplash 3, game ${id}`,
    details: { errors },
  })
  await expect(night.gameEdits.change(night.gameId("DRW2"), { ticker: "Qpl3" })).rejects.toMatchObject({
    code: "conflict",
    details: { errors },
  })
  expect(await night.games.list({ pack: "House games" })).toEqual([])
  expect((await night.gameEdits.change(id, { ticker: "qpl3" })).ticker).toBe("qpl3")
  expect((await night.gameEdits.add({ ...FACTS, ticker: null })).ticker).toBeNull()
})

test("a pack has a title once, and one answer names the twin and the holder of the ticker", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  const twin = { ...FACTS, title: "QUIPLASH 3", packs: ["House games", "The Jackbox Party Starter"] } as const
  await expect(night.gameEdits.add({ ...twin, ticker: "TKO" })).rejects.toMatchObject({
    code: "conflict",
    details: {
      errors: [
        { path: "ticker", message: `Belongs to Tee K.O., game ${night.gameId("TKO")}` },
        { path: "title", message: `Is in The Jackbox Party Starter already, as game ${id}` },
      ],
    },
  })
  const elsewhere = await night.gameEdits.add({ ...twin, packs: ["House games"] })
  expect(elsewhere.title).toBe("QUIPLASH 3")
  const move = night.gameEdits.change(elsewhere.id, { packs: ["The Jackbox Party Pack 7"] })
  await expect(move).rejects.toMatchObject({ code: "conflict" })
})

test("a change says what is new, and all else stays, the numbers of its nights too", async () => {
  const night = await openNight()
  const session = await night.sessions.start(null)
  await night.play(session.id, "QPL3")
  await night.cast("Ann", "up")
  const before = await night.games.get(night.gameId("QPL3"))
  const after = await night.gameEdits.change(before.id, { length_minutes: null, favor_bias: -1 })
  expect(after).toEqual({ ...before, length_minutes: null, favor_bias: -1 })
  expect(await night.gameEdits.change(before.id, {})).toEqual(after)
  expect(after).toMatchObject({ play_count: 1, upvotes: 1 })
})

test.each([
  [
    { pack_name: "House games" },
    ["House games", "The Jackbox Party Essentials", "The Jackbox Party Starter"],
  ],
  [{ packs: ["A", "B"] }, ["A", "B"]],
  [{ packs: ["A", "The Jackbox Party Pack 7"] }, ["The Jackbox Party Pack 7", "A"]],
  [{ packs: ["A", "B"], pack_name: "B" }, ["B", "A"]],
  [{ packs: ["A"], pack_name: "B" }, ["B", "A"]],
])("a game that moves with %j is then in %j", async (change, packs) => {
  const night = await openNight()
  const game = await night.gameEdits.change(night.gameId("QPL3"), change)
  expect(game.pack_name).toBe(packs[0] ?? "")
  expect(await packsOf(night, game.id)).toEqual(packs)
})

test("a change that would leave nobody to play is refused, whichever end it moves", async () => {
  const night = await openNight()
  for (const change of [{ min_players: 9 }, { max_players: 2 }]) {
    await expect(night.gameEdits.change(night.gameId("QPL3"), change)).rejects.toMatchObject({
      code: "invalid_input",
      details: { errors: [{ path: "max_players", message: "Must be min_players or more" }] },
    })
  }
})

test("a game is turned off and on again, or told which", async () => {
  const { gameEdits, gameId } = await openNight()
  const id = gameId("QPL3")
  const switched = async (enabled?: boolean) => (await gameEdits.enable(id, enabled)).enabled
  expect([await switched(), await switched(), await switched(true), await switched(false)]).toEqual([
    0, 1, 1, 0,
  ])
})

test("a game nobody ever played is deleted, and its pack goes with its last game", async () => {
  const night = await openNight()
  const { id } = await night.gameEdits.add(FACTS)
  await night.gameEdits.remove(id)
  await expect(night.games.get(id)).rejects.toMatchObject({ code: "game_not_found" })
  const rows = await night.store.db
    .selectFrom("packs")
    .select("name")
    .where("name", "=", "House games")
    .execute()
  expect(rows).toEqual([])
})

test("a game that was ever played is disabled instead, and keeps its nights", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  for (const _ of [1, 2]) {
    const session = await night.sessions.start(null)
    await night.play(session.id, "QPL3")
    await night.play(session.id, "QPL3")
    await night.sessions.close(session.id)
  }
  for (const _ of ["at first", "and again"]) {
    await expect(night.gameEdits.remove(id)).rejects.toMatchObject({
      code: "conflict",
      message: "Cannot delete Quiplash 3: it was played in 2 sessions, it is disabled now",
    })
  }
  expect(await night.games.get(id)).toMatchObject({ enabled: 0, play_count: 4 })
  expect((await night.sessionGames.list(1)).map(({ title }) => title)).toEqual(["Quiplash 3", "Quiplash 3"])
})

test("a game that is not there can neither be changed, turned off nor deleted", async () => {
  const { gameEdits } = await openNight()
  const missing = { code: "game_not_found", message: "Game not found" }
  await expect(gameEdits.change(100_000, { title: "Nothing" })).rejects.toMatchObject(missing)
  await expect(gameEdits.enable(100_000)).rejects.toMatchObject(missing)
  await expect(gameEdits.remove(100_000)).rejects.toMatchObject(missing)
})
