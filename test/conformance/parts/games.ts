/** The catalogue. */
import { describe, expect, test } from "bun:test"
import { catalogue } from "../../../src/catalogue.ts"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, isoTime, keys, startNight } from "../night.ts"

const ROW = [
  "created_at",
  "downvotes",
  "enabled",
  "family_friendly",
  "favor_bias",
  "game_type",
  "has_audience",
  "id",
  "length_minutes",
  "max_players",
  "min_players",
  "pack_name",
  "play_count",
  "popularity_score",
  "secondary_type",
  "ticker",
  "title",
  "upvotes",
]

export function gamesPart(command: Command): void {
  describe("the catalogue", () => {
    const night = startNight(command)
    const titles = async (query: string): Promise<string[]> =>
      (await night.anyone("GET", `/api/games?${query}`)).body.map((game: Body) => game.title).sort()
    const expected = (fits: (game: (typeof catalogue)[number]) => boolean): string[] =>
      catalogue
        .filter(fits)
        .map(({ title }) => title)
        .sort()

    test("a new database has every shipped game, by pack and title", async () => {
      const { status, body } = await night.anyone("GET", "/api/games")
      expect(status).toBe(200)
      expect(body.length).toBe(catalogue.length)
      const names = body.map((game: Body) => `${game.pack_name}\n${game.title}`)
      expect(names).toEqual([...names].sort())
      for (const game of body) expect(keys(game)).toEqual(ROW)
      const quiplash = body.find((game: Body) => game.title === "Quiplash 3")
      const { key: _, packs, ...facts } = catalogue.find(({ title }) => title === "Quiplash 3") as Body
      expect(quiplash).toEqual({
        ...facts,
        id: expect.any(Number),
        pack_name: packs[0],
        play_count: 0,
        popularity_score: 0,
        upvotes: 0,
        downvotes: 0,
        favor_bias: 0,
        created_at: isoTime,
      })
      expect((await night.anyone("GET", `/api/games/${quiplash.id}`)).body).toEqual(quiplash)
    })

    test("filters narrow the list and work together", async () => {
      expect(await titles("playerCount=2")).toEqual(
        expected(({ min_players, max_players }) => min_players <= 2 && max_players >= 2),
      )
      const draws = (game: (typeof catalogue)[number]) =>
        game.game_type === "Drawing" || game.secondary_type === "Drawing"
      expect(await titles("drawing=only")).toEqual(expected(draws))
      expect(await titles("drawing=exclude")).toEqual(expected((game) => !draws(game)))
      const minutes = (least: number, most: number) =>
        expected(({ length_minutes: long }) => (long ?? 0) >= least && (long ?? 0) <= most)
      expect(await titles("length=short")).toEqual(minutes(0, 15))
      expect(await titles("length=medium")).toEqual(minutes(16, 25))
      expect(await titles("length=long")).toEqual(minutes(26, 1_000))
      expect(await titles("familyFriendly=true")).toEqual(expected((game) => game.family_friendly === 1))
      expect(await titles("familyFriendly=0")).toEqual(expected((game) => game.family_friendly === 0))
      expect(await titles("enabled=true")).toEqual(expected((game) => game.enabled === 1))
      expect(await titles("enabled=0")).toEqual(expected((game) => game.enabled === 0))
      expect(await titles("drawing=only&playerCount=3&familyFriendly=1")).toEqual(
        expected((game) => draws(game) && game.min_players <= 3 && game.family_friendly === 1),
      )
      expect(await titles("playerCount=1000&drawing=only&length=long")).toEqual([])
    })

    test("a game of several packs is found in each of them", async () => {
      const shared = catalogue.filter(({ packs }) => packs.length > 1)
      expect(shared.length).toBeGreaterThan(0)
      for (const { title, packs } of shared) {
        for (const pack of packs) expect(await titles(`pack=${encodeURIComponent(pack)}`)).toContain(title)
      }
      expect(await titles("pack=No%20such%20pack")).toEqual([])
    })

    test("the packs tell how many games they hold", async () => {
      const { body } = await night.anyone("GET", "/api/games/packs")
      const names = [...new Set(catalogue.flatMap(({ packs }) => packs))].sort()
      expect(body.map((pack: Body) => pack.name)).toEqual(names)
      for (const pack of body) {
        const games = catalogue.filter(({ packs }) => packs.includes(pack.name))
        expect(pack).toEqual({
          name: pack.name,
          favor_bias: 0,
          owned: 1,
          total_count: games.length,
          enabled_count: games.filter(({ enabled }) => enabled).length,
        })
      }
      expect((await night.anyone("GET", "/api/games/meta/packs")).body).toEqual(body)
    })

    test("a question that makes no sense names its field", async () => {
      const wrong = {
        enabled: "maybe",
        playerCount: "many",
        drawing: "yes",
        length: "endless",
        familyFriendly: "2",
        pack: "x".repeat(121),
      }
      for (const [path, value] of Object.entries(wrong)) {
        const answer = await night.anyone("GET", `/api/games?${path}=${value}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path })
      }
      const missing = await night.anyone("GET", "/api/games/999999")
      expectProblem(missing, { status: 404, code: "game_not_found", error: "Game not found" })
      expectProblem(await night.anyone("GET", "/api/games/x"), {
        status: 400,
        code: "invalid_input",
        path: "id",
      })
    })
  })
}
