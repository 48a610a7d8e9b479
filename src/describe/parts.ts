/** What descriptions are made of: how a route is described, and the pieces that the answers share. */
import * as v from "valibot"
import type { ErrorCode } from "../errors.ts"

/** A value of a media type. */
export type Content = { schema: v.GenericSchema; example?: unknown }

export type Answer = {
  description: string
  /** By media type; none where the answer has no body. */
  content?: Readonly<Record<string, Content>>
  headers?: readonly HeaderName[]
}

export type Description = {
  /** A verb of the product, such as `sessions.start`. */
  id: string
  tag: Tag
  summary: string
  description?: string
  query?: () => v.GenericSchema
  /** By media type. */
  body?: Readonly<Record<string, Content>>
  /** Takes the header Idempotency-Key. */
  once?: true
  /** Other headers that it heeds. */
  heeds?: readonly HeardHeader[]
  answers: Readonly<Record<number, Answer>>
  /** How it may fail beyond what its access, path, query and body bring along. */
  problems?: readonly ErrorCode[]
}

/** By route, as the table of routes has it: `GET /api/sessions/:id`. */
export type Descriptions = Readonly<Record<string, Description>>

export const TAGS = {
  Sessions: "Nights: opened, closed, put away.",
  "Games of a night": "What is played, in its order.",
  Votes: "Cast live or found in a chat, and counted.",
  "Next game": "Polls in which viewers choose, and the pick that hosts share.",
  Events: "What happened, one page or as it happens. The live socket is described in `/api/asyncapi.json`.",
  Catalogue: "The games that can be played, and the packs they come in.",
  Files: "The whole catalogue as CSV or JSON.",
  Picks: "Games by weighted chance, one or a whole night of them.",
  History: "Past nights as documents, and numbers over all of them.",
  Access: "Logging in, and the tokens of bots and overlays.",
  Webhooks: "Other programs that are told of events over HTTP.",
  Backups: "Copies of the database, made while the service runs.",
  Service: "Health, pages and these descriptions.",
} as const
export type Tag = keyof typeof TAGS

/** Headers of answers that a client can use. */
export const HEADERS = {
  ETag: "Names this state of the answer; send it back in `If-None-Match`.",
  "X-Total-Count": "How many there are in all, whatever the page.",
  Location: "The path of what was made.",
  "Content-Disposition": "A name for the file.",
  "Retry-After": "Seconds to wait before the next try.",
  "WWW-Authenticate": "Always `Bearer`.",
  Allow: "The methods that the path knows.",
  Upgrade: "Always `websocket`.",
} as const
export type HeaderName = keyof typeof HEADERS

/** Headers of requests that only some routes heed. */
export const HEARD_HEADERS = {
  "If-None-Match": "An `ETag` of an answer the client has; while it is the newest the answer is 304.",
  Accept: "Names the media type of the answer where there are several.",
  "Last-Event-ID": "The `seq` of the last event heard; goes before `since`.",
} as const
export type HeardHeader = keyof typeof HEARD_HEADERS

/** A schema that stands under its own name in the document, to be referred to. */
export const named = <S extends v.GenericSchema>(ref: string, schema: S) =>
  v.pipe(schema, v.metadata({ ref }))

/**
 * The schema of an answer, held to the type that the product gives: one that lacks a member or has one more than the
 * other does not compile.
 */
export const answerOf =
  <T>() =>
  <S extends v.GenericSchema<unknown, T>>(
    schema: S & ([T] extends [v.InferOutput<S>] ? unknown : never),
  ): S =>
    schema

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
export const moment = v.pipe(v.string(), v.isoTimestamp(), v.regex(MOMENT))
export const whole = v.pipe(v.number(), v.integer())
export const count = v.pipe(whole, v.minValue(0))
export const id = v.pipe(whole, v.minValue(1))
export const flag = v.picklist([0, 1])
export const text = v.string()
export const textOrNull = v.nullable(v.string())
export const countOrNull = v.nullable(count)

const JSON_TYPE = "application/json"

export const asJson = (schema: v.GenericSchema, example?: unknown) => ({
  [JSON_TYPE]: { schema, ...(example !== undefined && { example }) },
})

/** 200 with JSON. */
export const gives = (
  description: string,
  schema: v.GenericSchema,
  example?: unknown,
  ...headers: HeaderName[]
): { 200: Answer } => ({ 200: { description, content: asJson(schema, example), headers } })

/** 201 with JSON. */
export const makes = (
  description: string,
  schema: v.GenericSchema,
  example: unknown,
  ...headers: HeaderName[]
): { 201: Answer } => ({ 201: { description, content: asJson(schema, example), headers } })

/** 304 beside the answer that it stands for. */
export const UNCHANGED: { 304: Answer } = {
  304: { description: "Nothing changed since.", headers: ["ETag"] },
}

export const NOTHING: { 204: Answer } = { 204: { description: "Done." } }

/** Answers that say in words what was done. */
export const saying = <const T extends string>(message: T) => v.literal(message)
