/** The catalogue as a file, out and in. */
import { beforeEach, describe, expect, test } from "bun:test"
import { catalogue } from "../../../src/catalogue.ts"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, startNight } from "../night.ts"
import { table } from "./imports.ts"

const HEAD = "Game Pack,Game Title,Min. Players,Max. Players"
const COLUMNS = `${HEAD},Length,Audience,Family Friendly?,Game Type,Secondary Type,Ticker,Enabled,Favor Bias,All Packs`
const csv = { "content-type": "text/csv; charset=utf-8" }

export function gameFilesPart(command: Command): void {
  describe("the catalogue as a file", () => {
    const night = startNight(command)
    const send = (kind: "csv" | "json", query: string, body: unknown, headers = {}) =>
      night.host("POST", `/api/games/import/${kind}${query}`, body, headers)
    const list = async (): Promise<Body[]> => (await night.anyone("GET", "/api/games")).body
    const said = async () => (await list()).map(({ id: _, created_at: __, ...facts }) => facts)
    const exported = async (kind: "csv" | "json") =>
      (await night.anyone("GET", `/api/games/export/${kind}`)).text
    let shipped: string

    beforeEach(async () => {
      shipped ??= await exported("json")
      expect((await send("json", "?mode=replace", shipped)).status).toBe(200)
    })

    test("anyone may take it away as a table, with the columns of existing pickers first", async () => {
      const answer = await night.anyone("GET", "/api/games/export/csv")
      expect(answer.status).toBe(200)
      expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8")
      expect(answer.headers.get("content-disposition")).toBe('attachment; filename="gamenight-games.csv"')
      expect(answer.text).toStartWith(`${COLUMNS}\r\n`)
      expect(answer.text).toContain(
        "The Jackbox Party Pack 7,Champ'd Up,3,8,23,Yes,Yes,Drawing,Writing,CHMP,Yes,0,\r\n",
      )
      expect(answer.text).toContain(
        'Writing,,QPL3,Yes,0,"The Jackbox Party Pack 7\nThe Jackbox Party Essentials\nThe Jackbox Party Starter"\r\n',
      )
      expect(answer.text.endsWith("\r\n")).toBeTrue()
    })

    test("or as JSON, with what the owner says of packs", async () => {
      const answer = await night.anyone("GET", "/api/games/export/json")
      expect(answer.headers.get("content-type")).toBe("application/json")
      expect(answer.headers.get("content-disposition")).toBe('attachment; filename="gamenight-games.json"')
      expect(answer.body.games).toHaveLength(catalogue.length)
      const quiplash = catalogue.find(({ ticker }) => ticker === "QPL3")
      const { key: _, packs: __, ...facts } = quiplash ?? { key: "", packs: [] }
      expect(answer.body.games.find(({ ticker }: Body) => ticker === "QPL3")).toEqual({
        ...facts,
        packs: ["The Jackbox Party Pack 7", "The Jackbox Party Essentials", "The Jackbox Party Starter"],
        favor_bias: 0,
      })
      expect(answer.body.packs).toContainEqual({ name: "Quiplash", favor_bias: 0, owned: 1 })
    })

    test.each(["csv", "json"] as const)("what goes out as %s comes back byte for byte", async (kind) => {
      const odd = {
        title: `=HYPERLINK("x";1), "two"`,
        packs: ["@home", "+1", "'-2"],
        min_players: 1,
        max_players: 2,
      }
      expect((await night.host("POST", "/api/games", odd)).status).toBe(201)
      const [file, facts] = [await exported(kind), await said()]
      if (kind === "csv") expect(file).toContain(`'@home,"'=HYPERLINK(""x"";1), ""two""",1,2`)
      const type = { "content-type": kind === "csv" ? "text/csv" : "application/json" }
      const same = await send(kind, "?mode=replace", file, type)
      expect(same.body).toMatchObject({ count: facts.length, added: 0, changed: 0, unchanged: facts.length })
      expect((await send("json", "?mode=replace", [])).body).toMatchObject({ deleted: facts.length })
      expect(await list()).toEqual([])
      expect((await send(kind, "", file, type)).body).toMatchObject({ mode: "append", added: facts.length })
      expect(await exported(kind)).toBe(file)
      expect(await said()).toEqual(facts)
    })

    test("a spreadsheet may save it with a mark, semicolons and its own order of columns", async () => {
      const saved =
        '\ufeffGame Title;Max. Players;Game Pack;Notes;Min. Players\r\n"Say ""hi""; twice";8;"House\tgames";;2\r\n'
      const refused = await send("csv", "", saved, csv)
      expectProblem(refused, { status: 400, code: "invalid_input", path: "pack_name" })
      const { status, body } = await send("csv", "", saved.replace("\t", " "), csv)
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          message: "Imported 1 game",
          count: 1,
          mode: "append",
          dry_run: false,
          added: 1,
          changed: 0,
          unchanged: 0,
          deleted: 0,
          disabled: 0,
          ignored_columns: ["Notes"],
        },
      })
      const [game] = (await night.anyone("GET", "/api/games?pack=House%20games")).body
      expect(game).toMatchObject({ title: 'Say "hi"; twice', min_players: 2, max_players: 8, enabled: 1 })
    })

    test("existing pickers send it inside JSON, and say there whether it replaces", async () => {
      const csvData = `${HEAD},Length,Audience,Family Friendly?,Game Type\nA,One,2,8,20 minutes,Yes,No,Trivia\n`
      const { body } = await send("csv", "", { csvData, mode: "replace" })
      expect(body).toMatchObject({ mode: "replace", count: 1, added: 1, deleted: catalogue.length })
      expect(await list()).toMatchObject([
        { title: "One", length_minutes: 20, has_audience: 1, game_type: "Trivia" },
      ])
      expect((await send("csv", "", { csv: `${HEAD}\nA,Two,2,8`, mode: "append" })).body.added).toBe(1)
    })

    test("one answer names every wrong row and twin with its line, and nothing is imported", async () => {
      const before = await list()
      const rows = [
        "House,Fine,2,8",
        'House,"Fi\nne",2,8',
        "House,fine,2,8",
        "Quiplash,Quiplash,2,8",
        ",X,many,1e9",
      ]
      const answer = await send("csv", "", `${HEAD},Ticker\n${rows.join("\n")},TKO`, csv)
      expectProblem(answer, { status: 400, code: "invalid_input", path: "title" })
      const { id } = before.find(({ ticker }) => ticker === "QPL") ?? {}
      const { id: tko } = before.find(({ ticker }) => ticker === "TKO") ?? {}
      expect(answer.body.errors).toEqual([
        { line: 3, path: "title", message: "Must not hold control characters" },
        { line: 5, path: "title", message: "Is there already: line 2" },
        { line: 6, path: "title", message: `Is there already: game ${id}, Quiplash` },
        { line: 7, path: "pack_name", message: "Must not be empty" },
        { line: 7, path: "min_players", message: "Must be a whole number from 1 to 1000" },
        { line: 7, path: "max_players", message: "Must be a whole number from 1 to 1000" },
        { line: 7, path: "ticker", message: `Belongs to game ${tko}, Tee K.O.` },
      ])
      expect(answer.body.error).toBe(
        "Cannot import the games: line 3: title: Must not hold control characters (and 6 more)",
      )
      expect(await list()).toEqual(before)
    })

    test("a list names them by their place in it; ids and counters in it are nothing", async () => {
      const fine = {
        id: 1,
        title: "One",
        pack_name: "A",
        min_players: 2,
        max_players: 8,
        upvotes: 99,
        play_count: 9,
      }
      const wrong = await send("json", "", {
        games: [fine, 7, { ...fine, packs: [], max_players: 1, ticker: "Q+" }],
      })
      expectProblem(wrong, { status: 400, code: "invalid_input", path: "games.1" })
      expect(wrong.body.errors.map(({ path }: Body) => path)).toEqual([
        "games.1",
        "games.2.packs",
        "games.2.ticker",
        "games.2.max_players",
        "games.2.title",
      ])
      expect((await send("json", "", [fine])).body).toMatchObject({ added: 1 })
      const [game] = (await night.anyone("GET", "/api/games?pack=A")).body
      expect(game).toMatchObject({ title: "One", upvotes: 0, play_count: 0 })
      expect(game.id).not.toBe(1)
    })

    test("it can be tried out first, which changes nothing", async () => {
      const before = await list()
      const { body } = await send("csv", "?dry_run=true&mode=replace", table(3), csv)
      expect(body).toMatchObject({
        message: "Would import 3 games",
        dry_run: true,
        added: 3,
        deleted: before.length,
      })
      expect((await send("json", "", { games: [], dry_run: true, mode: "replace" })).body.deleted).toBe(
        before.length,
      )
      expect(await list()).toEqual(before)
    })
  })
}
