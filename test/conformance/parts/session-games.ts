/** The games of a night. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, isoTime, keys, openSession, play, startNight } from "../night.ts"

const ROW = [
  "downvotes",
  "game_id",
  "game_type",
  "id",
  "manually_added",
  "max_players",
  "min_players",
  "pack_name",
  "played_at",
  "player_count",
  "room_code",
  "session_id",
  "source",
  "status",
  "title",
  "upvotes",
]

export function sessionGamesPart(command: Command): void {
  describe("the games of a session", () => {
    const night = startNight(command)
    const catalogueGame = async (ticker: string): Promise<Body> =>
      (await night.anyone("GET", "/api/games")).body.find((game: Body) => game.ticker === ticker)
    const statuses = async (sessionId: number): Promise<string[]> =>
      (await night.anyone("GET", `/api/sessions/${sessionId}/games`)).body.map((row: Body) => row.status)

    test("a game that is added is playing, and the one before is played", async () => {
      const { id } = await openSession(night)
      const quiplash = await catalogueGame("QPL3")
      const { status, body } = await night.host("POST", `/api/sessions/${id}/games`, {
        game_id: quiplash.id,
        manually_added: 1,
        room_code: " ABCD ",
      })
      expect(status).toBe(201)
      expect(keys(body)).toEqual(ROW)
      const { title, pack_name, min_players, max_players, game_type } = quiplash
      expect(body).toEqual({
        id: expect.any(Number),
        session_id: id,
        game_id: quiplash.id,
        title,
        pack_name,
        min_players,
        max_players,
        game_type,
        status: "playing",
        played_at: isoTime,
        manually_added: 1,
        source: "manual",
        room_code: "ABCD",
        player_count: null,
        upvotes: 0,
        downvotes: 0,
      })
      const second = await play(night, id, "TKO")
      expect(second).toMatchObject({ status: "playing", manually_added: 0, source: "dice", room_code: null })
      const { body: rows } = await night.anyone("GET", `/api/sessions/${id}/games`)
      expect(rows).toEqual([{ ...body, status: "played" }, second])
      expect((await catalogueGame("QPL3")).play_count).toBe(quiplash.play_count + 1)
      expect((await night.anyone("GET", `/api/sessions/${id}`)).body.games_played).toBe(2)
    })

    test("two hosts who add at the same moment leave one game playing", async () => {
      const { id } = await openSession(night)
      await Promise.all(["QPL3", "TKO", "FIB3", "DRWF", "EAR"].map((ticker) => play(night, id, ticker)))
      expect((await statuses(id)).sort()).toEqual(["played", "played", "played", "played", "playing"])
    })

    test("a game can be played, skipped and taken up again", async () => {
      const { id } = await openSession(night)
      const first = await play(night, id, "QPL3")
      const second = await play(night, id, "TKO")
      const set = (row: number, status: unknown) =>
        night.host("PATCH", `/api/sessions/${id}/games/${row}/status`, { status })
      const skipped = await set(second.id, "skipped")
      expect({ status: skipped.status, body: skipped.body }).toEqual({
        status: 200,
        body: { ...second, status: "skipped" },
      })
      expect(await statuses(id)).toEqual(["played", "skipped"])
      await set(first.id, "playing")
      await set(second.id, "playing")
      expect(await statuses(id)).toEqual(["played", "playing"])
      expect((await set(second.id, "playing")).status).toBe(200)
      for (const status of ["paused", "", null, 1, undefined]) {
        expectProblem(await set(first.id, status), { status: 400, code: "invalid_input", path: "status" })
      }
      expectProblem(await set(999_999, "played"), { status: 404, code: "not_found" })
      expect(await statuses(id)).toEqual(["played", "playing"])
    })

    test("a row is found in its own session only", async () => {
      const { id: before } = await openSession(night)
      const row = await play(night, before, "QPL3")
      const { id } = await openSession(night)
      const path = `/api/sessions/${id}/games/${row.id}/status`
      expectProblem(await night.host("PATCH", path, { status: "skipped" }), {
        status: 404,
        code: "not_found",
      })
      expect(await statuses(before)).toEqual(["played"])
    })

    test("a session that is over takes no more games", async () => {
      const { id } = await openSession(night)
      const row = await play(night, id, "QPL3")
      await night.host("POST", `/api/sessions/${id}/close`)
      const added = await night.host("POST", `/api/sessions/${id}/games`, { game_id: row.game_id })
      expectProblem(added, { status: 409, code: "session_closed" })
      const path = `/api/sessions/${id}/games/${row.id}/status`
      expectProblem(await night.host("PATCH", path, { status: "playing" }), {
        status: 409,
        code: "session_closed",
      })
      expect((await night.host("PATCH", path, { status: "skipped" })).body.status).toBe("skipped")
    })

    test("a wish that makes no sense names its field and adds nothing", async () => {
      const { id } = await openSession(night)
      const game = await catalogueGame("QPL3")
      const wrong: [string, object][] = [
        ["game_id", {}],
        ["game_id", { game_id: String(game.id) }],
        ["game_id", { game_id: 0 }],
        ["game_id", { game_id: 1.5 }],
        ["manually_added", { game_id: game.id, manually_added: "yes" }],
        ["manually_added", { game_id: game.id, manually_added: 2 }],
        ["room_code", { game_id: game.id, room_code: "x".repeat(17) }],
        ["room_code", { game_id: game.id, room_code: "A\nB" }],
        ["source", { game_id: game.id, source: "oracle" }],
      ]
      for (const [path, body] of wrong) {
        const answer = await night.host("POST", `/api/sessions/${id}/games`, body)
        expectProblem(answer, { status: 400, code: "invalid_input", path })
      }
      const unknown = await night.host("POST", `/api/sessions/${id}/games`, { game_id: 999_999 })
      expectProblem(unknown, { status: 404, code: "game_not_found", error: "Game not found" })
      expect(await statuses(id)).toEqual([])
      expect((await catalogueGame("QPL3")).play_count).toBe(game.play_count)
    })

    test("a room code and a number of players are told later, and taken back", async () => {
      const { id } = await openSession(night)
      const row = await play(night, id, "QPL3")
      const path = `/api/sessions/${id}/games/${row.id}`
      const code = (body: object) => night.host("PATCH", `${path}/room-code`, body)
      const count = (body: object) => night.host("PATCH", `${path}/player-count`, body)
      const told = await code({ room_code: " LSBN ", id: 1, status: "skipped", upvotes: 99 })
      expect({ status: told.status, body: told.body }).toEqual({
        status: 200,
        body: { ...row, room_code: "LSBN" },
      })
      expect((await count({ player_count: 7 })).body).toEqual({ ...row, room_code: "LSBN", player_count: 7 })
      expect((await count({ player_count: 0 })).body.player_count).toBe(0)
      for (const nothing of [null, "", "  "]) {
        await code({ room_code: "ABCD" })
        expect((await code({ room_code: nothing })).body.room_code).toBeNull()
      }
      expect((await count({ player_count: null })).body).toEqual(row)
      for (const room_code of ["x".repeat(17), "A\tB", 5, undefined, "\ud800"]) {
        expectProblem(await code({ room_code }), { status: 400, code: "invalid_input", path: "room_code" })
      }
      for (const player_count of [-1, 1.5, 1_001, 1e300, "5", true, undefined]) {
        expectProblem(await count({ player_count }), {
          status: 400,
          code: "invalid_input",
          path: "player_count",
        })
      }
      const elsewhere = `/api/sessions/${id}/games/999999/room-code`
      expectProblem(await night.host("PATCH", elsewhere, { room_code: "A" }), {
        status: 404,
        code: "not_found",
      })
      expect((await night.anyone("GET", `/api/sessions/${id}/games`)).body).toEqual([row])
    })

    test("a game that was a mistake is taken out with its votes, and counts no more", async () => {
      const { id } = await openSession(night)
      const first = await play(night, id, "QPL3")
      const before = await catalogueGame("TKO")
      const mistake = await play(night, id, "TKO")
      await night.bot("POST", "/api/votes/live", { username: "ann", vote: "up" })
      const path = `/api/sessions/${id}/games/${mistake.id}`
      const { status, body } = await night.host("DELETE", path)
      expect({ status, body }).toEqual({
        status: 200,
        body: { message: "Game removed from session successfully", session: { id, games_played: 1 } },
      })
      expect(await catalogueGame("TKO")).toEqual(before)
      expect((await night.anyone("GET", `/api/sessions/${id}/games`)).body).toEqual([
        { ...first, status: "played" },
      ])
      expect((await night.anyone("GET", `/api/sessions/${id}/votes`)).body.votes).toEqual([])
      expect((await night.anyone("GET", `/api/votes?session_id=${id}`)).body.votes).toEqual([])
      expectProblem(await night.host("DELETE", path), { status: 404, code: "not_found" })
      const late = { username: "bob", vote: "up", timestamp: mistake.played_at }
      expect((await night.bot("POST", "/api/votes/live", late)).body.game.title).toBe("Quiplash 3")
    })
  })
}
