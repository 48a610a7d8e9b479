/** Votes: which game they belong to, when they count, and what the tallies say. */
import { describe, expect, test } from "bun:test"
import type { Answer, Body } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { after, type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

export function votesPart(command: Command): void {
  describe("live votes", () => {
    const night = startNight(command)
    const vote = (body: object): Promise<Answer> => night.bot("POST", "/api/votes/live", body)
    const tally = async (sessionId: number) =>
      (await night.anyone("GET", `/api/sessions/${sessionId}/votes`)).body.votes

    /** Two games of one session that did not begin in the same millisecond. */
    async function twoGames(): Promise<{ first: Body; second: Body }> {
      const { id } = await openSession(night)
      const [first, second] = [await play(night, id, "QPL3"), await play(night, id, "TKO")]
      return first.played_at < second.played_at ? { first, second } : twoGames()
    }

    test("a vote without a session, or before its first game, has nothing to belong to", async () => {
      const early = await vote({ username: "ann", vote: "up" })
      expectProblem(early, { status: 404, code: "session_not_found" })
      const { id } = await openSession(night)
      expectProblem(await vote({ username: "ann", vote: "up" }), { status: 404, code: "game_not_found" })
      const { played_at } = await play(night, id, "QPL3")
      const before = await vote({ username: "ann", vote: "up", timestamp: after(played_at, -1) })
      expectProblem(before, { status: 404, code: "game_not_found" })
      expect(await tally(id)).toEqual([])
    })

    test("a vote is answered with the game it went to and its numbers", async () => {
      const { id } = await openSession(night)
      const row = await play(night, id, "QPL3")
      const { status, body } = await vote({
        username: " Ann ",
        vote: "up",
        timestamp: row.played_at,
        source: "irc",
      })
      expect(status).toBe(200)
      expect(body).toEqual({
        success: true,
        message: "Vote recorded successfully",
        session: { id, games_played: 1 },
        game: { id: row.game_id, title: "Quiplash 3", upvotes: 1, downvotes: 0, popularity_score: 1 },
        vote: { username: "Ann", type: "up", timestamp: row.played_at },
      })
      const { body: game } = await night.anyone("GET", `/api/games/${row.game_id}`)
      expect(game).toMatchObject({ upvotes: 1, downvotes: 0, popularity_score: 1 })
      const { body: rows } = await night.anyone("GET", `/api/sessions/${id}/games`)
      expect(rows[0]).toMatchObject({ upvotes: 1, downvotes: 0 })
    })

    test("a change of mind moves both counts, whatever the case of the name", async () => {
      const { id } = await openSession(night)
      const { played_at, game_id } = await play(night, id, "DICT")
      const cast = (type: string, name: string, ms: number) =>
        vote({ username: name, vote: type, timestamp: after(played_at, ms) })
      expect((await cast("up", "Bob", 1_000)).body.game.upvotes).toBe(1)
      const changed = await cast("down", "BOB", 3_000)
      expect(changed.body.game).toMatchObject({ upvotes: 0, downvotes: 1, popularity_score: -1 })
      const same = await cast("down", "bob", 5_000)
      expect(same.body.game).toMatchObject({ upvotes: 0, downvotes: 1, popularity_score: -1 })
      const overtaken = await cast("up", "bob", 2_000)
      expect({ status: overtaken.status, downvotes: overtaken.body.game.downvotes }).toEqual({
        status: 200,
        downvotes: 1,
      })
      expect(await tally(id)).toEqual([
        {
          game_id,
          title: "Dictionarium",
          pack_name: "The Jackbox Party Pack 6",
          upvotes: 0,
          downvotes: 1,
          net_score: -1,
          total_votes: 1,
        },
      ])
    })

    test("the same voter within a second is one vote sent twice", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "QPL3")
      const cast = (ms: number, username = "carl") =>
        vote({ username, vote: "up", timestamp: after(played_at, ms) })
      expect((await cast(2_000)).status).toBe(200)
      for (const ms of [1_001, 2_000, 2_999]) {
        expectProblem(await cast(ms, "Carl"), { status: 409, code: "duplicate_vote" })
      }
      expect((await cast(3_000)).status).toBe(200)
      expect((await cast(3_000, "dora")).status).toBe(200)
      const both = await Promise.all([cast(9_000, "eve"), cast(9_000, "eve")])
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
      expect((await tally(id))[0]).toMatchObject({ upvotes: 3, total_votes: 3 })
    })

    test("a vote goes to the game that was being played when it was cast", async () => {
      const { first, second } = await twoGames()
      const gameAt = async (username: string, timestamp: string) =>
        (await vote({ username, vote: "up", timestamp })).body.game.title
      expect(await gameAt("a", first.played_at)).toBe("Quiplash 3")
      expect(await gameAt("b", after(second.played_at, -1))).toBe("Quiplash 3")
      expect(await gameAt("c", second.played_at)).toBe("Tee K.O.")
      expect(await gameAt("d", after(second.played_at, 50_000))).toBe("Tee K.O.")
      const offset = `${after(second.played_at, 7_200_000).slice(0, -1)}+02:00`
      expect(await gameAt("e", offset)).toBe("Tee K.O.")
      const sent = Date.now()
      const { body } = await vote({ username: "f", vote: "up", timestamp: "2999-01-01T00:00:00.000Z" })
      expect(Date.parse(body.vote.timestamp)).toBeWithin(sent, Date.now() + 1)
    })

    test("a ticker names its game whenever the vote was cast", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      await play(night, id, "TKO")
      const named = await vote({ username: "ann", vote: "down", ticker: "qpl3" })
      expect(named.body.game.title).toBe("Quiplash 3")
      const unplayed = await vote({ username: "bob", vote: "up", ticker: "DICT" })
      expectProblem(unplayed, { status: 404, code: "game_not_found" })
    })

    test("a vote still on its way when the night ends is counted", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "QPL3")
      await night.host("POST", `/api/sessions/${id}/close`)
      const late = await vote({ username: "ann", vote: "up", timestamp: played_at })
      expect(late.body).toMatchObject({ session: { id }, game: { title: "Quiplash 3" } })
      expect((await vote({ username: "bob", vote: "up" })).status).toBe(200)
      expect((await tally(id))[0].upvotes).toBe(2)
    })

    test("a vote that makes no sense names its field and changes nothing", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const wrong: [string, object][] = [
        ["username", { vote: "up" }],
        ["username", { vote: "up", username: "  " }],
        ["username", { vote: "up", username: "x".repeat(65) }],
        ["username", { vote: "up", username: "a\tb" }],
        ["username", { vote: "up", username: "\udc00" }],
        ["vote", { username: "a" }],
        ["vote", { username: "a", vote: "sideways" }],
        ["vote", { username: "a", vote: 1 }],
        ["timestamp", { username: "a", vote: "up", timestamp: "yesterday" }],
        ["timestamp", { username: "a", vote: "up", timestamp: "2025-02-30T00:00:00Z" }],
        ["timestamp", { username: "a", vote: "up", timestamp: "2025-11-01T20:00:00" }],
        ["timestamp", { username: "a", vote: "up", timestamp: 1_762_000_000 }],
        ["ticker", { username: "a", vote: "up", ticker: "x".repeat(17) }],
        ["source", { username: "a", vote: "up", source: 5 }],
      ]
      for (const [path, body] of wrong) {
        expectProblem(await vote(body), { status: 400, code: "invalid_input", path })
      }
      expect(await tally(id)).toEqual([])
    })

    test("the votes are listed page by page, newest first", async () => {
      const { id } = await openSession(night)
      const { played_at, game_id } = await play(night, id, "QPL3")
      for (const name of ["v1", "v2", "v3", "v4", "v5"]) {
        await vote({ username: name, vote: name === "v3" ? "down" : "up", timestamp: played_at })
      }
      const page = (query: string) => night.anyone("GET", `/api/votes?session_id=${id}&${query}`)
      const { body } = await page("limit=2&page=2")
      expect(body.pagination).toEqual({ page: 2, limit: 2, total: 5, total_pages: 3 })
      expect(body.votes[0]).toEqual({
        id: expect.any(Number),
        session_id: id,
        game_id,
        game_title: "Quiplash 3",
        pack_name: "The Jackbox Party Pack 7",
        username: "v3",
        vote_type: "down",
        timestamp: played_at,
        created_at: isoTime,
      })
      expect(body.votes[1].username).toBe("v2")
      expect((await page("")).body.pagination).toMatchObject({ page: 1, limit: 50 })
      expect((await page("vote_type=down")).body.pagination.total).toBe(1)
      expect((await page("username=V4")).body.votes.length).toBe(1)
      expect((await page(`game_id=${game_id}`)).body.pagination.total).toBe(5)
      expect((await page("game_id=999999")).body.votes).toEqual([])
      expect((await page("page=99")).body).toMatchObject({ votes: [], pagination: { page: 99, total: 5 } })
      for (const wrong of ["limit=101", "limit=0", "page=0", "page=x", "vote_type=left"]) {
        const [path = ""] = wrong.split("=")
        expectProblem(await page(wrong), { status: 400, code: "invalid_input", path })
      }
    })

    test("the tally lists the best game first", async () => {
      const { id } = await openSession(night)
      for (const ticker of ["QPL3", "TKO", "FIB3"]) await play(night, id, ticker)
      const cast = (username: string, type: string, ticker: string, ms: number) =>
        vote({ username, vote: type, ticker, timestamp: after(new Date().toISOString(), ms) })
      await cast("a", "down", "QPL3", 0)
      for (const name of ["b", "c"]) await cast(name, "up", "TKO", 0)
      await cast("d", "up", "FIB3", 0)
      const titles = (await tally(id)).map((row: { title: string; net_score: number }) => [
        row.title,
        row.net_score,
      ])
      expect(titles).toEqual([
        ["Tee K.O.", 2],
        ["Fibbage 3", 1],
        ["Quiplash 3", -1],
      ])
    })
  })

  describe("a flood of live votes", () => {
    const night = startNight(command, { env: { GAMENIGHT_VOTE_RATE: "1", GAMENIGHT_VOTE_BURST: "3" } })

    test("beyond the burst a token has to wait, another one does not", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const vote = (caller: "bot" | "host", username: string) =>
        night[caller]("POST", "/api/votes/live", { username, vote: "up" })
      for (const name of ["a", "b", "c"]) expect((await vote("bot", name)).status).toBe(200)
      const refused = await vote("bot", "d")
      expectProblem(refused, { status: 429, code: "rate_limited" })
      expect(Number(refused.headers.get("retry-after"))).toBe(1)
      expect((await vote("host", "d")).status).toBe(200)
    })
  })

  describe("the policy every", () => {
    const night = startNight(command, { env: { GAMENIGHT_VOTE_POLICY: "every" } })

    test("counts each vote of a voter that is a second or more apart", async () => {
      const { id } = await openSession(night)
      const { played_at } = await play(night, id, "QPL3")
      const bot = await followingBot(night.server, night.bot.token, id)
      const cast = (type: string, ms: number) =>
        night.bot("POST", "/api/votes/live", { username: "ann", vote: type, timestamp: after(played_at, ms) })
      await cast("up", 0)
      await cast("up", 1_000)
      const third = await cast("down", 2_000)
      expect(third.body.game).toMatchObject({ upvotes: 2, downvotes: 1, popularity_score: 1 })
      expectProblem(await cast("up", 2_500), { status: 409, code: "duplicate_vote" })
      const heard = await bot.drain()
      expect(heard.map(({ type, data }) => [type, data.vote.type, data.totals.popularity_score])).toEqual([
        ["vote.received", "up", 1],
        ["vote.received", "up", 2],
        ["vote.received", "down", 1],
      ])
    })
  })
}
