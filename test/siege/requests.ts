/** Requests for fuzzing: every route of the table with every method, and what its schema asks for, right or wrong. */
import fc from "fast-check"
import type * as v from "valibot"
import { readConfig } from "../../src/config.ts"
import { createApp } from "../../src/http/app.ts"
import { login, newToken } from "../../src/http/auth.ts"
import { chat } from "../../src/http/chat-import.ts"
import type { Deps } from "../../src/http/context.ts"
import { eventPage } from "../../src/http/events.ts"
import { newGame as newCatalogueGame } from "../../src/http/game-fields.ts"
import { csvBody, importQuery, jsonFile } from "../../src/http/game-files.ts"
import { favoring, gameChange, gameFilter, switching } from "../../src/http/games.ts"
import { naming, owning } from "../../src/http/packs.ts"
import { phoneChoice, phoneVote } from "../../src/http/phone-votes.ts"
import { pickWish, planWish } from "../../src/http/picks.ts"
import { newPoll, newSelection, pollEnd } from "../../src/http/polls.ts"
import { newGame, newPlayerCount, newRoomCode, newStatus } from "../../src/http/session-games.ts"
import { bulk, newSession, sessionPage } from "../../src/http/sessions.ts"
import { redemption } from "../../src/http/setup.ts"
import { newLink } from "../../src/http/voter-links.ts"
import { liveVote, pollVote, votePage } from "../../src/http/votes.ts"
import { newWebhook, webhookChange, webhookLog } from "../../src/http/webhooks.ts"
import type { RawRequest } from "../support/pipeline.ts"
import { ADMIN_KEY } from "../support/server.ts"
import { fitting, jsonTexts, nearly, oddText } from "./shapes.ts"

/** Stand in a path for what is there while it is asked: the running session, a game row of it, a spare token, a backup, a webhook. */
export type Places = Readonly<Record<"session" | "row" | "token" | "backup" | "webhook", string | number>>
export type Caller = "admin" | "host" | "bot" | "viewer" | "nobody" | "stranger"

export type Wish = RawRequest & { caller: Caller; route: string }

type Lazy = (() => v.GenericSchema) | undefined

const BODIES: Readonly<Record<string, () => v.GenericSchema>> = {
  "POST /api/auth/login": login,
  "POST /api/auth/setup": redemption,
  "POST /api/tokens": newToken,
  "POST /api/sessions": newSession,
  "POST /api/sessions/:id/games": newGame,
  "POST /api/sessions/bulk": bulk,
  "PATCH /api/sessions/:id/games/:gameRow/status": newStatus,
  "PATCH /api/sessions/:id/games/:gameRow/room-code": newRoomCode,
  "PATCH /api/sessions/:id/games/:gameRow/player-count": newPlayerCount,
  "POST /api/votes/live": liveVote,
  "POST /api/votes/phone": phoneVote,
  "POST /api/votes/phone/poll": phoneChoice,
  "POST /api/votes/poll": pollVote,
  "POST /api/sessions/:id/voting/start": newPoll,
  "POST /api/sessions/:id/voting/end": pollEnd,
  "POST /api/sessions/:id/game-selection": newSelection,
  "POST /api/games": newCatalogueGame,
  "PUT /api/games/:id": gameChange,
  "PATCH /api/games/:id/toggle": switching,
  "PATCH /api/games/:id/favor": favoring,
  "PATCH /api/games/packs/:name/toggle": switching,
  "PATCH /api/games/packs/:name/favor": favoring,
  "PATCH /api/games/packs/:name/owned": owning,
  "PATCH /api/games/packs/:name/name": naming,
  "POST /api/games/import/csv": csvBody,
  "POST /api/games/import/json": jsonFile,
  "POST /api/sessions/:id/chat-import": chat,
  "POST /api/voters/links": newLink,
  "POST /api/webhooks": newWebhook,
  "PATCH /api/webhooks/:id": webhookChange,
  "POST /api/pick": pickWish,
  "POST /api/plan": planWish,
}

const QUERIES: Readonly<Record<string, () => v.GenericSchema>> = {
  "GET /api/sessions": sessionPage,
  "GET /api/votes": votePage,
  "GET /api/games": gameFilter,
  "POST /api/games/import/csv": importQuery,
  "POST /api/games/import/json": importQuery,
  "GET /api/events": eventPage,
  "GET /api/webhooks/:id/logs": webhookLog,
}

/** Every route of the service, as `GET /api/sessions/:id`. */
export const ROUTES: readonly string[] = [
  ...new Set(
    createApp({ config: readConfig({}, {}, String) } as Deps)
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`),
  ),
]

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]

/** As `encodeURIComponent`, for halves of characters too. */
const encoded = (text: string): string => (text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80")

const pathValue = (place: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(place) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }).map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "0",
        "-1",
        "1e3",
        "007",
        "9007199254740993",
        "%00",
        "%",
        "%2e%2e",
        "..",
        "%ff",
      ),
    },
    { weight: 1, arbitrary: oddText.map((text) => encoded(text.slice(0, 300))) },
  )

function pathFor(pattern: string): fc.Arbitrary<string> {
  const place = pattern.startsWith("/api/tokens")
    ? "{token}"
    : pattern.startsWith("/api/backups")
      ? "{backup}"
      : pattern.startsWith("/api/webhooks")
        ? "{webhook}"
        : pattern.startsWith("/api/games")
          ? "1"
          : "{session}"
  const parts = pattern.split("/").map((part) => {
    if (!part.startsWith(":")) return fc.constant(part)
    if (part === ":name") return pathValue("The%20Jackbox%20Party%20Pack%206")
    return pathValue(part === ":gameRow" ? "{row}" : place)
  })
  return fc.oneof(
    { weight: 20, arbitrary: fc.tuple(...parts).map((all) => all.join("/")) },
    { weight: 1, arbitrary: fc.tuple(...parts).map((all) => `${all.join("/")}/`) },
    { weight: 1, arbitrary: oddText.map((text) => `/${encoded(text.slice(0, 300))}`) },
  )
}

function queryFor(schema: Lazy): fc.Arbitrary<string> {
  const oddOne = fc.tuple(oddText, oddText).map(([name, value]) => `?${encoded(name)}=${encoded(value)}&&=`)
  if (!schema) return fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 1, arbitrary: oddOne })
  return fc.oneof(
    { weight: 4, arbitrary: fitting(schema()).map(asQuery) },
    { weight: 3, arbitrary: nearly(schema()).map(asQuery) },
    { weight: 1, arbitrary: oddOne },
  )
}

const asQuery = (value: unknown): string =>
  `?${Object.entries(value ?? {})
    .map(
      ([name, one]) =>
        `${encoded(name)}=${encoded(typeof one === "string" ? one : (JSON.stringify(one) ?? ""))}`,
    )
    .join("&")}`

const latin1 = fc.string({ unit: fc.integer({ min: 32, max: 255 }).map((code) => String.fromCharCode(code)) })

/** One header or none; those with a meaning for the service first. */
const headers: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.stringMatching(/^[\w-]{1,40}$/, { size: "-1" }).map((key) => ({ "Idempotency-Key": key })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          ...[
            "Idempotency-Key",
            "If-None-Match",
            "Origin",
            "Accept",
            "Range",
            "Last-Event-ID",
            "X-Forwarded-For",
          ],
          ...[
            "Content-Type",
            "Authorization",
            "Accept-Encoding",
            "Cookie",
            "X-HTTP-Method-Override",
            "Forwarded",
          ],
        ),
        fc.oneof(
          latin1,
          fc.constantFrom("*", '"x"', "text/event-stream", "application/x-ndjson", "bytes=0-", "1"),
        ),
      )
      .map(([name, value]) => ({ [name]: value.trim() })),
  },
)

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function bodyFor(schema: Lazy): fc.Arbitrary<Uint8Array | undefined> {
  return fc.oneof(
    { weight: schema === login ? 8 : 0, arbitrary: fc.constant(bytes(JSON.stringify({ key: ADMIN_KEY }))) },
    { weight: 20, arbitrary: jsonTexts(schema?.()).map(bytes) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 60_000, max: 70_000 }).map((length) => bytes(" ".repeat(length))),
    },
  )
}

function wishesFor(route: string): fc.Arbitrary<Wish> {
  const [right = "GET", pattern = "/"] = route.split(" ")
  const method = fc.oneof(
    { weight: 8, arbitrary: fc.constant(right) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  )
  const withBody = right === "GET" ? fc.constant(undefined) : bodyFor(BODIES[route])
  const callers = fc.constantFrom<Caller>(
    "admin",
    "admin",
    "admin",
    "host",
    "bot",
    "viewer",
    "nobody",
    "stranger",
  )
  return fc
    .tuple(method, pathFor(pattern), queryFor(QUERIES[route]), headers, withBody, callers)
    .map(([method, path, query, more, body, caller]) => ({
      method,
      path: path + query,
      headers: { ...(body && { "Content-Type": "application/json" }), ...more },
      ...(body && { body }),
      caller,
      route,
    }))
}

/** Where writes meet; a fuzz that rarely got there would prove little. */
const BUSY = ["POST /api/votes/live", "POST /api/sessions/:id/games", "POST /api/sessions"]

export const wishes: fc.Arbitrary<Wish> = fc.oneof(...[...ROUTES, ...BUSY, ...BUSY].map(wishesFor))
