/** The catalogue as a table: written, read back, and read from what other programs write. */
import { expect, test } from "bun:test"
import fc from "fast-check"
import { readCsv } from "../src/csv.ts"
import type { GameFacts } from "../src/game-edits.ts"
import { MOST_ROWS, readRows } from "../src/http/game-rows.ts"
import { readSheet, writeSheet } from "../src/http/game-sheet.ts"
import { seeded } from "../src/picker.ts"
import { facts } from "./support/game-facts.ts"

async function read(csv: string) {
  const { rows, problems, ignored } = readSheet(csv)
  const { rows: games, errors } = await readRows(problems.length > 0 ? [] : rows)
  return {
    games: games.flatMap(({ game }) => game?.facts ?? []),
    said: games.map(({ game }) => game?.said),
    problems,
    errors,
    ignored,
  }
}

test("every catalogue comes back from its table as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { maxLength: 8 }), async (games) => {
      expect(await read(writeSheet(games))).toMatchObject({ games, problems: [], errors: [], ignored: [] })
    }),
    { numRuns: 500 },
  )
})

test("so it does from a spreadsheet that saves it with a mark, semicolons, other line ends and its own order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 5 }), fc.integer(), async (games, seed) => {
      const rows = parsed(writeSheet(games))
      const order = shuffled(rows[0]?.length ?? 0, seed)
      const quoted = (cell = "") => `"${cell.replaceAll('"', '""')}"`
      const saved = rows.map((row) => order.map((at) => quoted(row[at])).join(";")).join("\n")
      expect(await read(`\ufeff${saved}`)).toMatchObject({ games, problems: [], errors: [] })
    }),
    { numRuns: 200 },
  )
})

test("the columns of existing pickers are known, however they spell them", async () => {
  const wanted: Partial<GameFacts> = {
    title: "Quiplash 3",
    packs: ["Party Pack 7"],
    min_players: 3,
    max_players: 8,
    length_minutes: 18,
    has_audience: 1,
    family_friendly: 0,
    game_type: "Writing",
    secondary_type: null,
  }
  for (const head of [
    "Game Pack,Game Title,Min. Players,Max. Players,Length,Audience,Family Friendly?,Game Type,Secondary Type",
    "Pack Name,Title,Min Players,Max Players,Length (minutes),Audience,Family Friendly,Game Type,Secondary Type",
    "pack_name,title,min_players,max_players,length_minutes,has_audience,family_friendly,game_type,secondary_type",
  ]) {
    const { games, errors } = await read(
      `${head}\nParty Pack 7,Quiplash 3,3,8,15-20 minutes,Yes,No,Writing,\n`,
    )
    expect({ games, errors }).toEqual({ games: [expect.objectContaining(wanted)], errors: [] })
  }
})

const HEAD = "Game Title,Game Pack,Min. Players,Max. Players"

test.each<[string, number | null | string]>([
  ["", null],
  ["????", null],
  ["N/A", null],
  ["unknown", null],
  ["20", 20],
  ["20 minutes", 20],
  ["20 min.", 20],
  ["15-20", 18],
  ["20 \u2013 30 minutes", 25],
  ["5 to 10 min", 8],
  ["1e3", "length_minutes"],
  ["-5", "length_minutes"],
  ["0", "length_minutes"],
  ["99999", "length_minutes"],
  ["half an hour", "length_minutes"],
])("a length of %j is %p", async (cell, wanted) => {
  const { games, errors } = await read(`${HEAD},Length\nA,P,1,2,"${cell}"`)
  expect(games[0]?.length_minutes ?? errors[0]?.path ?? null).toBe(wanted)
})

test.each<[string, 0 | 1 | string]>([
  ["Yes", 1],
  ["y", 1],
  ["TRUE", 1],
  ["1", 1],
  ["x", 1],
  ["No", 0],
  ["false", 0],
  ["0", 0],
  ["", 0],
  ["maybe", "has_audience"],
])("an audience of %j is %p", async (cell, wanted) => {
  const { games, errors } = await read(`${HEAD},Audience\nA,P,1,2,${cell}`)
  expect(games[0]?.has_audience ?? errors[0]?.path ?? "none").toBe(wanted)
})

test("what a table has no column for, or an empty cell, is not said", async () => {
  expect((await read(`${HEAD}\nA,P,1,2`)).said).toEqual([
    { title: "A", packs: ["P"], min_players: 1, max_players: 2 },
  ])
  const { said } = await read(
    `${HEAD},Ticker,Enabled,Favor Bias,All Packs\nA,P,1,2,,,,\nB,P,1,2,B2,no,-1,"Q\nP"`,
  )
  expect(said).toEqual([
    { title: "A", packs: ["P"], min_players: 1, max_players: 2, ticker: null },
    {
      title: "B",
      packs: ["P", "Q"],
      min_players: 1,
      max_players: 2,
      ticker: "B2",
      enabled: 0,
      favor_bias: -1,
    },
  ])
})

test("columns that mean nothing here are named, the counters among them", async () => {
  const { games, ignored } = await read(
    `${HEAD},id,Upvotes, Play Count ,${"x".repeat(500)}\nA,P,1,2,7,99,99,y`,
  )
  expect(ignored).toEqual(["id", "Upvotes", "Play Count", "x".repeat(60)])
  expect(games).toHaveLength(1)
})

test("a table without what a game takes, or with a column twice, is refused with all that is wrong", async () => {
  expect((await read("Ticker,ticker,Game Title\nA,B,C")).problems).toEqual([
    "There is no column Game Pack",
    "There is no column Min. Players",
    "There is no column Max. Players",
    "There are 2 columns Ticker",
  ])
  for (const empty of ["", "\ufeff", "\n\r\n", ",,,\n\n,\n"]) {
    expect((await read(empty)).problems).toEqual(["There is no row"])
  }
  expect((await read('"Game Title')).problems[0]).toBe("A quote is opened and never closed")
})

test("every wrong cell of every row is named with its line", async () => {
  const rows = ['A,"P\nP",1,2', "", ",P,0,1001", ",,,", "B,P,9,2", 'C,P,1,2,,"', "D,P,1,2,3,4,5"]
  const { errors, games } = await read(`${HEAD},Length\n${rows.join("\n")}`)
  expect(games).toEqual([])
  expect(errors.map(({ line, path, message }) => `${line} ${path}: ${message}`)).toEqual([
    "2 pack_name: Must not hold control characters",
    "5 title: Must not be empty",
    "5 min_players: Must be a whole number from 1 to 1000",
    "5 max_players: Must be a whole number from 1 to 1000",
    "7 max_players: Must be min_players or more",
    "8 : A quote is opened and never closed",
  ])
})

test("cells behind the last column are wrong only where something stands in them", async () => {
  const { errors, games } = await read(`${HEAD}\nA,P,1,2,,,\nB,P,1,2,,x`)
  expect(games.map(({ title }) => title)).toEqual(["A"])
  expect(errors).toEqual([{ line: 3, path: "", message: "There are more cells than columns" }])
})

test("a file that is made to take for ever is given up early", async () => {
  const many = await read(`${HEAD}\n${"A,P,1,2\n".repeat(600_000)}`)
  expect(many.errors).toEqual([
    { line: MOST_ROWS + 2, path: "", message: `There are more than ${MOST_ROWS} rows` },
  ])
  const empty = await read(`${HEAD}${"\n".repeat(5_000_000)}`)
  expect(empty.errors).toEqual([{ line: 10_002, path: "", message: "There are more than 10000 empty lines" }])
})

/** The cells of a table that was written by us. */
const parsed = (csv: string): string[][] => [...readCsv(csv, ",")].map(({ cells }) => cells)

/** The numbers up to `count` in an order of their own. */
function shuffled(count: number, seed: number): number[] {
  const random = seeded(String(seed))
  return Array.from({ length: count }, (_, at) => ({ at, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ at }) => at)
}

test("a cell with a million packs is one wrong cell, and a long table of wrong cells is read to its end", async () => {
  const cell = (lines: string) => `${HEAD},All Packs\nA,P,1,2,"${lines}"`
  const tooMany = [{ line: 2, path: "packs", message: "Must have 20 entries at most" }]
  expect((await read(cell("a\n".repeat(1_000_000)))).errors).toEqual(tooMany)
  expect((await read(cell("a\nb\n\nc\n".repeat(7)))).errors).toEqual(tooMany)
  expect((await read(cell("a\n\n\nb"))).games[0]?.packs).toEqual(["P", "a", "b"])
  const { errors } = await read(`${HEAD}\n${",,x,\n".repeat(MOST_ROWS)}`)
  expect(errors).toHaveLength(MOST_ROWS * 4)
})
