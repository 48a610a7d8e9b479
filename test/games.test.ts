/** The catalogue: the shipped facts, and how games are found. */
import { expect, test } from "bun:test"
import { catalogue } from "../src/catalogue.ts"
import type { GameFilter } from "../src/games.ts"
import { openNight } from "./support/night.ts"

/** Published facts: pack = title, seats, minutes of one round, audience (or alone), for families; next game. */
const FACTS = `
The Jackbox Party Pack = You Don't Know Jack 2015, 1-4, 15-20, alone, adult; Drawful, 3-8, 20-25, alone, adult; Word Spud, 2-8, 10-15, alone, family; Lie Swatter, 1-100, 10-15, alone, adult; Fibbage XL, 2-8, 15-20, alone, adult
The Jackbox Party Pack 2 = Fibbage 2, 2-8, 15-20, crowd, setting; Earwax, 3-8, 15-25, crowd, setting; Bidiots, 3-6, 20-25, alone, family; Quiplash XL, 3-8, 15-20, crowd, setting; Bomb Corp., 1-4, 5-10, alone, family
The Jackbox Party Pack 3 = Quiplash 2, 3-8, 15-20, crowd, setting; Trivia Murder Party, 1-8, 15-20, crowd, adult; Guesspionage, 2-8, 10-15, crowd, setting; Fakin' It!, 3-6, 15-20, crowd, setting; Tee K.O., 3-8, 20-25, crowd, family
The Jackbox Party Pack 4 = Fibbage 3, 2-8, 15-20, crowd, setting; Survive the Internet, 3-8, 20-25, crowd, family; Monster Seeking Monster, 3-7, 20-25, crowd, adult; Bracketeering, 3-16, 20-25, crowd, setting; Civic Doodle, 3-8, 20-25, crowd, family
The Jackbox Party Pack 5 = You Don't Know Jack: Full Stream, 1-8, 15-20, crowd, adult; Split the Room, 3-8, 15-20, crowd, setting; Mad Verse City, 3-8, 20-25, crowd, setting; Zeeple Dome, 1-6, 10-15, alone, family; Patently Stupid, 3-8, 20-25, crowd, family
The Jackbox Party Pack 6 = Trivia Murder Party 2, 1-8, 15-20, crowd, adult; Role Models, 3-6, 15-20, crowd, setting; Joke Boat, 3-8, 20-25, crowd, setting; Dictionarium, 3-8, 10-15, crowd, family; Push the Button, 4-10, 15-25, alone, setting
The Jackbox Party Pack 7 = Quiplash 3, 3-8, 15-20, crowd, setting; The Devils and the Details, 3-8, 20-25, crowd, setting; Champ'd Up, 3-8, 20-25, crowd, setting; Talking Points, 3-8, 20-25, crowd, setting; Blather 'Round, 2-6, 15-20, crowd, family
The Jackbox Party Pack 8 = Drawful: Animate, 3-10, 20-25, crowd, setting; The Wheel of Enormous Proportions, 2-8, 15-25, crowd, setting; Job Job, 3-10, 20-25, crowd, setting; The Poll Mine, 2-10, 15-20, crowd, setting; Weapons Drawn, 4-8, 20-30, crowd, adult
The Jackbox Party Pack 9 = Fibbage 4, 2-8, 15-20, crowd, setting; Roomerang, 4-9, 25-30, crowd, setting; Junktopia, 3-8, 20-25, crowd, setting; Nonsensory, 3-8, 20-25, crowd, setting; Quixort, 1-10, 20-25, crowd, setting
The Jackbox Party Pack 10 = Tee K.O. 2, 3-8, 20-25, crowd, setting; Timejinx, 1-8, 15-20, crowd, setting; FixyText, 3-8, 15-20, crowd, setting; Dodo Re Mi, 1-9, 5-10, crowd, family; Hypnotorious, 4-8, 20-30, crowd, setting
The Jackbox Party Pack 11 = Doominate, 3-8, 15-20, crowd, setting; Hear Say, 2-8, 15-20, crowd, setting; Cookie Haus, 3-8, 15-20, crowd, setting; Suspectives, 4-8, 15-20, crowd, family; Legends of Trivia, 1-6, 20-30, crowd, setting
The Jackbox Naughty Pack = Fakin' It All Night Long, 3-8, 20-30, crowd, adult; Dirty Drawful, 3-8, 15-20, crowd, adult; Let Me Finish, 3-8, 5-20, crowd, adult
The Jackbox Survey Scramble = The Jackbox Survey Scramble, 2-10, 5-15, crowd, setting
Fibbage XL = Fibbage XL, 2-8, 15-20, alone, setting
Quiplash = Quiplash, 3-8, 15-20, crowd, setting
Quiplash 2 InterLASHional = Quiplash 2 InterLASHional, 3-8, 15-20, crowd, setting
Drawful 2 = Drawful 2, 3-8, 20-25, crowd, setting
Other party games = Use Your Words, 3-6, 20-25, crowd, setting; What The Dub?!, 1-6, 15-20, crowd, family; RiffTrax: The Game, 1-6, 15-20, crowd, family; Paper Pirates, 1-10, 20-30, crowd, family; Papa's Quiz, 1-8, 15-20, alone, setting`

const facts = FACTS.trim()
  .split("\n")
  .flatMap((line) => {
    const [pack = "", games = ""] = line.split(" = ")
    return games.split("; ").map((game) => {
      const [title = "", seats = "", minutes = "", audience, family] = game.split(", ")
      const [min_players = 0, max_players = 0] = seats.split("-").map(Number)
      const [shortest = 0, longest = 0] = minutes.split("-").map(Number)
      const has_audience = audience === "crowd" ? 1 : 0
      const family_friendly = family === "adult" ? 0 : 1
      const length_minutes = Math.round((shortest + longest) / 2)
      return { pack, title, min_players, max_players, length_minutes, has_audience, family_friendly }
    })
  })

const shipped = new Map(catalogue.map((game) => [game.title, game]))

test("the catalogue says of every game in every pack what the published facts say", () => {
  expect(facts).toHaveLength(68)
  for (const { pack, title, family_friendly, ...fact } of facts) {
    const game = shipped.get(title)
    if (!game) throw new Error(`${title} is missing`)
    const { min_players, max_players, length_minutes, has_audience } = game
    expect<object>({ min_players, max_players, length_minutes, has_audience }).toEqual(fact)
    expect(game.packs).toContain(pack)
    // Where two packs differ about the same game, the pack it is listed under has the word.
    if (game.packs[0] === pack) expect([title, +game.family_friendly]).toEqual([title, family_friendly])
    expect(game.enabled).toBe(1)
  }
})

test("beside the facts there is the latest pack alone, disabled, with nothing in it guessed", () => {
  const known = new Set(facts.map(({ title }) => title))
  const others = catalogue.filter(({ title }) => !known.has(title))
  const guessed = { game_type: "Unknown", secondary_type: null, has_audience: 0, family_friendly: 0 } as const
  const latest = { ...guessed, packs: ["The Jackbox Party Pack 12"], max_players: 8, enabled: 0 } as const
  expect(others.map(({ key: _, ticker: __, ...game }) => game)).toEqual([
    { ...latest, title: "Idol Factions", min_players: 2, length_minutes: null },
    { ...latest, title: "We Forgot a Card", min_players: 2, length_minutes: 20 },
    { ...latest, title: "Debate and Switch", min_players: 2, length_minutes: null },
    { ...latest, title: "MegaPals", min_players: 3, length_minutes: null },
    { ...latest, title: "Hyperface", min_players: 3, length_minutes: null },
  ])
})

test("every game has a key, a title and a ticker of its own, whatever the case", () => {
  for (const name of ["key", "title", "ticker"] as const) {
    expect(new Set(catalogue.map((game) => game[name].toLowerCase())).size).toBe(catalogue.length)
  }
  for (const { key, ticker } of catalogue) {
    expect(ticker).toMatch(/^[A-Z0-9]{2,4}$/)
    expect(key).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  }
  expect(shipped.get("Quiplash 3")?.ticker).toBe("QPL3")
})

test("every game seats somebody, belongs to a pack once, and is of a known type", () => {
  const types = ["Drawing", "Writing", "Trivia", "Deduction", "Talking", "Word"]
  for (const { min_players, max_players, packs, game_type, secondary_type } of catalogue) {
    expect(min_players).toBeGreaterThanOrEqual(1)
    expect(max_players).toBeGreaterThanOrEqual(min_players)
    expect(new Set(packs).size).toBe(packs.length)
    expect([...types, "Party", "Unknown"]).toContain(game_type)
    expect([null, ...types]).toContain(secondary_type)
    expect(secondary_type).not.toBe(game_type)
  }
})

test("a game that several packs sell is one game, listed under its first pack and found in all", async () => {
  const { games } = await openNight()
  const titles = async (pack: string) => (await games.list({ pack })).map(({ title }) => title).sort()
  expect(await titles("The Jackbox Party Starter")).toEqual([
    "Quiplash 3",
    "Tee K.O.",
    "Trivia Murder Party 2",
  ])
  expect(await titles("The Jackbox Party Essentials")).toEqual(["Drawful 2", "Fibbage 4", "Quiplash 3"])
  expect(
    (await games.list({ pack: "The Jackbox Party Essentials" })).map(({ pack_name }) => pack_name),
  ).toEqual(["Drawful 2", "The Jackbox Party Pack 7", "The Jackbox Party Pack 9"])
  expect(await titles("Nobody's Pack")).toEqual([])
})

test("packs are listed by name with how many games they have and how many of these are enabled", async () => {
  const { packs } = await openNight()
  const all = await packs.list()
  expect(all.map(({ name }) => name)).toEqual([...new Set(catalogue.flatMap((game) => game.packs))].sort())
  const counts = (name: string) => all.find((pack) => pack.name === name)
  const seven = { favor_bias: 0, owned: 1, total_count: 5, enabled_count: 5 } as const
  expect(counts("The Jackbox Party Pack 7")).toEqual({ name: "The Jackbox Party Pack 7", ...seven })
  expect(counts("The Jackbox Party Pack 12")).toMatchObject({ total_count: 5, enabled_count: 0 })
})

type Row = (typeof catalogue)[number]

test.each<[string, GameFilter, (game: Row) => boolean]>([
  ["enabled games", { enabled: true }, (game) => game.enabled === 1],
  ["disabled games", { enabled: false }, (game) => game.enabled === 0],
  ["a lone player", { playerCount: 1 }, (game) => game.min_players === 1],
  ["nine people", { playerCount: 9 }, (game) => game.min_players <= 9 && game.max_players >= 9],
  ["drawing only", { drawing: "only" }, (game) => isDrawing(game)],
  ["no drawing", { drawing: "exclude" }, (game) => !isDrawing(game)],
  ["short games", { length: "short" }, ({ length_minutes: length }) => length === null || length <= 15],
  ["medium games", { length: "medium" }, ({ length_minutes: length }) => between(length, 16, 25)],
  ["long games", { length: "long" }, ({ length_minutes: length }) => between(length, 26, 1_000)],
  ["families", { familyFriendly: true }, (game) => game.family_friendly === 1],
  ["adults", { familyFriendly: false }, (game) => game.family_friendly === 0],
  [
    "nine people, short and enabled",
    { playerCount: 9, length: "short", enabled: true },
    ({ title }) => ["Lie Swatter", "Dodo Re Mi", "The Jackbox Survey Scramble"].includes(title),
  ],
])("a host who looks for %s finds exactly these", async (_who, filter, fits) => {
  const { games } = await openNight()
  const found = (await games.list(filter)).map(({ title }) => title)
  expect(found.sort()).toEqual(
    catalogue
      .filter(fits)
      .map(({ title }) => title)
      .sort(),
  )
  expect(found).not.toBeEmpty()
})

const isDrawing = (game: Row): boolean => game.game_type === "Drawing" || game.secondary_type === "Drawing"
const between = (length: number | null, least: number, most: number): boolean =>
  length !== null && length >= least && length <= most

test("games come by pack, then by title, each as a whole row", async () => {
  const { games, gameId } = await openNight()
  const order = (await games.list({})).map(({ pack_name, title }) => `${pack_name}\n${title}`)
  expect(order).toEqual([...order].sort())
  expect(await games.get(gameId("QPL3"))).toEqual({
    id: gameId("QPL3"),
    pack_name: "The Jackbox Party Pack 7",
    title: "Quiplash 3",
    min_players: 3,
    max_players: 8,
    length_minutes: 18,
    has_audience: 1,
    family_friendly: 1,
    game_type: "Writing",
    secondary_type: null,
    ticker: "QPL3",
    play_count: 0,
    popularity_score: 0,
    upvotes: 0,
    downvotes: 0,
    enabled: 1,
    favor_bias: 0,
    created_at: "2025-11-01T20:00:00.000Z",
  })
})

test("a game that is not in the catalogue cannot be read", async () => {
  const { games } = await openNight()
  await expect(games.get(100_000)).rejects.toMatchObject({
    code: "game_not_found",
    message: "Game not found",
  })
})
