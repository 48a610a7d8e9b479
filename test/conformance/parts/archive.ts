/** Nights that are over: put away, brought back, removed; one at a time and many at once. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { type Command, expectProblem, openSession, play, startNight } from "../night.ts"
import { resumingBot, vote } from "../resuming.ts"

export function archivePart(command: Command): void {
  describe("sessions that are over", () => {
    const night = startNight(command)

    /** A night with one game and one vote, over when it comes back. */
    async function pastNight(): Promise<Body> {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      await vote(night)
      return (await night.host("POST", `/api/sessions/${id}/close`)).body
    }
    const ids = async (query: string): Promise<number[]> =>
      (await night.anyone("GET", `/api/sessions?${query}`)).body.map(({ id }: Body) => id)
    const quiplash = async (): Promise<Body> =>
      (await night.anyone("GET", "/api/games")).body.find(({ ticker }: Body) => ticker === "QPL3")

    test("are put away and brought back by a host", async () => {
      const session = await pastNight()
      const { status, body } = await night.host("POST", `/api/sessions/${session.id}/archive`)
      expect({ status, body }).toEqual({ status: 200, body: { ...session, archived: 1 } })
      expect(await ids("")).not.toContain(session.id)
      expect(await ids("filter=archived")).toEqual([session.id])
      expect(await ids("filter=all")).toContain(session.id)
      const back = await night.host("POST", `/api/sessions/${session.id}/unarchive`)
      expect({ status: back.status, body: back.body }).toEqual({ status: 200, body: session })
      expect(await ids("")).toContain(session.id)
    })

    test("are removed by an admin, with what they counted", async () => {
      const { play_count, upvotes } = await quiplash()
      const { id } = await pastNight()
      expect(await quiplash()).toMatchObject({ play_count: play_count + 1, upvotes: upvotes + 1 })
      expectProblem(await night.host("DELETE", `/api/sessions/${id}`), { status: 403, code: "forbidden" })
      const { status, body } = await night.admin("DELETE", `/api/sessions/${id}`)
      expect({ status, body }).toEqual({
        status: 200,
        body: { message: "Session deleted successfully", sessionId: id },
      })
      expect(await quiplash()).toMatchObject({ play_count, upvotes })
      const missing = { status: 404, code: "session_not_found", error: "Session not found" }
      for (const path of ["", "/games", "/votes"]) {
        expectProblem(await night.anyone("GET", `/api/sessions/${id}${path}`), missing)
      }
      expectProblem(await night.admin("DELETE", `/api/sessions/${id}`), missing)
      for (const action of ["archive", "unarchive"]) {
        expectProblem(await night.host("POST", `/api/sessions/${id}/${action}`), missing)
      }
    })

    test("leave a hole in the log that nobody is led over", async () => {
      await pastNight()
      const [early, { epoch, seq: before }] = await resumingBot(night, { resume: {} })
      const { id } = await pastNight()
      const [late, { seq: after }] = await resumingBot(night, { resume: {} })
      for (const bot of [early, late]) bot.close()
      await night.admin("DELETE", `/api/sessions/${id}`)
      for (const [seq, recovered] of [
        [before, false],
        [after - 1, false],
        [after, true],
      ]) {
        const [bot, answer] = await resumingBot(night, {
          resume: { epoch, seq, sessions: [id] },
          follow: true,
        })
        expect([seq, answer.recovered, answer.seq]).toEqual([seq, recovered, after])
        expect(await bot.drain()).toEqual([])
        bot.close()
      }
      const page = async (query: string) => (await night.viewer("GET", `/api/events?${query}`)).body
      expect(await page(`since=${before}`)).toEqual({ epoch, events: [], next: after, recovered: false })
      expect(await page(`session=${id}`)).toEqual({ epoch, events: [], next: after, recovered: false })
      expect(await page(`since=${after}`)).toEqual({ epoch, events: [], next: after })
      const [bot] = await resumingBot(night, { resume: { epoch, seq: after } })
      bot.send({ type: "subscribe", sessionId: id })
      expect(await bot.next()).toMatchObject({ type: "error", code: "session_not_found" })
      bot.close()
    })

    test("the one that runs stays", async () => {
      const { id } = await openSession(night)
      for (const [method, path] of [
        ["DELETE", ""],
        ["POST", "/archive"],
      ] as const) {
        const answer = await night.admin(method, `/api/sessions/${id}${path}`)
        expectProblem(answer, { status: 409, code: "session_active" })
        expect(answer.body.activeSessionId).toBe(id)
      }
      expect((await night.anyone("GET", "/api/sessions/active")).body).toMatchObject({ id, archived: 0 })
    })

    test("many at once are put away, brought back and removed, all or none", async () => {
      const [one, two] = [(await pastNight()).id, (await pastNight()).id]
      const { id: running } = await openSession(night)
      const bulk = (action: string, ...list: number[]) =>
        night.admin("POST", "/api/sessions/bulk", { action, ids: list })
      const done = await bulk("archive", one, two, one)
      expect({ status: done.status, body: done.body }).toEqual({
        status: 200,
        body: { success: true, affected: 2 },
      })
      expect(await ids("filter=archived")).toEqual([two, one])
      expectProblem(await bulk("unarchive", one, 999_999), { status: 404, code: "session_not_found" })
      const inTheWay = await bulk("delete", one, running, two, 999_999)
      expectProblem(inTheWay, { status: 404, code: "session_not_found", path: "ids.1" })
      expect(inTheWay.body.errors).toEqual([
        { path: "ids.1", message: `Session ${running} is still running` },
        { path: "ids.3", message: "There is no session 999999" },
      ])
      expectProblem(await bulk("delete", one, running), { status: 409, code: "session_active" })
      expect(await ids("filter=archived")).toEqual([two, one])
      expect((await bulk("unarchive", two)).body.affected).toBe(1)
      expect(await ids("filter=archived")).toEqual([one])
      const forHost = await night.host("POST", "/api/sessions/bulk", { action: "delete", ids: [one] })
      expectProblem(forHost, { status: 403, code: "forbidden" })
      expect((await bulk("delete", one, two)).body.affected).toBe(2)
      expect(await ids("filter=all")).not.toContain(one)
    })

    test("a wish for many that makes no sense names every wrong field and changes nothing", async () => {
      const { id } = await pastNight()
      const wrong: [string[], object][] = [
        [["action", "ids"], {}],
        [["action"], { action: "burn", ids: [id] }],
        [["ids"], { action: "archive", ids: [] }],
        [["ids"], { action: "archive", ids: Array(501).fill(id) }],
        [["ids"], { action: "archive", ids: id }],
        [["ids.1", "ids.2", "ids.3"], { action: "archive", ids: [id, -1, 1e300, "2"] }],
      ]
      for (const [paths, body] of wrong) {
        const answer = await night.admin("POST", "/api/sessions/bulk", body)
        expectProblem(answer, { status: 400, code: "invalid_input" })
        expect(answer.body.errors.map(({ path }: Body) => path)).toEqual(paths)
      }
      for (const path of ["0", "-1", "x", "9".repeat(20)]) {
        const answer = await night.admin("DELETE", `/api/sessions/${path}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path: "id" })
      }
      expect(await ids("")).toContain(id)
    })
  })
}
