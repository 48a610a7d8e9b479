/** The event log, the socket, health and pages as the documents describe them. */
import * as v from "valibot"
import { eventPage } from "../http/events.ts"
import type { PresentSocket } from "../live-presence.ts"
import { event } from "../server-messages.ts"
import * as examples from "./examples.ts"
import * as messages from "./messages.ts"
import {
  type Answer,
  answerOf,
  asJson,
  count,
  type Descriptions,
  gives,
  id,
  moment,
  named,
  saying,
  text,
  UNCHANGED,
} from "./parts.ts"

const page = v.strictObject({
  epoch: text,
  events: v.array(named("Event", event)),
  next: count,
  recovered: v.optional(v.literal(false)),
})

const present = named(
  "PresentSocket",
  answerOf<PresentSocket>()(
    v.strictObject({
      name: text,
      role: v.picklist(["viewer", "bot", "host", "admin"]),
      since: moment,
      silent_seconds: count,
      lag_bytes: count,
      sessions: v.array(id),
    }),
  ),
)

const health = (message: string) =>
  gives("It is well.", v.strictObject({ status: v.literal("ok"), message: saying(message) }), {
    status: "ok",
    message,
  })

const embedded = (description: string, content: Answer["content"]) => ({
  200: { description, headers: ["ETag"] as const, ...(content && { content }) },
  ...UNCHANGED,
})

export const serviceDescriptions: Descriptions = {
  "GET /api/events": {
    id: "events.since",
    tag: "Events",
    summary: "Read the event log, oldest first",
    description:
      "One page of JSON; ask again with `since` set to its `next`. With `Accept: text/event-stream` or `application/x-ndjson` the answer stays open and sends what comes. `since` is a `seq`, a moment, or a duration such as `10m`; without it a page begins with the oldest event, a stream with what comes next. `recovered` is false where events after `since` are gone. The token of a viewer may stand in the query as `token`, since a browser's EventSource cannot send headers.",
    query: eventPage,
    heeds: ["Accept", "Last-Event-ID"],
    answers: {
      200: {
        description: "A page, or a stream.",
        content: {
          ...asJson(page, messages.eventPage),
          "text/event-stream": { schema: text },
          "application/x-ndjson": { schema: text },
        },
      },
    },
    problems: ["rate_limited"],
  },
  "GET /api/sessions/live": {
    id: "live.open",
    tag: "Events",
    summary: "Open the live socket",
    description: "A WebSocket handshake (RFC 6455). The messages are described in `/api/asyncapi.json`.",
    answers: { 101: { description: "The socket is open.", headers: ["Upgrade"] } },
    problems: ["upgrade_required", "invalid_input", "too_large"],
  },
  "GET /api/sockets": {
    id: "live.present",
    tag: "Events",
    summary: "See who is connected to the live socket",
    description:
      "`lag_bytes` waits for a reader that is behind, and `silent_seconds` have passed since anything came from it.",
    answers: gives("Those that said who they are, in the order they came.", v.array(present), [
      examples.presentSocket,
    ]),
  },
  "GET /health": {
    id: "health.read",
    tag: "Service",
    summary: "Ask whether the service runs",
    answers: health("gamenight is running"),
  },
  "GET /health/live": {
    id: "health.live",
    tag: "Service",
    summary: "The same for those that ask for liveness",
    answers: health("gamenight is running"),
  },
  "GET /health/ready": {
    id: "health.ready",
    tag: "Service",
    summary: "Ask whether the database takes writes",
    description: "It makes one to find out.",
    answers: health("gamenight is ready"),
    problems: ["disk_full"],
  },
  "GET /docs": {
    id: "pages.docs",
    tag: "Service",
    summary: "These descriptions as a page",
    heeds: ["If-None-Match"],
    answers: embedded("The page.", { "text/html": { schema: text } }),
  },
  "GET /api/openapi.json": {
    id: "documents.openapi",
    tag: "Service",
    summary: "The HTTP API as OpenAPI 3.1",
    heeds: ["If-None-Match"],
    answers: embedded("The document.", asJson(v.looseObject({ openapi: text }))),
  },
  "GET /api/asyncapi.json": {
    id: "documents.asyncapi",
    tag: "Service",
    summary: "The live socket as AsyncAPI 3.0",
    heeds: ["If-None-Match"],
    answers: embedded("The document.", asJson(v.looseObject({ asyncapi: text }))),
  },
}
