/** The whole catalogue written out and read in: all rows or none. */
import { expect, test } from "bun:test"
import fc from "fast-check"
import { catalogue } from "../src/catalogue.ts"
import type { GameFacts } from "../src/game-edits.ts"
import type { ImportMode, ImportRow } from "../src/import-plan.ts"
import { catalogues, rowsOf } from "./support/game-facts.ts"
import { type Night, openNight } from "./support/night.ts"

const load = ({ gameFiles }: Night, games: readonly Partial<GameFacts>[], mode: ImportMode = "append") =>
  gameFiles.load({ rows: rowsOf(games), errors: [], mode })

const everything = async ({ games, packs }: Night) => ({
  games: await games.list({}),
  packs: await packs.list(),
})

test("what is written out and read into an empty catalogue is the same, whatever is in it", async () => {
  const night = await openNight()
  await fc.assert(
    fc.asyncProperty(catalogues, async (games) => {
      await load(night, games, "replace")
      const first = await night.gameFiles.read()
      await load(night, [], "replace")
      expect((await night.gameFiles.read()).games).toEqual([])
      await load(night, first.games)
      expect(await night.gameFiles.read()).toEqual(first)
      const byTitle = (a: GameFacts, b: GameFacts) => (a.title < b.title ? -1 : 1)
      const inOrder = ({ packs: [first, ...others], ...facts }: GameFacts) => ({
        ...facts,
        packs: [first, others.sort()],
      })
      expect([...first.games].sort(byTitle).map(inOrder)).toEqual([...games].sort(byTitle).map(inOrder))
    }),
    { numRuns: 100 },
  )
})

test("reading in what was written out changes nothing, not even an id", async () => {
  const night = await openNight()
  const before = await everything(night)
  const { games, packs } = await night.gameFiles.read()
  const counts = await night.gameFiles.load({ rows: rowsOf(games), errors: [], mode: "replace", packs })
  expect(counts).toEqual({ added: 0, changed: 0, unchanged: before.games.length, deleted: 0, disabled: 0 })
  expect(await everything(night)).toEqual(before)
})

test("appended games join those that are there, in packs as these are spelt", async () => {
  const night = await openNight()
  const before = await night.games.list({})
  const counts = await load(night, [
    { title: "Charades", packs: ["House games", "QUIPLASH"] },
    { title: "Pictionary", packs: ["House games"] },
  ])
  expect(counts).toEqual({ added: 2, changed: 0, unchanged: 0, deleted: 0, disabled: 0 })
  const after = await night.games.list({})
  expect(after.filter(({ pack_name }) => pack_name !== "House games")).toEqual(before)
  expect((await night.games.list({ pack: "Quiplash" })).map(({ title }) => title)).toEqual([
    "Charades",
    "Quiplash",
  ])
})

test("games that are there, or twice in the file, and tickers that are taken are all named at once", async () => {
  const night = await openNight()
  const before = await everything(night)
  const rows = rowsOf([
    { title: "quiplash 3", packs: ["New", "The Jackbox Party Starter"], ticker: "tko" },
    { title: "Charades", ticker: "CHAR" },
    { title: "CHARADES", packs: ["Parlour", "House Games"] },
    { title: "Other", ticker: "char" },
    { title: "Charades", packs: ["Elsewhere"] },
  ])
  const errors = [{ line: 3, path: "min_players", message: "Is required" }]
  const qpl3 = `game ${night.gameId("QPL3")}, Quiplash 3`
  const wrong = {
    code: "invalid_input",
    message: `Cannot import the games: line 2: title: Is there already: ${qpl3} (and 4 more)`,
    details: {
      errors: [
        { line: 2, path: "title", message: `Is there already: ${qpl3}` },
        { line: 2, path: "ticker", message: `Belongs to game ${night.gameId("TKO")}, Tee K.O.` },
        { line: 3, path: "min_players", message: "Is required" },
        { line: 4, path: "title", message: "Is there already: line 3" },
        { line: 5, path: "ticker", message: "Belongs to line 3" },
      ],
    },
  }
  for (const attempt of [night.gameFiles.load, night.gameFiles.tryOut]) {
    await expect(attempt({ rows, errors, mode: "append" })).rejects.toMatchObject(wrong)
  }
  expect(await everything(night)).toEqual(before)
})

test("a wrong row is held against the catalogue, too, as far as it can be read", async () => {
  const night = await openNight()
  const row: ImportRow = {
    place: { path: "games.0" },
    title: "Quiplash",
    packs: ["Quiplash"],
    ticker: undefined,
  }
  const errors = [{ path: "games.0.max_players", message: "Is required" }]
  await expect(night.gameFiles.load({ rows: [row], errors, mode: "append" })).rejects.toMatchObject({
    details: {
      errors: [...errors, { path: "games.0.title", message: expect.stringContaining("Is there already") }],
    },
  })
})

test("trying out says what would be done and does nothing", async () => {
  const night = await openNight()
  const before = await everything(night)
  const wish = {
    rows: rowsOf([{}, { title: "Quiplash", packs: ["Quiplash"] }]),
    errors: [],
    mode: "replace",
  } as const
  const would = await night.gameFiles.tryOut(wish)
  expect(would).toEqual({ added: 1, changed: 1, unchanged: 0, deleted: catalogue.length - 1, disabled: 0 })
  expect(await everything(night)).toEqual(before)
  expect(await night.gameFiles.load(wish)).toEqual(would)
})

test("the progress rises to the number of games that are stored", async () => {
  const night = await openNight()
  const heard: [number, number][] = []
  const games = Array.from({ length: 500 }, (_, at) => ({ title: `Game ${at}` }))
  await night.gameFiles.load({ rows: rowsOf(games), errors: [], mode: "append" }, (done, total) =>
    heard.push([done, total]),
  )
  expect(heard).toEqual([
    [200, 500],
    [400, 500],
    [500, 500],
  ])
})
