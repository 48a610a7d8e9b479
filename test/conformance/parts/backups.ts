/** Backups from afar: made, listed, taken away and removed over HTTP. */
import { describe, expect, test } from "bun:test"
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Body } from "../../support/api.ts"
import { namesIn, rowsIn } from "../../support/folders.ts"
import { newFolder } from "../../support/server.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

const NAME = /^gamenight-\d{8}T\d{6}Z(-\d+)?\.db$/

export function backupsPart(command: Command): void {
  describe("backups", () => {
    const night = startNight(command)
    const folder = () => join(night.server.dataDir, "backups")
    const list = async (): Promise<Body[]> => (await night.admin("GET", "/api/backups")).body
    const make = async (): Promise<Body> => {
      const { status, body, text, headers } = await night.admin("POST", "/api/backups")
      expect([status, text]).toEqual([201, JSON.stringify(body)])
      expect(headers.get("location")).toBe(`/api/backups/${body.name}`)
      return body
    }
    const download = (name: string, init: RequestInit = {}) =>
      fetch(`${night.server.url}/api/backups/${name}`, {
        ...init,
        headers: { authorization: `Bearer ${night.admin.token}` },
      })

    test("there are none before the first, and only an admin gets at them", async () => {
      expect(await list()).toEqual([])
      for (const [method, path] of [
        ["GET", "/api/backups"],
        ["POST", "/api/backups"],
        ["GET", "/api/backups/x.db"],
        ["DELETE", "/api/backups/x.db"],
      ] as const) {
        expectProblem(await night.host(method, path), { status: 403, code: "forbidden" })
        expectProblem(await night.anyone(method, path), { status: 401, code: "unauthenticated" })
      }
      expect(existsSync(folder())).toBeFalse()
    })

    test("one holds all that was answered before, and the newest stands first", async () => {
      await openSession(night, "Before the first")
      const first = await make()
      const { id } = await openSession(night, "Before the second")
      const second = await make()
      await night.host("POST", `/api/sessions/${id}/close`)
      expect(first).toEqual({
        name: expect.stringMatching(NAME),
        bytes: expect.any(Number),
        created_at: isoTime,
      })
      expect(await list()).toEqual([second, first])

      const answer = await download(second.name)
      expect(answer.headers.get("content-type")).toBe("application/vnd.sqlite3")
      expect(answer.headers.get("content-disposition")).toBe(`attachment; filename*=UTF-8''${second.name}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes).toEqual(readFileSync(join(folder(), second.name)))
      expect(bytes).toHaveLength(second.bytes)
      const copy = join(newFolder(), "copy.db")
      writeFileSync(copy, bytes)
      expect(rowsIn(copy, "SELECT notes, is_active FROM sessions ORDER BY id")).toEqual([
        { notes: "Before the first", is_active: 0 },
        { notes: "Before the second", is_active: 1 },
      ])
      expect((await night.admin("GET", `/api/backups/${second.name}`)).status).toBe(200)
      const head = await download(second.name, { method: "HEAD" })
      expect([head.status, await head.text()]).toEqual([200, ""])
    })

    test("while one is made another is refused, and votes are taken", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const before = (await list()).length
      const making = [night.admin("POST", "/api/backups"), night.admin("POST", "/api/backups")]
      const vote = await night.bot("POST", "/api/votes/live", { username: "ann", vote: "up" })
      expect(vote.status).toBe(200)
      const answers = await Promise.all(making)
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      for (const answer of answers.filter(({ status }) => status === 409)) {
        const error = "Cannot back up: a backup is being made already; wait for it"
        expectProblem(answer, { status: 409, code: "conflict", error })
      }
      expect(await list()).toHaveLength(before + 1)
    })

    test("only what is listed is given out or removed, whatever a name says", async () => {
      const { name } = await make()
      writeFileSync(join(folder(), ".hidden.db"), "hidden")
      mkdirSync(join(folder(), "inner.db"))
      symlinkSync("../gamenight.db", join(folder(), "link.db"))
      const before = namesIn(folder())
      const shown = await list()
      const outside = ["..%2fgamenight.db", "%2e%2e%2fsecret", "secret", "%00.db", "%ff.db", "%.db"]
      const inside = [
        ".hidden.db",
        "inner.db",
        "link.db",
        `${name}%2f`,
        `..%2fbackups%2f${name}`,
        `x/${name}`,
      ]
      for (const wrong of [...outside, ...inside]) {
        expectProblem(await night.admin("GET", `/api/backups/${wrong}`), { status: 404, code: "not_found" })
        expectProblem(await night.admin("DELETE", `/api/backups/${wrong}`), {
          status: 404,
          code: "not_found",
        })
      }
      expect(namesIn(folder())).toEqual(before)
      expect(await list()).toEqual(shown)
    })

    test("what an owner put there under any name can be taken away and removed", async () => {
      const { name } = await make()
      const odd = "Ann's night (größte) 100%.db"
      copyFileSync(join(folder(), name), join(folder(), odd))
      const path = encodeURIComponent(odd)
      const answer = await download(path)
      expect(answer.headers.get("content-disposition")).toBe(
        "attachment; filename*=UTF-8''Ann%27s%20night%20%28gr%C3%B6%C3%9Fte%29%20100%25.db",
      )
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(readFileSync(join(folder(), name)))
      expect((await night.admin("DELETE", `/api/backups/${path}`)).status).toBe(204)
      expectProblem(await night.admin("DELETE", `/api/backups/${path}`), {
        status: 404,
        code: "not_found",
        error: `Cannot remove backup ${odd}: there is no such backup`,
      })
      expectProblem(await night.admin("GET", `/api/backups/${path}`), { status: 404, code: "not_found" })
      expect((await list()).map((one) => one.name)).not.toContain(odd)
    })
  })
}
