/** Opening, reading and closing nights. */
import { describe, expect, test } from "bun:test"
import { type Command, expectProblem, isoTime, keys, openSession, play, startNight } from "../night.ts"

const ROW = ["archived", "closed_at", "created_at", "games_played", "id", "is_active", "notes"]

export function sessionsPart(command: Command): void {
  describe("sessions", () => {
    const night = startNight(command)

    test("without a session there is none active", async () => {
      const { status, text } = await night.anyone("GET", "/api/sessions/active")
      expect({ status, text }).toEqual({ status: 200, text: "null" })
      const list = await night.anyone("GET", "/api/sessions")
      expect(list.body).toEqual([])
      expect(list.headers.get("x-total-count")).toBe("0")
    })

    test("a host opens one with or without notes, and with an empty body too", async () => {
      const { status, body, headers } = await night.host("POST", "/api/sessions", {
        notes: "  Friday Game Night\nbring snacks 🎲 ",
        unknown: true,
      })
      expect(status).toBe(201)
      expect(keys(body)).toEqual(ROW)
      expect(body).toEqual({
        id: 1,
        notes: "Friday Game Night\nbring snacks 🎲",
        is_active: 1,
        created_at: isoTime,
        closed_at: null,
        archived: 0,
        games_played: 0,
      })
      expect(headers.get("location")).toBe("/api/sessions/1")
      expect((await night.anyone("GET", "/api/sessions/1")).body).toEqual(body)
      expect((await night.anyone("GET", "/api/sessions/active")).body).toEqual(body)
      await night.host("POST", "/api/sessions/1/close")
      for (const empty of [undefined, "", {}, { notes: null }, { notes: "  " }]) {
        const opened = await night.host("POST", "/api/sessions", empty)
        expect({ status: opened.status, notes: opened.body.notes }).toEqual({ status: 201, notes: null })
        await night.host("POST", `/api/sessions/${opened.body.id}/close`)
      }
    })

    test("a second one cannot be opened while one is running", async () => {
      const running = await openSession(night)
      const refused = await night.host("POST", "/api/sessions", { notes: "another" })
      expectProblem(refused, { status: 409, code: "session_active" })
      expect(refused.body.activeSessionId).toBe(running.id)
      const racing = await Promise.all(Array.from({ length: 8 }, () => night.host("POST", "/api/sessions")))
      expect(new Set(racing.map(({ status }) => status))).toEqual(new Set([409]))
      await night.host("POST", `/api/sessions/${running.id}/close`)
      const raced = await Promise.all(Array.from({ length: 8 }, () => night.host("POST", "/api/sessions")))
      expect(raced.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)])
    })

    test("notes that cannot be kept name their field and open nothing", async () => {
      const { body: before } = await night.anyone("GET", "/api/sessions?filter=all&limit=all")
      const wrong = ["x".repeat(2_001), "bell \u0007", "null \u0000", "\ud800 alone", 5, true, ["a"]]
      for (const notes of wrong) {
        const answer = await night.host("POST", "/api/sessions", { notes })
        expectProblem(answer, { status: 400, code: "invalid_input", path: "notes" })
      }
      for (const body of ["[]", "5", "null", '"text"']) {
        const answer = await night.host("POST", "/api/sessions", body)
        expectProblem(answer, { status: 400, code: "invalid_input" })
      }
      expect((await night.anyone("GET", "/api/sessions?filter=all&limit=all")).body).toEqual(before)
    })

    test("closing ends the game that is playing and can be said twice", async () => {
      const { id } = await openSession(night, "close me")
      await play(night, id, "QPL3")
      const { status, body } = await night.host("POST", `/api/sessions/${id}/close`)
      expect(status).toBe(200)
      expect(keys(body)).toEqual(ROW)
      expect(body).toMatchObject({ id, is_active: 0, closed_at: isoTime, games_played: 1 })
      const games = await night.anyone("GET", `/api/sessions/${id}/games`)
      expect(games.body[0].status).toBe("played")
      const again = await night.host("POST", `/api/sessions/${id}/close`)
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body })
      expect((await night.anyone("GET", "/api/sessions/active")).body).toBeNull()
    })

    test("the list is newest first and comes in pages", async () => {
      const { body: all, headers } = await night.anyone("GET", "/api/sessions?limit=all")
      const ids = all.map(({ id }: { id: number }) => id)
      expect(ids).toEqual([...ids].sort((a, b) => b - a))
      expect(headers.get("x-total-count")).toBe(String(all.length))
      const page = await night.anyone("GET", "/api/sessions?limit=2&offset=1")
      expect(page.body).toEqual(all.slice(1, 3))
      expect(page.headers.get("x-total-count")).toBe(String(all.length))
      expect((await night.anyone("GET", "/api/sessions?filter=archived")).body).toEqual([])
      expect((await night.anyone("GET", "/api/sessions?filter=all")).body).toEqual(all)
    })

    test("the list is narrowed to days, and to what notes and games hold", async () => {
      const { id, created_at } = await openSession(night, "Pizza & Quizzes")
      await play(night, id, "TKO")
      const found = async (query: string) => {
        const { body, headers } = await night.anyone("GET", `/api/sessions?${query}`)
        expect(headers.get("x-total-count")).toBe(String(body.length))
        return body.map((session: { id: number }) => session.id)
      }
      const [day = ""] = created_at.split("T")
      expect(await found("search=pizza%20%26")).toEqual([id])
      expect(await found("search=TEE%20k")).toEqual([id])
      expect(await found("search=%25")).toEqual([])
      expect(await found("search=")).toEqual(await found("limit=all"))
      expect(await found(`from=${day}&to=${day}`)).toContain(id)
      expect(await found(`from=${created_at}&to=${created_at}&search=pizza`)).toEqual([id])
      expect(await found("to=2020-01-01")).toEqual([])
      expect(await found("from=2099-01-01T00:00:00%2B02:00")).toEqual([])
    })

    test("a question that makes no sense names its field", async () => {
      const wrong = {
        filter: "new",
        limit: "0",
        offset: "-1",
        from: "yesterday",
        to: "2025-02-30",
        search: "x".repeat(121),
      }
      for (const [path, value] of Object.entries(wrong)) {
        const answer = await night.anyone("GET", `/api/sessions?${path}=${value}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path })
      }
    })

    test("one that never was is not found", async () => {
      const missing = { status: 404, code: "session_not_found", error: "Session not found" }
      for (const path of ["", "/games", "/votes"]) {
        expectProblem(await night.anyone("GET", `/api/sessions/999${path}`), missing)
      }
      expectProblem(await night.host("POST", "/api/sessions/999/close"), missing)
      expectProblem(await night.host("POST", "/api/sessions/999/games", { game_id: 1 }), missing)
      for (const id of ["0", "-1", "1.5", "abc", "99999999999999999999", "1e3", "%00"]) {
        const answer = await night.anyone("GET", `/api/sessions/${id}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path: "id" })
      }
    })

    test("polling for the active session costs nothing while nothing changes", async () => {
      const session = await openSession(night)
      const first = await night.anyone("GET", "/api/sessions/active")
      const etag = first.headers.get("etag") ?? ""
      expect(etag).toMatch(/^"[^"]+"$/)
      const ask = (header: string) =>
        night.anyone("GET", "/api/sessions/active", undefined, { "if-none-match": header })
      for (const header of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const unchanged = await ask(header)
        expect({ status: unchanged.status, text: unchanged.text }).toEqual({ status: 304, text: "" })
        expect(unchanged.headers.get("etag")).toBe(etag)
      }
      await play(night, session.id, "TKO")
      const changed = await ask(etag)
      expect({ status: changed.status, played: changed.body.games_played }).toEqual({
        status: 200,
        played: 1,
      })
      await night.host("POST", `/api/sessions/${session.id}/close`)
      expect((await ask(changed.headers.get("etag") ?? "")).text).toBe("null")
    })
  })
}
