/** Drawing games: for the next round, and for a whole night. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, keys, openSession, play, startNight } from "../night.ts"

export function picksPart(command: Command): void {
  describe("picks", () => {
    const night = startNight(command)
    const draw = async (wish: object) => (await night.anyone("POST", "/api/pick", wish)).body

    test("anyone may draw a game that fits, and is told its chance and why", async () => {
      const wish = { playerCount: 5, drawing: "only", familyFriendly: true }
      const picked = await draw(wish)
      expect(keys(picked)).toEqual(["game", "poolSize", "probability", "reasons", "seed", "totalEnabled"])
      const { body: enabled } = await night.anyone("GET", "/api/games?enabled=true")
      const query = "enabled=true&playerCount=5&drawing=only&familyFriendly=true"
      const { body: pool } = await night.anyone("GET", `/api/games?${query}`)
      expect(pool).toContainEqual(picked.game)
      expect(picked).toMatchObject({
        poolSize: pool.length,
        totalEnabled: enabled.length,
        probability: 1 / pool.length,
      })
      expect(picked.reasons).toContain("Is about drawing")
      expect(await draw({ ...wish, seed: picked.seed })).toEqual(picked)
    })

    test("an empty body draws from all, and members that are null count for nothing", async () => {
      const picked = (await night.anyone("POST", "/api/pick")).body
      expect(picked.poolSize).toBe(picked.totalEnabled)
      expect(await draw({ playerCount: null, packs: null, seed: picked.seed })).toEqual(picked)
      expect((await draw({ seed: 7 })).seed).toBe("7")
    })

    test("in a session the last two games sit out, or all of it", async () => {
      const { id } = await openSession(night)
      for (const ticker of ["QPL3", "DRWF", "YDKJ"]) await play(night, id, ticker)
      const poolOf = async (more: object) => (await draw({ sessionId: id, ...more })).poolSize
      const all = (await draw({})).poolSize
      expect([await poolOf({}), await poolOf({ excludePlayed: true })]).toEqual([all - 2, all - 3])
    })

    test("where nothing fits the answer names the filter in the way", async () => {
      const answer = await night.anyone("POST", "/api/pick", { playerCount: 90, length: "long" })
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 404, code: "no_game_fits" })
      expect(answer.body.filter).toBe("length")
      expect(answer.body.relax.map(({ filter }: Body) => filter)).toEqual(["playerCount", "length"])
      expect(answer.body.error).toStartWith(
        "Cannot pick a game: none is left after length; without playerCount",
      )
    })

    test("a plan fits the night and goes on from what was played", async () => {
      const wish = { minutes: 120, playerCount: 5, seed: "friday" }
      const { body: plan } = await night.anyone("POST", "/api/plan", wish)
      expect(keys(plan)).toEqual(["ends_at", "games", "seed", "spare_minutes"])
      expect(plan.ends_at).toBeLessThanOrEqual(120)
      expect((await night.anyone("POST", "/api/plan", wish)).body).toEqual(plan)
      const [first] = plan.games
      const played = [{ game_id: first.game.id, minutes: 50 }]
      const { body: rest } = await night.anyone("POST", "/api/plan", { ...wish, played })
      expect(rest.games[0].starts_at).toBe(55)
      expect(rest.games.map(({ game }: Body) => game.id)).not.toContain(first.game.id)
      const short = await night.anyone("POST", "/api/plan", { minutes: 1 })
      expect({ status: short.status, filter: short.body.filter }).toEqual({ status: 404, filter: "minutes" })
    })

    test("a wish that makes no sense is refused with the name of each field", async () => {
      for (const [path, wish, field] of [
        ["pick", { playerCount: 0 }, "playerCount"],
        ["pick", { playerCount: 2.5 }, "playerCount"],
        ["pick", { playerCount: "5" }, "playerCount"],
        ["pick", { drawing: "some" }, "drawing"],
        ["pick", { length: "endless" }, "length"],
        ["pick", { packs: "all" }, "packs"],
        ["pick", { maxMinutes: 1e9 }, "maxMinutes"],
        ["pick", { seed: {} }, "seed"],
        ["pick", { sessionId: -1 }, "sessionId"],
        ["plan", {}, "minutes"],
        ["plan", { minutes: 60, breakMinutes: -5 }, "breakMinutes"],
        ["plan", { minutes: 60, played: ["QPL3"] }, "played.0"],
      ] as const) {
        const answer = await night.anyone("POST", `/api/${path}`, wish)
        expectProblem(answer, { status: 400, code: "invalid_input", path: field })
      }
      expectProblem(await night.anyone("POST", "/api/pick", { sessionId: 999 }), {
        status: 404,
        code: "session_not_found",
      })
    })
  })
}
