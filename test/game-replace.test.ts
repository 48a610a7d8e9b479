/** A catalogue that takes the place of the one before: what is still in it keeps its numbers and its nights. */
import { expect, test } from "bun:test"
import { catalogue } from "../src/catalogue.ts"
import type { GameFacts } from "../src/game-edits.ts"
import { loadCatalogue } from "../src/shipped.ts"
import { FACTS, rowsOf } from "./support/game-facts.ts"
import { type Night, openNight } from "./support/night.ts"

const replace = ({ gameFiles }: Night, games: readonly Partial<GameFacts>[]) =>
  gameFiles.load({ rows: rowsOf(games), errors: [], mode: "replace" })

test("a catalogue that is replaced keeps the games it still has, with their numbers and their nights", async () => {
  const night = await openNight()
  const session = await night.sessions.start(null)
  await night.play(session.id, "QPL3")
  await night.cast("Ann", "up")
  await night.play(session.id, "TKO")
  const [kept, lost] = [night.gameId("QPL3"), night.gameId("TKO")]
  const before = await night.games.get(kept)
  const counts = await replace(night, [
    { title: "quiplash 3", packs: ["The Jackbox Party Pack 7"], ticker: "QPL3" },
    { title: "Charades" },
  ])
  expect(counts).toEqual({ added: 1, changed: 1, unchanged: 0, deleted: catalogue.length - 2, disabled: 1 })
  expect(await night.games.get(kept)).toEqual({
    ...before,
    title: "quiplash 3",
    min_players: 4,
    max_players: 20,
    length_minutes: 30,
    has_audience: 0,
    game_type: "Talking",
  })
  expect(await night.games.get(lost)).toMatchObject({
    title: "Tee K.O.",
    ticker: "TKO",
    enabled: 0,
    play_count: 1,
  })
  expect(await night.games.list({})).toHaveLength(3)
  expect((await night.sessionGames.list(session.id)).map(({ title }) => title)).toEqual([
    "quiplash 3",
    "Tee K.O.",
  ])
  expect((await night.tallies.ofSession(session.id)).votes).toHaveLength(1)
})

test("a row finds its game by its ticker when its title and its pack are new", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  await replace(night, [{ title: "Our Quiplash", packs: ["Ours"], ticker: "qpl3" }])
  expect(await night.games.get(id)).toMatchObject({
    title: "Our Quiplash",
    pack_name: "Ours",
    ticker: "qpl3",
  })
})

test("of two rows that could be one game, the one in the pack it is listed under is", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  const starter = { title: "Quiplash 3", packs: ["The Jackbox Party Starter"] } as const
  const seven = { title: "Quiplash 3", packs: ["The Jackbox Party Pack 7"] } as const
  expect(await replace(night, [starter, seven])).toMatchObject({ added: 1, changed: 1 })
  expect((await night.packs.of(id)).map(({ name }) => name)).toEqual(["The Jackbox Party Pack 7"])
})

test("games hand their tickers on to each other, and take that of one that is out", async () => {
  const night = await openNight()
  const session = await night.sessions.start(null)
  await night.play(session.id, "TKO")
  const seven = (title: string, ticker: string | null) => ({
    title,
    packs: ["The Jackbox Party Pack 7"] as const,
    ticker,
  })
  const rows = [seven("Quiplash 3", "TALK"), seven("Talking Points", "QPL3"), seven("Champ'd Up", "TKO")]
  await replace(night, rows)
  const tickers = async (id: number) => (await night.games.get(id)).ticker
  expect(await tickers(night.gameId("QPL3"))).toBe("TALK")
  expect(await tickers(night.gameId("TALK"))).toBe("QPL3")
  expect(await tickers(night.gameId("TKO"))).toBeNull()
})

test("what a file does not say of a game it keeps stays, and a ticker that stays is taken", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  const before = await night.gameEdits.change(id, { favor_bias: 1, enabled: 0 })
  const said = {
    title: "Quiplash 3",
    packs: ["The Jackbox Party Pack 7"],
    min_players: 2,
    max_players: 9,
  } as const
  const row = {
    place: { line: 2 },
    title: said.title,
    packs: said.packs,
    game: { facts: { ...FACTS, ...said }, said },
  }
  await night.gameFiles.load({ rows: [row], errors: [], mode: "replace" })
  expect(await night.games.get(id)).toEqual({ ...before, min_players: 2, max_players: 9 })
  const other = rowsOf([{ title: "Other", ticker: "QPL3" }])
  await expect(
    night.gameFiles.load({ rows: [...other, row], errors: [], mode: "replace" }),
  ).rejects.toMatchObject({
    details: { errors: [{ line: 2, path: "ticker", message: "Belongs to Quiplash 3" }] },
  })
})

test("what a file says of packs counts for all when it replaces, and for new ones when it adds", async () => {
  const night = await openNight()
  const packs = [
    { name: "quiplash", favor_bias: 1, owned: 0 },
    { name: "House games", favor_bias: -1, owned: 0 },
  ] as const
  const settings = async () =>
    (await night.packs.list())
      .filter(({ name }) => /^(Quiplash|House games)$/.test(name))
      .map(({ name, favor_bias, owned }) => `${name} ${favor_bias} ${owned}`)
  await night.gameFiles.load({ rows: rowsOf([{}]), errors: [], mode: "append", packs })
  expect(await settings()).toEqual(["House games -1 0", "Quiplash 0 1"])
  const rows = rowsOf((await night.gameFiles.read()).games)
  await night.gameFiles.load({ rows, errors: [], mode: "replace", packs })
  expect(await settings()).toEqual(["House games -1 0", "Quiplash 1 0"])
})

test("shipped games that a file left out stay away when a later catalogue comes", async () => {
  const night = await openNight()
  await replace(night, [{}])
  await night.store.write(({ trx }) =>
    trx.updateTable("meta").set({ value: "0" }).where("key", "=", "catalogue_version").execute(),
  )
  await loadCatalogue(night.store)
  expect((await night.games.list({})).map(({ title }) => title)).toEqual(["Charades"])
})
