/** Names that are one voter, over HTTP. */
import { describe, expect, test } from "bun:test"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

const LINKS = "/api/voters/links"

export function voterLinksPart(command: Command): void {
  describe("names that are one voter", () => {
    const night = startNight(command)
    const link = (usernames: unknown, more = {}) => night.host("POST", LINKS, { usernames, ...more })

    test("are linked, listed, and one voter until the link is taken away", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const vote = (username: string) => night.bot("POST", "/api/votes/live", { username, vote: "up" })
      const { status, body } = await link(["ann", " Zoe "], { id: 77, created_at: "never", votes: 5 })
      expect(status).toBe(201)
      expect(body).toEqual({ id: 1, usernames: ["ann", "Zoe"], created_at: isoTime })
      expect((await night.host("GET", LINKS)).body).toEqual([body])
      expect((await vote("Ann")).status).toBe(200)
      expectProblem(await vote("zoe"), { status: 409, code: "duplicate_vote" })
      expectProblem(await link(["ZOE", "bob"]), { status: 409, code: "conflict", path: "usernames.0" })
      const gone = await night.host("DELETE", `${LINKS}/${body.id}`)
      expect([gone.status, gone.text]).toEqual([204, ""])
      expect((await night.host("GET", LINKS)).body).toEqual([])
      expect((await vote("zoe")).status).toBe(200)
      expectProblem(await night.host("DELETE", `${LINKS}/1`), { status: 404, code: "not_found" })
    })

    test("are refused when they are none, and by nobody but the host", async () => {
      const wrong = { status: 400, code: "invalid_input" }
      for (const usernames of [
        undefined,
        "ann",
        [],
        ["ann"],
        Array.from({ length: 17 }, (_, i) => `v${i}`),
      ]) {
        expectProblem(await link(usernames), { ...wrong, path: "usernames" })
      }
      const { body } = await link(["", 7, "a\u0000b", "x".repeat(65)])
      const paths = body.errors.map(({ path }: { path: string }) => path)
      expect(paths).toEqual(["usernames.0", "usernames.1", "usernames.2", "usernames.3"])
      expectProblem(await link(["ann", "ANN"]), { ...wrong, path: "usernames.1" })
      const byBot = await night.bot("POST", LINKS, { usernames: ["ann", "zoe"] })
      expectProblem(byBot, { status: 403, code: "forbidden" })
      expectProblem(await night.bot("GET", LINKS), { status: 403, code: "forbidden" })
      expect((await night.host("GET", LINKS)).body).toEqual([])
    })
  })
}
