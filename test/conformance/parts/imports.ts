/** Files that are too much or not files at all, and imports that take their time. */
import { beforeEach, describe, expect, test } from "bun:test"
import { catalogue } from "../../../src/catalogue.ts"
import type { Answer, Api, Body } from "../../support/api.ts"
import { sendRaw } from "../../support/raw-http.ts"
import { type Command, expectProblem, startNight } from "../night.ts"

const HEAD = "Game Pack,Game Title,Min. Players,Max. Players"
const csv = { "content-type": "text/csv; charset=utf-8" }
const lines = { accept: "application/x-ndjson" }

/** A table of this many games. */
export const table = (count: number, what = "Game") =>
  [HEAD, ...Array.from({ length: count }, (_, at) => `Pack ${at % 50},${what} ${at},2,${2 + (at % 9)}`)].join(
    "\r\n",
  )

export function importsPart(command: Command): void {
  describe("imports", () => {
    const night = startNight(command)
    const send = (kind: "csv" | "json", query: string, body: unknown, headers = {}) =>
      night.host("POST", `/api/games/import/${kind}${query}`, body, headers)
    let shipped: string

    beforeEach(async () => {
      shipped ??= (await night.anyone("GET", "/api/games/export/json")).text
      expect((await send("json", "?mode=replace", shipped)).status).toBe(200)
    })

    test("what is no file is refused", async () => {
      const bad = async (kind: "csv" | "json", query: string, body: unknown, headers = {}) => {
        const answer = await send(kind, query, body, headers)
        return [answer.status, answer.body.code, answer.body.errors?.[0]?.path]
      }
      const invalid = [400, "invalid_input"]
      expect(await bad("csv", "?mode=merge", HEAD, csv)).toEqual([...invalid, "mode"])
      expect(await bad("csv", "?dry_run=perhaps", HEAD, csv)).toEqual([...invalid, "dry_run"])
      expect(await bad("csv", "", "", csv)).toEqual([...invalid, ""])
      expect(await bad("csv", "", {})).toEqual([...invalid, "csv"])
      expect(await bad("csv", "", { csvData: 7 })).toEqual([...invalid, "csvData"])
      expect(await bad("csv", "", new Uint8Array([0xff, 0xfe, 0x41, 0x00]), csv)).toEqual([
        ...invalid,
        undefined,
      ])
      expect(await bad("csv", "", "{", {})).toEqual([...invalid, undefined])
      expect(await bad("json", "", {})).toEqual([...invalid, "games"])
      expect(await bad("json", "", { games: {} })).toEqual([...invalid, "games"])
      expect(await bad("json", "", { games: [], packs: [{ name: "A", owned: 5 }] })).toEqual([
        ...invalid,
        "packs.0.owned",
      ])
      const type = { "content-type": "application/x-www-form-urlencoded" }
      expect(await bad("csv", "", HEAD, type)).toEqual([415, "unsupported_media_type", undefined])
      expect(await bad("json", "", "[]", csv)).toEqual([415, "unsupported_media_type", undefined])
    })

    test("a file may have 5 MiB, all else 64 KiB, and who may not import is told so first", async () => {
      const padded = (bytes: number) => `${table(1)}${"\n".repeat(9_000)}`.padEnd(bytes, " ")
      const most = 5 * 1024 * 1024
      expect((await send("csv", "", padded(most), csv)).status).toBe(200)
      // Only told how long they are: a body nobody reads may cost the connection, and the answer with it.
      const claimed = (path: string, bytes: number, { token }: Api) =>
        sendRaw(
          night.server,
          `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${bytes}\r\n\r\n`,
        )
      const large = { status: 413, code: "too_large" }
      for (const path of [
        "/api/games/import/csv",
        "/api/games/import/json",
        "/api/games/import/csv/?mode=append",
      ]) {
        expectProblem(await claimed(path, most + 1, night.host), large)
        expectProblem(await claimed(path, most + 1, night.bot), { status: 403, code: "forbidden" })
      }
      expectProblem(await claimed("/api/games", 70_000, night.host), large)
    })

    test("an import tells its progress line by line to whoever asks for it", async () => {
      const answer = await send("csv", "", table(1_000), { ...csv, ...lines })
      expect({ status: answer.status, type: answer.headers.get("content-type") }).toEqual({
        status: 200,
        type: "application/x-ndjson",
      })
      const told = linesOf(answer)
      expect(told.at(-1)).toMatchObject({ type: "done", count: 1_000, added: 1_000 })
      const progress = told.slice(0, -1)
      expect(progress.length).toBeGreaterThan(3)
      expect(progress.every(({ type, total }) => type === "progress" && total === 1_000)).toBeTrue()
      expect(progress.map(({ done }) => done)).toEqual(
        progress.map(({ done }) => done).toSorted((a, b) => a - b),
      )
      expect(progress.at(-1)?.done).toBe(1_000)
      const refused = await send("csv", "", table(2), { ...csv, ...lines })
      expectProblem(refused, { status: 400, code: "invalid_input", path: "title" })
      const trial = await send("csv", "?dry_run=1&mode=replace", table(2), { ...csv, ...lines })
      expect(linesOf(trial)).toEqual([expect.objectContaining({ type: "done", dry_run: true })])
    })

    test("10,000 games are imported within two seconds, and others are answered meanwhile", async () => {
      const times: number[] = []
      for (let round = 1; round <= 3 && !times.some((ms) => ms < 2_000); round++) {
        const file = table(10_000, `Round ${round}`)
        const start = performance.now()
        let open = true
        const importing = send("csv", "", file, csv).finally(() => {
          open = false
        })
        let answered = 0
        while (open) {
          expect((await night.anyone("GET", "/health")).status).toBe(200)
          answered++
        }
        expect((await importing).body).toMatchObject({ added: 10_000 })
        times.push(performance.now() - start)
        expect(answered).toBeGreaterThan(5)
      }
      expect(Math.min(...times)).toBeLessThan(2_000)
    })

    test("the same key with another mode is another request", async () => {
      const key = { ...csv, "idempotency-key": "import" }
      expect((await send("csv", "?mode=append", table(1), key)).status).toBe(200)
      const other = await send("csv", "?mode=replace", table(1), key)
      expectProblem(other, { status: 409, code: "idempotency_key_reused" })
      const { body: games } = await night.anyone("GET", "/api/games")
      expect(games).toHaveLength(catalogue.length + 1)
    })
  })
}

const linesOf = ({ text }: Answer): Body[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
