/** The event log over HTTP: one page of JSON, or a stream of server-sent events or of JSON lines. */
import * as v from "valibot"
import { AppError } from "../errors.ts"
import type { StreamFormat } from "../event-streams.ts"
import type { EventFilter, Events, StoredEvent } from "../events.ts"
import { numberedFrame } from "../protocol.ts"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { lazily, momentIn, query, queryNumber } from "./input.ts"

export const EVENT_TYPES = [
  "session.started",
  "game.added",
  "game.changed",
  "game.removed",
  "vote.received",
  "session.ended",
  "poll.start",
  "poll.voted",
  "poll.leading",
  "poll.ending",
  "poll.ending.cancelled",
  "voting.ended",
  "game.picked",
  "game.dismissed",
] as const
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
/** Events of one page at most, and without a limit. */
const PAGE = 1_000
const USUAL_PAGE = 100

const BAD_PLACE = "Must be a seq, an ISO 8601 time or a duration such as 10m"

export const eventPage = lazily(() =>
  v.object({
    since: v.optional(
      v.pipe(
        v.string(),
        v.check((text) => placeIn(text) !== undefined, BAD_PLACE),
      ),
    ),
    session: v.optional(queryNumber(1, Number.MAX_SAFE_INTEGER)),
    types: v.optional(
      v.pipe(
        v.string(),
        v.transform((text) => text.split(",")),
        v.array(v.picklist(EVENT_TYPES, `Must be some of ${EVENT_TYPES.join(",")}`)),
      ),
    ),
    limit: v.optional(queryNumber(1, PAGE), String(USUAL_PAGE)),
  }),
)

/** Behind everything there can be. */
const UNKNOWN = Number.POSITIVE_INFINITY

type Place = { seq: number } | { time: number } | { ago: number }

/** A seq, a moment, or how long ago; undefined for anything else. */
function placeIn(text: string): Place | undefined {
  if (/^\d{1,15}$/.test(text)) return { seq: Number(text) }
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (amount && unit) return { ago: Number(amount) * UNITS[unit as keyof typeof UNITS] }
  const time = momentIn(text)
  return time === undefined ? undefined : { time }
}

const json = ({ seq, frame }: StoredEvent): string => numberedFrame(seq, frame)

/** Where a reader stands that cannot be given what it missed. */
const place = (events: Events): string => `"epoch":"${events.epoch}","seq":${events.head()}`

/** https://html.spec.whatwg.org/multipage/server-sent-events.html section 9.2.6 */
const serverSent = (events: Events): StreamFormat => ({
  // An id alone is where a browser goes on from when it comes back before the first event.
  begin: (seq, recovered) =>
    `retry: 2000\nid: ${seq}\n${recovered ? "" : `event: reset\ndata: {${place(events)}}\n`}\n`,
  event: (event) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${json(event)}\n\n`,
  idle: ":\n\n",
})

/** https://github.com/ndjson/ndjson-spec, whose readers pass over empty lines. */
const jsonLines = (events: Events): StreamFormat => ({
  begin: (_, recovered) => (recovered ? "\n" : `{"type":"reset",${place(events)}}\n`),
  event: (event) => `${json(event)}\n`,
  idle: "\n",
})

const STREAMS = { "text/event-stream": serverSent, "application/x-ndjson": jsonLines } as const
type StreamType = keyof typeof STREAMS

export function eventRoutes({ events, eventStreams, admissions, now = Date.now }: Deps) {
  async function seqOf(text: string | undefined, fallback: number): Promise<number> {
    const place = text === undefined ? undefined : placeIn(text)
    if (!place) return fallback
    if ("seq" in place) return place.seq
    const time = "time" in place ? place.time : now() - place.ago
    return events.lastBefore(new Date(time).toISOString())
  }

  async function page(since: number, filter: EventFilter, limit: number): Promise<string> {
    const through = events.head()
    const place = await events.placeAfter(since, filter.session)
    const found = await events.since(since, limit, { ...filter, through })
    const next = found.length === limit ? found.at(-1)?.seq : through
    const lost = place === undefined ? ',"recovered":false' : ""
    return `{"epoch":"${events.epoch}","events":[${found.map(json).join(",")}],"next":${next}${lost}}`
  }

  /** Counted among the sockets: it is one connection that stays. */
  async function stream(
    c: HttpContext,
    asked: number,
    filter: EventFilter,
    type: StreamType,
  ): Promise<Response> {
    const headers = {
      "Content-Type": type,
      "Cache-Control": "no-cache, no-transform",
      "X-Accel-Buffering": "no",
    }
    if (c.req.method === "HEAD") return c.body(null, 200, headers)
    const identity = c.get("identity")
    const since = await events.placeAfter(asked, filter.session)
    const { origin, refused } = admissions.enter(c.get("address"))
    if (!origin) throw tooMany(refused)
    const refusedLater = admissions.authenticated(origin, identity.id)
    if (refusedLater) {
      admissions.leave(origin, undefined)
      throw tooMany(refusedLater)
    }
    c.env.untimed()
    const format = STREAMS[type](events)
    const onEnd = () => admissions.leave(origin, identity.id)
    const body = eventStreams.open({ since, filter, format, identity, onEnd })
    return c.body(body, 200, headers)
  }

  return {
    list: async (c) => {
      const { since, session, types, limit } = query(c, eventPage)
      const filter: EventFilter = { session, types }
      const accepted = c.req.header("accept") ?? ""
      const type = (Object.keys(STREAMS) as StreamType[]).find((known) => accepted.includes(known))
      c.header("Vary", "Accept", { append: true })
      if (!type) {
        const text = await page(await seqOf(since, 0), filter, limit)
        return c.body(text, 200, { "Content-Type": "application/json" })
      }
      const last = c.req.header("last-event-id")
      // An id that is none of ours names a place nobody knows.
      const asked = last
        ? /^\d{1,15}$/.test(last)
          ? Number(last)
          : UNKNOWN
        : await seqOf(since, events.head())
      return stream(c, asked, filter, type)
    },
  } satisfies Record<string, HttpHandler>
}

const tooMany = (reason: string): AppError =>
  new AppError("rate_limited", `Cannot open a stream: ${reason}`, { retryAfter: 30 })
