/** Past nights as documents, and numbers over all of them. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

const NUMBERS = {
  id: expect.any(Number),
  title: expect.any(String),
  pack_name: expect.any(String),
  play_count: expect.any(Number),
  popularity_score: expect.any(Number),
  upvotes: expect.any(Number),
  downvotes: expect.any(Number),
}

export function historyPart(command: Command): void {
  describe("a night that is looked back on", () => {
    const night = startNight(command)
    const cast = (username: string, vote: string) =>
      night.bot("POST", "/api/votes/live", { username, vote, source: "irc" })

    /** Two games and three votes, over when it comes back. */
    async function pastNight(notes = "Friday Game Night"): Promise<Body> {
      const { id } = await openSession(night, notes)
      await play(night, id, "QPL3")
      await cast("ann", "up")
      await cast("bob", "up")
      await play(night, id, "TKO")
      await cast("=1+1", "down")
      return (await night.host("POST", `/api/sessions/${id}/close`)).body
    }

    test("is handed out as JSON, text and CSV, each a download with a name", async () => {
      const session = await pastNight()
      const day = session.created_at.slice(0, 10)
      const types = { json: "application/json", txt: "text/plain", csv: "text/csv" }
      for (const [format, type] of Object.entries(types)) {
        const path = `/api/sessions/${session.id}/export?format=${format}`
        const { status, headers, text } = await night.host("GET", path)
        expect([status, headers.get("content-type")]).toEqual([200, expect.stringContaining(type)])
        const name = `session-${session.id}-${day}.${format}`
        expect(headers.get("content-disposition")).toBe(`attachment; filename="${name}"`)
        expect(headers.get("x-content-type-options")).toBe("nosniff")
        expect(text.endsWith("\n")).toBeTrue()
        const head = await night.host("HEAD", path)
        expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(text)))
      }
    })

    test("as JSON holds its rows as the other routes give them, and every vote", async () => {
      const session = await pastNight()
      const get = async (path: string) =>
        (await night.anyone("GET", `/api/sessions/${session.id}${path}`)).body
      const { body } = await night.host("GET", `/api/sessions/${session.id}/export`)
      const [first, second] = await get("/games")
      const single = (username: string, vote_type: string) => ({
        username,
        vote_type,
        source: "irc",
        timestamp: isoTime,
      })
      expect(body).toEqual({
        session,
        tally: (await get("/votes")).votes,
        voters: 3,
        exported_at: isoTime,
        games: [
          { ...first, votes: [single("ann", "up"), single("bob", "up")] },
          { ...second, votes: [single("=1+1", "down")] },
        ],
      })
    })

    test("is told in short, as Markdown and as a picture", async () => {
      const { id } = await pastNight("Pizza & Quizzes <3")
      const markdown = await night.anyone("GET", `/api/sessions/${id}/recap?timezone=America/New_York`)
      expect([markdown.status, markdown.headers.get("content-type")]).toEqual([
        200,
        "text/markdown; charset=utf-8",
      ])
      expect(markdown.text).toStartWith("# Pizza & Quizzes \\<3\n\n")
      expect(markdown.text).toContain("**2 games**")
      expect(markdown.text).toContain("Best game: **Quiplash 3**, +2 (2 up, 0 down).")
      const picture = await night.anyone("GET", `/api/sessions/${id}/recap?format=svg`)
      expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/svg+xml"])
      expect(picture.headers.get("content-disposition")).toMatch(
        /^inline; filename="session-\d+-.+-recap\.svg"$/,
      )
      expect(picture.text).toContain(">Pizza &amp; Quizzes &lt;3</text>")
      expect(picture.text).toEndWith("</svg>\n")
      const german = await night.anyone("GET", `/api/sessions/${id}/recap?lang=de`)
      expect(german.text).toContain("Bestes Spiel: **Quiplash 3**, +2 (2 dafür, 0 dagegen).")
    })

    test("is not found where there is none, and a wish that makes no sense names its field", async () => {
      const { id } = await pastNight()
      const missing = { status: 404, code: "session_not_found", error: "Session not found" }
      for (const what of ["export", "recap"]) {
        expectProblem(await night.host("GET", `/api/sessions/999999/${what}`), missing)
        for (const format of ["exe", "", "JSON"]) {
          const answer = await night.host("GET", `/api/sessions/${id}/${what}?format=${format}`)
          expectProblem(answer, { status: 400, code: "invalid_input", path: "format" })
        }
      }
      for (const timezone of ["Nowhere/Land", "", "x".repeat(65), "UTC%00"]) {
        const answer = await night.host("GET", `/api/sessions/${id}/recap?timezone=${timezone}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path: "timezone" })
      }
      const unspoken = await night.host("GET", `/api/sessions/${id}/recap?lang=fr`)
      expectProblem(unspoken, { status: 400, code: "invalid_input", path: "lang" })
      expectProblem(await night.bot("GET", `/api/sessions/${id}/export`), { status: 403, code: "forbidden" })
    })

    test("counts in the numbers over all nights", async () => {
      const { body: before } = await night.anyone("GET", "/api/stats")
      const { id, notes, created_at } = await pastNight()
      await night.host("POST", `/api/sessions/${id}/archive`)
      const { body } = await night.anyone("GET", "/api/stats")
      const count = (of: Body, key: string): number => of[key].count
      for (const [key, more] of Object.entries({
        games: 0,
        gamesEnabled: 0,
        packs: 0,
        sessions: 1,
        activeSessions: 0,
        archivedSessions: 1,
        totalGamesPlayed: 2,
        totalVotes: 3,
      })) {
        expect([key, count(body, key)]).toEqual([key, count(before, key) + more])
      }
      const { upvotes, downvotes } = before.totalVotes
      expect(body.totalVotes).toMatchObject({ upvotes: upvotes + 2, downvotes: downvotes + 1 })
      expect(body.topRatedGames).toEqual([{ ...NUMBERS, title: "Quiplash 3" }])
      expect(body.lowestRatedGames).toEqual([{ ...NUMBERS, title: "Tee K.O." }])
      expect(body.mostPlayedGames).toEqual([NUMBERS, NUMBERS])
      expect(body.mostDivisiveGames).toEqual([])
      expect(body.votesByNight[0]).toEqual({
        session_id: id,
        notes,
        created_at,
        games_played: 2,
        upvotes: 2,
        downvotes: 1,
        total_votes: 3,
      })
    })
  })
}
