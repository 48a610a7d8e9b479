/** The event log over HTTP: page by page, as server-sent events, as JSON lines. */
import { describe, expect, test } from "bun:test"
import { asAdmin, asRole, type Body } from "../../support/api.ts"
import { followingBot } from "../../support/bot.ts"
import { startServer } from "../../support/server.ts"
import { openStream, type Stream } from "../../support/stream.ts"
import { after, type Command, expectProblem, openSession, play, startNight } from "../night.ts"

const TYPES = ["session.started", "game.added", "vote.received", "session.ended"]

/** The fields of the next server-sent event. */
async function serverSent(stream: Stream): Promise<Record<string, string>> {
  for (;;) {
    const lines = (await stream.next("\n\n")).split("\n").filter((line) => !line.startsWith(":"))
    const fields = Object.fromEntries(lines.map((line) => line.split(/: (.*)/s)))
    if (fields.data) return fields
  }
}

async function jsonLine(stream: Stream): Promise<Body> {
  for (;;) {
    const line = await stream.next("\n")
    if (line) return JSON.parse(line)
  }
}

export function logPart(command: Command): void {
  describe("the event log over HTTP", () => {
    const night = startNight(command)
    const sse = () => ({ authorization: `Bearer ${night.viewer.token}`, accept: "text/event-stream" })
    const lines = () => ({ authorization: `Bearer ${night.viewer.token}`, accept: "application/x-ndjson" })
    const vote = (username: string) => night.bot("POST", "/api/votes/live", { username, vote: "up" })

    test("a page holds the events after a place, and says where the next one begins", async () => {
      const session = await openSession(night)
      await play(night, session.id, "QPL3")
      await vote("ann")
      await night.host("POST", `/api/sessions/${session.id}/close`)
      const { body: all } = await night.viewer("GET", "/api/events")
      expect(Object.keys(all)).toEqual(["epoch", "events", "next"])
      const seqs = all.events.map(({ seq }: Body) => seq)
      expect(seqs).toEqual(seqs.map((_: unknown, i: number) => i + 1))
      expect(all.next).toBe(seqs.length)
      expect(all.events.slice(-4).map(({ type }: Body) => type)).toEqual(TYPES)
      const { body: first } = await night.viewer("GET", "/api/events?limit=3")
      expect(first).toEqual({ epoch: all.epoch, events: all.events.slice(0, 3), next: 3 })
      const { body: rest } = await night.viewer("GET", `/api/events?since=${first.next}`)
      expect(rest).toEqual({ ...all, events: all.events.slice(3) })
      const { body: none } = await night.viewer("GET", `/api/events?since=${all.next}`)
      expect(none).toEqual({ ...all, events: [] })
      const { body: beyond } = await night.viewer("GET", "/api/events?since=999999")
      expect(beyond).toEqual({ ...all, events: [], recovered: false })
    })

    test("a page may hold one session, some types, and what came since a moment or a while", async () => {
      const session = await openSession(night)
      await play(night, session.id, "QPL3")
      await vote("bob")
      const events = async (query: string): Promise<Body[]> =>
        (await night.viewer("GET", `/api/events?${query}`)).body.events
      expect((await events(`session=${session.id}`)).map(({ type }) => type)).toEqual(TYPES.slice(0, 3))
      const games = await events("types=game.added,session.ended")
      expect(new Set(games.map(({ type }) => type))).toEqual(new Set(["game.added", "session.ended"]))
      const all = await events("")
      expect(await events("since=10m")).toEqual(all)
      expect(await events(`since=${session.created_at}`)).toEqual(
        all.filter(({ timestamp }) => timestamp >= session.created_at),
      )
      expect(await events(`since=${after(session.created_at, 3_600_000)}`)).toEqual([])
    })

    test("what makes no sense is refused with the name of the field", async () => {
      for (const [query, path] of [
        ["since=yesterday", "since"],
        ["since=-1", "since"],
        ["since=10y", "since"],
        ["since=2025-02-30T00:00:00Z", "since"],
        ["session=0", "session"],
        ["types=game.lost", "types.0"],
        ["limit=0", "limit"],
        ["limit=1001", "limit"],
      ] as const) {
        const answer = await night.viewer("GET", `/api/events?${query}`)
        expectProblem(answer, { status: 400, code: "invalid_input", path })
      }
    })

    test("it takes a token, and in the address that of a viewer only", async () => {
      expectProblem(await night.anyone("GET", "/api/events"), { status: 401, code: "unauthenticated" })
      const withToken = (token: string | undefined) => night.anyone("GET", `/api/events?token=${token}`)
      expect((await withToken(night.viewer.token)).status).toBe(200)
      expectProblem(await withToken(night.bot.token), { status: 403, code: "forbidden" })
      expectProblem(await withToken("nonsense"), { status: 401, code: "invalid_token" })
      expectProblem(await night.anyone("GET", `/api/tokens?token=${night.viewer.token}`), {
        status: 401,
        code: "unauthenticated",
      })
      expect(night.server.stderr()).not.toContain(night.viewer.token ?? "")
    })

    test("server-sent events go on after the last id a reader has seen", async () => {
      const { id } = await openSession(night)
      const { body: before } = await night.viewer("GET", "/api/events?limit=1000")
      const stream = await openStream(night.server, "/api/events", sse())
      expect(stream.status).toBe(200)
      expect(stream.headers.get("content-type")).toBe("text/event-stream")
      expect(stream.headers.get("cache-control")).toBe("no-cache, no-transform")
      // A browser that loses its connection before the first event comes back with this id.
      expect(await stream.next("\n\n")).toBe(`retry: 2000\nid: ${before.next}`)
      await play(night, id, "QPL3")
      const { event, data, id: seq } = await serverSent(stream)
      expect(event).toBe("game.added")
      expect(Number(seq)).toBe(before.next + 1)
      expect(JSON.parse(data ?? "")).toMatchObject({ type: "game.added", seq: before.next + 1 })
      stream.close()
      await vote("carl")
      const again = await openStream(night.server, "/api/events?since=1", {
        ...sse(),
        "last-event-id": seq ?? "",
      })
      expect(await serverSent(again)).toMatchObject({ id: String(before.next + 2), event: "vote.received" })
      await vote("dora")
      expect(await serverSent(again)).toMatchObject({ id: String(before.next + 3), event: "vote.received" })
      again.close()
    })

    test("a reader whose place is not in the log is told to start over", async () => {
      const { body: log } = await night.viewer("GET", "/api/events?limit=1000")
      const place = { epoch: log.epoch, seq: log.next }
      const stream = await openStream(night.server, "/api/events?since=999999", sse())
      const { event, data } = await serverSent(stream)
      expect({ event, data: JSON.parse(data ?? "") }).toEqual({ event: "reset", data: place })
      for (const id of ["abc", "10m", "-1", "999999"]) {
        const lost = await openStream(night.server, "/api/events", { ...sse(), "last-event-id": id })
        expect(await serverSent(lost)).toMatchObject({ event: "reset", id: String(log.next) })
        lost.close()
      }
      const second = await openStream(night.server, "/api/events?since=999999", lines())
      expect(await jsonLine(second)).toEqual({ type: "reset", ...place })
      await openSession(night)
      expect((await jsonLine(second)).seq).toBe(log.next + 1)
      for (const one of [stream, second]) one.close()
    })

    test("JSON lines give the log and then what comes, filtered as asked", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      const stream = await openStream(night.server, `/api/events?since=0&session=${id}`, lines())
      expect((await jsonLine(stream)).type).toBe("session.started")
      expect((await jsonLine(stream)).type).toBe("game.added")
      await openSession(night)
      expect((await jsonLine(stream)).type).toBe("session.ended")
      stream.close()
    })

    test("a stream ends with its token", async () => {
      const fresh = await asRole(night.admin, "viewer")
      const stream = await openStream(night.server, "/api/events", {
        ...sse(),
        authorization: `Bearer ${fresh.token}`,
      })
      await stream.next("\n\n")
      expect((await night.admin("DELETE", `/api/tokens/${fresh.id}`)).status).toBe(204)
      await stream.ended
    })

    test("streams count among the sockets of a token, and a closed one frees its place", async () => {
      const fresh = await asRole(night.admin, "viewer")
      const headers = { ...lines(), authorization: `Bearer ${fresh.token}` }
      const open = await Promise.all(
        Array.from({ length: 20 }, () => openStream(night.server, "/api/events", headers)),
      )
      const refused = await fresh("GET", "/api/events", undefined, { accept: "text/event-stream" })
      expectProblem(refused, { status: 429, code: "rate_limited" })
      expect(refused.headers.get("retry-after")).toBe("30")
      for (const stream of open) stream.close()
      await Promise.all(open.map(({ ended }) => ended))
      for (;;) {
        const stream = await openStream(night.server, "/api/events", headers)
        stream.close()
        if (stream.status === 200) break
      }
      ;(await followingBot(night.server, fresh.token)).close()
    })

    test("HEAD tells what a stream would be and opens none", async () => {
      const answer = await night.viewer("HEAD", "/api/events", undefined, { accept: "text/event-stream" })
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: "" })
      expect(answer.headers.get("content-type")).toBe("text/event-stream")
    })

    test("a stop ends the streams and waits for none", async () => {
      const server = await startServer(command)
      const { token } = await asAdmin(server)
      const stream = await openStream(server, "/api/events", { ...sse(), authorization: `Bearer ${token}` })
      await stream.next("\n\n")
      const begun = performance.now()
      expect(await server.stop()).toBe(0)
      expect(performance.now() - begun).toBeLessThan(2_000)
      await stream.ended
    })
  })
}
