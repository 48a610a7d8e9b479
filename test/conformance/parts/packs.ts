/** Packs, as their owner speaks of them. */
import { describe, expect, test } from "bun:test"
import { type Command, expectProblem, startNight } from "../night.ts"

const SEVEN = "The Jackbox Party Pack 7"
const ODD = `50% "off" / a+b?#é=`

export function packsPart(command: Command): void {
  describe("packs", () => {
    const night = startNight(command)
    const patch = (name: string, what: string, body?: object) =>
      night.host("PATCH", `/api/games/packs/${encodeURIComponent(name)}/${what}`, body)
    const pick = async () => (await night.anyone("POST", "/api/pick", { packs: [SEVEN] })).body

    test("one that is not owned is left out of picks", async () => {
      const seven = { name: SEVEN, favor_bias: 0, total_count: 5, enabled_count: 5 }
      const answer = await patch(SEVEN, "owned", { owned: false })
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 200,
        body: { ...seven, owned: 0 },
      })
      expect((await pick()).poolSize).toBe(1)
      expect((await patch(SEVEN, "owned", { owned: 1 })).body).toEqual({ ...seven, owned: 1 })
      expect((await pick()).poolSize).toBe(5)
    })

    test("one is put into favour, and all its games are turned off and on", async () => {
      expect((await patch(SEVEN, "favor", { favor_bias: 1 })).body.favor_bias).toBe(1)
      expect((await patch(SEVEN, "toggle")).body.enabled_count).toBe(0)
      expect((await patch(SEVEN, "toggle", { enabled: false })).body.enabled_count).toBe(0)
      expect((await patch(SEVEN, "toggle")).body.enabled_count).toBe(5)
    })

    test("one takes another name, whatever is in it, and keeps what was said of it", async () => {
      const { status, body } = await patch(SEVEN, "name", { name: ODD })
      expect({ status, name: body.name, favor_bias: body.favor_bias }).toEqual({
        status: 200,
        name: ODD,
        favor_bias: 1,
      })
      const { body: games } = await night.anyone("GET", `/api/games?pack=${encodeURIComponent(ODD)}`)
      expect(games).toHaveLength(5)
      const taken = await patch(ODD, "name", { name: "the jackbox party pack 6" })
      expectProblem(taken, { status: 409, code: "conflict" })
      expect((await patch(ODD, "name", { name: SEVEN })).body.name).toBe(SEVEN)
    })

    test("what makes no sense is refused with the name of its field", async () => {
      for (const [what, body, path] of [
        ["owned", {}, "owned"],
        ["owned", { owned: "yes" }, "owned"],
        ["favor", { favor_bias: 5 }, "favor_bias"],
        ["toggle", { enabled: 2 }, "enabled"],
        ["name", { name: "" }, "name"],
        ["name", { name: ".." }, "name"],
        ["name", { name: "a\nb" }, "name"],
        ["name", { name: "x".repeat(121) }, "name"],
      ] as const) {
        expectProblem(await patch(SEVEN, what, body), { status: 400, code: "invalid_input", path })
      }
      for (const name of ["Nobody's", "%", "\u0000", "x".repeat(500)]) {
        expectProblem(await patch(name, "toggle"), { status: 404, code: "not_found" })
      }
    })
  })
}
