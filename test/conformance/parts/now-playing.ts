/** What a `!votes` command asks for: the running game and its numbers, in one call. */
import { describe, expect, test } from "bun:test"
import { type Command, expectProblem, openSession, play, startNight } from "../night.ts"

const NOW = "/api/sessions/active/now"
const NOTHING = { game: null, minutes_in: null, tonight: null, all_time: null }

export function nowPlayingPart(command: Command): void {
  describe("the game that is played", () => {
    const night = startNight(command)

    test("is null before there is one, and then comes with its numbers", async () => {
      expect((await night.anyone("GET", NOW)).body).toEqual({ session: null, ...NOTHING })
      const session = await openSession(night, "now")
      expect((await night.anyone("GET", NOW)).body).toEqual({ session, ...NOTHING })
      const row = await play(night, session.id, "QPL3")
      await night.bot("POST", "/api/votes/live", { username: "ann", vote: "up" })
      const { status, body } = await night.anyone("GET", NOW)
      expect(status).toBe(200)
      expect(body).toEqual({
        session: { ...session, games_played: 1 },
        game: { ...row, upvotes: 1 },
        minutes_in: 0,
        tonight: { upvotes: 1, downvotes: 0, popularity_score: 1 },
        all_time: { upvotes: 1, downvotes: 0, popularity_score: 1 },
      })
    })

    test("costs nothing while it is the same, and tells of each vote", async () => {
      const { id } = await openSession(night)
      await play(night, id, "TKO")
      const ask = (etag: string) => night.anyone("GET", NOW, undefined, { "if-none-match": etag })
      const { headers } = await night.anyone("GET", NOW)
      const etag = headers.get("etag") ?? ""
      expect(etag).toMatch(/^"[\w-]{22}"$/)
      expect(headers.get("cache-control")).toBe("no-cache")
      const same = await ask(`"other", W/${etag}`)
      expect([same.status, same.text, same.headers.get("etag")]).toEqual([304, "", etag])
      await night.bot("POST", "/api/votes/live", { username: "bob", vote: "down" })
      const changed = await ask(etag)
      expect([changed.status, changed.body.tonight.popularity_score]).toEqual([200, -1])
    })

    test("is only read", async () => {
      expectProblem(await night.admin("POST", NOW, {}), { status: 405, code: "method_not_allowed" })
    })
  })
}
