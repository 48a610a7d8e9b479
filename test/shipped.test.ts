/** The shipped catalogue in a database that people change, and what a later release of it brings. */
import { expect, test } from "bun:test"
import { type CatalogueGame, catalogue } from "../src/catalogue.ts"
import { loadCatalogue } from "../src/shipped.ts"
import { type Night, openNight } from "./support/night.ts"

/** The catalogue of a later release. */
const release = (version: number, games: readonly CatalogueGame[]) => ({ version, games: async () => games })

/** The shipped list, with these facts of one game changed. */
const withFacts = (key: string, facts: Partial<CatalogueGame>, list = catalogue): CatalogueGame[] =>
  list.map((game) => (game.key === key ? { ...game, ...facts } : game))

const NEW: CatalogueGame = {
  key: "quiplash-4",
  title: "Quiplash 4",
  packs: ["The Jackbox Party Pack 13"],
  min_players: 3,
  max_players: 8,
  length_minutes: 18,
  has_audience: 1,
  family_friendly: 1,
  game_type: "Writing",
  secondary_type: null,
  ticker: "QPL4",
  enabled: 1,
}

const upgrade = ({ store, clock }: Night, games: readonly CatalogueGame[], version = 2) =>
  loadCatalogue(store, clock.now, release(version, games))

const everything = async ({ games, packs }: Night) => ({
  games: await games.list({}),
  packs: await packs.list(),
})

const named = async ({ games }: Night, title: string) =>
  (await games.list({})).filter((game) => game.title === title)

test("a new database has every shipped game once, and asking for them again adds nothing", async () => {
  const night = await openNight()
  const before = await everything(night)
  expect(before.games.map(({ title }) => title).sort()).toEqual(catalogue.map(({ title }) => title).sort())
  const { units } = night.store.counts()
  await loadCatalogue(night.store)
  expect(night.store.counts().units).toBe(units)
  expect(await everything(night)).toEqual(before)
})

test("a later release adds its new games, and the same release adds them once", async () => {
  const night = await openNight()
  await upgrade(night, [...catalogue, NEW])
  const [added, ...others] = await named(night, "Quiplash 4")
  expect(others).toEqual([])
  expect(added).toMatchObject({ pack_name: "The Jackbox Party Pack 13", ticker: "QPL4", enabled: 1 })
  const before = await everything(night)
  await upgrade(night, [...catalogue, NEW])
  await upgrade(night, [...catalogue, NEW], 3)
  expect(await everything(night)).toEqual(before)
})

test("a later release leaves alone what the owner changed, and what the owner removed stays away", async () => {
  const night = await openNight()
  const { gameEdits, packs, gameId } = night
  await gameEdits.change(gameId("QPL3"), {
    title: "Quiplash, our house rules",
    ticker: "OURS",
    max_players: 6,
    length_minutes: null,
    enabled: 0,
    favor_bias: 1,
    packs: ["The Jackbox Party Pack 7"],
  })
  await gameEdits.remove(gameId("DRW2"))
  await packs.own("The Jackbox Party Pack 6", false)
  await packs.favor("The Jackbox Party Pack 6", -1)
  const before = await everything(night)
  const changed = withFacts("quiplash-3", {
    title: "Quiplash 3: Anniversary",
    ticker: "QPA",
    min_players: 4,
    max_players: 9,
    length_minutes: 21,
  })
  await upgrade(night, changed)
  expect(await everything(night)).toEqual(before)
})

test("a later release corrects what nobody touched, fact by fact", async () => {
  const night = await openNight()
  const id = night.gameId("IDOL")
  await night.gameEdits.change(id, { game_type: "Party" })
  const facts = {
    title: "Idol Factions!",
    min_players: 3,
    max_players: 9,
    length_minutes: 17,
    has_audience: 1,
    family_friendly: 1,
    game_type: "Deduction",
    secondary_type: "Talking",
    ticker: "IDF",
    enabled: 1,
  } as const
  await upgrade(night, withFacts("idol-factions", facts))
  expect(await night.games.get(id)).toMatchObject({ ...facts, game_type: "Party" })
  await upgrade(night, withFacts("idol-factions", { ...facts, length_minutes: 19 }), 3)
  expect(await night.games.get(id)).toMatchObject({ ...facts, game_type: "Party", length_minutes: 19 })
})

test("seats are corrected together or not at all, so that a game always seats somebody", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  await night.gameEdits.change(id, { min_players: 7 })
  await upgrade(night, withFacts("quiplash-3", { min_players: 2, max_players: 6 }))
  expect(await night.games.get(id)).toMatchObject({ min_players: 7, max_players: 8 })
})

test("a game that a new bundle sells joins it, and does not come back to one its owner took it from", async () => {
  const night = await openNight()
  const id = night.gameId("QPL3")
  await night.gameEdits.change(id, { packs: ["The Jackbox Party Pack 7", "The Jackbox Party Starter"] })
  const packs = catalogue.find(({ key }) => key === "quiplash-3")?.packs ?? ["none"]
  await upgrade(night, withFacts("quiplash-3", { packs: [...packs, "The Best of Quiplash"] }))
  expect((await night.packs.of(id)).map(({ name }) => name)).toEqual([
    "The Jackbox Party Pack 7",
    "The Best of Quiplash",
    "The Jackbox Party Starter",
  ])
})

test("a ticker the owner gave away stays there, and the shipped game comes without one", async () => {
  const night = await openNight()
  await night.gameEdits.change(night.gameId("DRW2"), { ticker: "qpl4" })
  await upgrade(night, withFacts("drawful", { ticker: "QPL4" }, [...catalogue, NEW]))
  expect((await named(night, "Quiplash 4"))[0]?.ticker).toBeNull()
  expect((await named(night, "Drawful 2"))[0]?.ticker).toBe("qpl4")
  expect((await named(night, "Drawful"))[0]?.ticker).toBe("DRWF")
})

test("a game the owner had added before it was shipped stays the owner's, and is not there twice", async () => {
  const night = await openNight()
  const { key: _, ...facts } = NEW
  const own = { ...facts, title: "QUIPLASH 4", favor_bias: 1, length_minutes: 30, ticker: "MINE" }
  const added = await night.gameEdits.add(own)
  await upgrade(night, [...catalogue, NEW])
  await upgrade(night, [...catalogue, { ...NEW, max_players: 10 }], 3)
  expect(await night.games.get(added.id)).toEqual({ ...added, max_players: 10 })
  expect(await named(night, "Quiplash 4")).toEqual([])
})

test("games that come later to a pack the owner renamed come under its new name", async () => {
  const night = await openNight()
  await night.packs.rename("The Jackbox Party Pack 12", "Pack 12")
  await night.packs.rename("Pack 12", "The Dozen")
  await upgrade(night, [...catalogue, { ...NEW, packs: ["The Jackbox Party Pack 12"] }])
  expect((await named(night, "Quiplash 4"))[0]?.pack_name).toBe("The Dozen")
  const names = (await night.packs.list()).map(({ name }) => name)
  expect(names).not.toContain("The Jackbox Party Pack 12")
  expect(names).not.toContain("Pack 12")
})

test("a pack nobody owns is not owned when new games come to it, even if it had lost all its games", async () => {
  const night = await openNight()
  await night.packs.own("Quiplash", false)
  await night.gameEdits.remove(night.gameId("QPL"))
  expect((await night.packs.list()).map(({ name }) => name)).not.toContain("Quiplash")
  await upgrade(night, [...catalogue, { ...NEW, packs: ["Quiplash"] }])
  expect((await night.packs.list()).find(({ name }) => name === "Quiplash")).toMatchObject({ owned: 0 })
})
