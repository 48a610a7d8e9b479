/** Webhooks as the documents describe them. */
import * as v from "valibot"
import { EVENT_TYPES } from "../http/events.ts"
import { newWebhook, webhookChange, webhookLog } from "../http/webhooks.ts"
import type { Delivery, Webhook } from "../webhooks.ts"
import {
  answerOf,
  asJson,
  count,
  countOrNull,
  type Descriptions,
  gives,
  id,
  makes,
  moment,
  NOTHING,
  named,
  text,
  textOrNull,
} from "./parts.ts"

const webhook = named(
  "Webhook",
  answerOf<Webhook>()(
    v.strictObject({
      id,
      name: text,
      url: text,
      events: v.array(v.picklist(EVENT_TYPES)),
      enabled: v.boolean(),
      created_at: moment,
    }),
  ),
)

const delivery = named(
  "Delivery",
  answerOf<Delivery>()(
    v.strictObject({
      id,
      webhook_id: id,
      event: text,
      seq: countOrNull,
      attempt: count,
      status: countOrNull,
      error: textOrNull,
      duration_ms: count,
      created_at: moment,
    }),
  ),
)

const wish = {
  name: "House bot",
  url: "http://localhost:3001/gamenight",
  events: ["session.started", "game.added"],
  enabled: true,
} satisfies Partial<Webhook>

const example = { id: 1, ...wish, created_at: "2025-10-31T18:00:00.000Z" } as const

const taken = {
  id: 12,
  webhook_id: 1,
  event: "game.added",
  seq: 417,
  attempt: 2,
  status: 200,
  error: null,
  duration_ms: 38,
  created_at: "2025-11-01T20:10:01.412Z",
} satisfies Delivery

const failed = {
  ...taken,
  id: 11,
  attempt: 1,
  status: 503,
  error: "Cannot deliver: the receiver answered 503",
  created_at: "2025-11-01T20:10:00.320Z",
} satisfies Delivery

const tested = { ...taken, id: 13, event: "webhook.test", seq: null, attempt: 1 } satisfies Delivery

export const webhookDescriptions: Descriptions = {
  "GET /api/webhooks": {
    id: "webhooks.list",
    tag: "Webhooks",
    summary: "List the webhooks",
    description: "Without their secrets, as everywhere.",
    answers: gives("The webhooks, in the order they were made.", v.array(webhook), [example]),
  },
  "POST /api/webhooks": {
    id: "webhooks.add",
    tag: "Webhooks",
    summary: "Send events to a receiver",
    description: "It is told of what happens from now on. The secret signs each message.",
    body: asJson(newWebhook(), { ...wish, secret: "a secret that both know" }),
    once: true,
    answers: makes("It is made.", webhook, example, "Location"),
  },
  "GET /api/webhooks/:id": {
    id: "webhooks.get",
    tag: "Webhooks",
    summary: "Read one webhook",
    answers: gives("The webhook.", webhook, example),
    problems: ["not_found"],
  },
  "PATCH /api/webhooks/:id": {
    id: "webhooks.change",
    tag: "Webhooks",
    summary: "Change a webhook",
    description:
      "What the body does not name stays. One that is turned on is told of what happens from then on; events from before are not sent.",
    body: asJson(webhookChange(), { enabled: false }),
    answers: gives("The webhook as it is now.", webhook, { ...example, enabled: false }),
    problems: ["not_found"],
  },
  "DELETE /api/webhooks/:id": {
    id: "webhooks.remove",
    tag: "Webhooks",
    summary: "Remove a webhook with its log",
    answers: NOTHING,
    problems: ["not_found"],
  },
  "POST /api/webhooks/test/:id": {
    id: "webhooks.test",
    tag: "Webhooks",
    summary: "Send a test message now",
    description:
      "It is 200 whatever the receiver did: `status` is what it answered, null if it did not, and `error` says why the message was not taken. It works for one that is turned off, too.",
    once: true,
    answers: gives("What became of it.", delivery, tested),
    problems: ["not_found"],
  },
  "GET /api/webhooks/:id/logs": {
    id: "webhooks.logs",
    tag: "Webhooks",
    summary: "Read what became of the messages",
    description: "Each try is a line. The newest 200 are kept.",
    query: webhookLog,
    answers: gives("The lines, the newest first.", v.array(delivery), [taken, failed]),
    problems: ["not_found"],
  },
}
