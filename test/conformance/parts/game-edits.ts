/** Games that hosts add, change and remove. */
import { describe, expect, test } from "bun:test"
import type { Answer, Body } from "../../support/api.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

const CHARADES = { title: "Charades", pack_name: "House games", min_players: 4, max_players: 20 }

export function gameEditsPart(command: Command): void {
  describe("games of one's own", () => {
    const night = startNight(command)
    const add = (game: object) => night.host("POST", "/api/games", game)
    const game = async (ticker: string): Promise<Body> =>
      (await night.anyone("GET", "/api/games")).body.find((one: Body) => one.ticker === ticker)
    const paths = ({ body }: Answer) => body.errors.map(({ path }: Body) => path).sort()

    test("a host adds one with the four facts it takes, and finds it where the answer says", async () => {
      const answer = await add(CHARADES)
      expect(answer.status).toBe(201)
      expect(answer.body).toEqual({
        ...CHARADES,
        id: expect.any(Number),
        length_minutes: null,
        has_audience: 0,
        family_friendly: 0,
        game_type: "Unknown",
        secondary_type: null,
        ticker: null,
        play_count: 0,
        popularity_score: 0,
        upvotes: 0,
        downvotes: 0,
        enabled: 1,
        favor_bias: 0,
        created_at: isoTime,
      })
      const location = answer.headers.get("location") ?? ""
      expect(location).toBe(`/api/games/${answer.body.id}`)
      expect((await night.anyone("GET", location)).body).toEqual(answer.body)
    })

    test("one with every fact belongs to several packs, and is told in each", async () => {
      const facts = {
        title: "Telephone = pictures",
        min_players: 1,
        max_players: 1_000,
        length_minutes: 1_440,
        has_audience: true,
        family_friendly: 1,
        game_type: "Drawing",
        secondary_type: "Writing",
        ticker: "tele9",
        enabled: false,
        favor_bias: -1,
      }
      const { status, body } = await add({ ...facts, packs: ["House games", "Parlour"] })
      expect(status).toBe(201)
      expect(body).toMatchObject({ ...facts, has_audience: 1, enabled: 0, pack_name: "House games" })
      const { body: packs } = await night.anyone("GET", `/api/games/${body.id}/packs`)
      expect(packs.map(({ name }: Body) => name)).toEqual(["House games", "Parlour"])
      expect(packs[1]).toEqual({ name: "Parlour", favor_bias: 0, owned: 1, total_count: 1, enabled_count: 0 })
      const missing = await night.anyone("GET", "/api/games/999999/packs")
      expectProblem(missing, { status: 404, code: "game_not_found" })
    })

    test("what counts by itself cannot be said: id, plays, votes and the day of making", async () => {
      const counted = {
        id: 7,
        play_count: 99,
        popularity_score: 99,
        upvotes: 99,
        downvotes: 99,
        created_at: "1999-01-01T00:00:00.000Z",
      }
      const { body: before } = await add({ ...CHARADES, ...counted, title: "Mass" })
      expect(before).toMatchObject({ play_count: 0, popularity_score: 0, upvotes: 0, downvotes: 0 })
      expect(before.id).not.toBe(7)
      expect(before.created_at).not.toStartWith("1999")
      const { status, body } = await night.host("PUT", `/api/games/${before.id}`, { ...before, ...counted })
      expect({ status, body }).toEqual({ status: 200, body: before })
    })

    test("a wrong one is refused with the name of every wrong field at once", async () => {
      const wrong = {
        title: "a\u0000b",
        packs: ["", "..", "x".repeat(121)],
        min_players: 1e300,
        max_players: -1,
        length_minutes: 0,
        has_audience: "yes",
        family_friendly: 2,
        game_type: "x".repeat(65),
        secondary_type: ["Drawing"],
        ticker: "Q++",
        enabled: "on",
        favor_bias: 2,
      }
      const answer = await add(wrong)
      expectProblem(answer, { status: 400, code: "invalid_input", path: "title" })
      const { packs: _, ...others } = wrong
      expect(paths(answer)).toEqual([...Object.keys(others), "packs.0", "packs.1", "packs.2"].sort())
      const { body } = await add({})
      expect(paths({ body } as Answer)).toEqual(["max_players", "min_players", "pack_name", "title"])
      const nobody = await add({ ...CHARADES, min_players: 21 })
      expectProblem(nobody, { status: 400, code: "invalid_input", path: "max_players" })
    })

    test.each(["", "thisgame", "THISGAME", "12", "A B", "A-B", "\u00c4\u00d6", "x".repeat(17), 7])(
      "%j is no ticker that chat could type",
      async (ticker) => {
        const answer = await add({ ...CHARADES, title: "Ticker", ticker })
        if (ticker === "") expect(answer.body.ticker).toBeNull()
        else expectProblem(answer, { status: 400, code: "invalid_input", path: "ticker" })
      },
    )

    test("a ticker and a title that are taken are refused, and the answer names who has them", async () => {
      const { id } = await game("QPL3")
      const { pack_name } = await game("QPL3")
      const answer = await add({ ...CHARADES, pack_name, title: "quiplash 3", ticker: "tKo" })
      expectProblem(answer, { status: 409, code: "conflict", path: "ticker" })
      expect(answer.body.errors).toEqual([
        { path: "ticker", message: `Belongs to Tee K.O., game ${(await game("TKO")).id}` },
        { path: "title", message: `Is in ${pack_name} already, as game ${id}` },
      ])
      const taken = await night.host("PUT", `/api/games/${id}`, { ticker: "TKO" })
      expectProblem(taken, { status: 409, code: "conflict", path: "ticker" })
    })

    test("a change says some facts or all, and null takes one back", async () => {
      const before = await game("DRWF")
      const put = (change: object) => night.host("PUT", `/api/games/${before.id}`, change)
      expect((await put({})).body).toEqual(before)
      expect((await put({ ticker: null, length_minutes: 7 })).body).toEqual({
        ...before,
        ticker: null,
        length_minutes: 7,
      })
      expect((await put(before)).body).toEqual(before)
      expectProblem(await put({ title: null }), { status: 400, code: "invalid_input", path: "title" })
      expectProblem(await put({ min_players: 9 }), {
        status: 400,
        code: "invalid_input",
        path: "max_players",
      })
      expectProblem(await night.host("PUT", "/api/games/999999", {}), { status: 404, code: "game_not_found" })
      expect((await put({ packs: ["House games"] })).body.pack_name).toBe("House games")
    })

    test("it is turned off and on, and put into favour and out of it", async () => {
      const { id } = await game("TKO")
      const patch = (what: string, body?: object) => night.host("PATCH", `/api/games/${id}/${what}`, body)
      expect((await patch("toggle")).body.enabled).toBe(0)
      expect((await patch("toggle", {})).body.enabled).toBe(1)
      expect((await patch("toggle", { enabled: true })).body.enabled).toBe(1)
      expect((await patch("favor", { favor_bias: 1 })).body).toMatchObject({ id, favor_bias: 1 })
      for (const favor_bias of [3, "1", null, 0.5]) {
        const answer = await patch("favor", { favor_bias })
        expectProblem(answer, { status: 400, code: "invalid_input", path: "favor_bias" })
      }
      expectProblem(await patch("favor", {}), { status: 400, code: "invalid_input", path: "favor_bias" })
      expectProblem(await patch("toggle", { enabled: "no" }), {
        status: 400,
        code: "invalid_input",
        path: "enabled",
      })
      expectProblem(await night.host("PATCH", "/api/games/999999/toggle"), {
        status: 404,
        code: "game_not_found",
      })
    })

    test("one that nobody played is deleted, one that was ever played is disabled and stays", async () => {
      const { body } = await add({ ...CHARADES, title: "Short-lived" })
      const deleted = await night.host("DELETE", `/api/games/${body.id}`)
      expect({ status: deleted.status, body: deleted.body }).toEqual({
        status: 200,
        body: { message: "Game deleted successfully" },
      })
      const gone = await night.host("DELETE", `/api/games/${body.id}`)
      expectProblem(gone, { status: 404, code: "game_not_found" })

      const session = await openSession(night)
      const row = await play(night, session.id, "QPL3")
      expectProblem(await night.host("DELETE", `/api/games/${row.game_id}`), {
        status: 409,
        code: "conflict",
        error: "Cannot delete Quiplash 3: it was played in a session, it is disabled now",
      })
      expect(await game("QPL3")).toMatchObject({ enabled: 0, play_count: 1 })
      expect((await night.anyone("GET", `/api/sessions/${session.id}/games`)).body).toHaveLength(1)
    })
  })
}
