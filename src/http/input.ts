/** Everything that comes from outside passes through here once: bodies, path ids, query strings, texts. */
import * as v from "valibot"
import { CONTROL, CONTROL_BUT_LINES } from "../control-characters.ts"
import { AppError, type FieldError } from "../errors.ts"
import type { HttpContext } from "./context.ts"

/** Largest JSON body in bytes. */
export const JSON_BODY_BYTES = 64 * 1024
/** Deepest nesting of a JSON body. */
const JSON_DEPTH = 16

/** One line of text, trimmed, at most `most` characters. */
export const line = (most: number) =>
  v.pipe(
    v.string(),
    v.check((text) => text.isWellFormed(), "Must be well-formed Unicode"),
    v.check((text) => !CONTROL.test(text), "Must not hold control characters"),
    v.trim(),
    v.maxLength(most, `Must have ${most} characters at most`),
  )

/** Text of several lines, trimmed, at most `most` characters. */
export const paragraph = (most: number) =>
  v.pipe(
    v.string(),
    v.check((text) => text.isWellFormed(), "Must be well-formed Unicode"),
    v.check((text) => !CONTROL_BUT_LINES.test(text), "Must not hold control characters"),
    v.trim(),
    v.maxLength(most, `Must have ${most} characters at most`),
  )

/** A list; one that is too long is not gone through. */
export const listOf = <T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(
    v.custom<unknown[]>(Array.isArray, "Must be an array"),
    v.maxLength(most, `Must have ${most} entries at most`),
    v.array(item),
  )

/** A text that stands for nothing when empty. */
export const orNull = (schema: v.GenericSchema<string, string>) =>
  v.pipe(
    v.nullish(schema, null),
    v.transform((text) => text || null),
  )

export const rowId = () =>
  v.pipe(v.number(), v.safeInteger("Must be a whole number"), v.minValue(1, "Must be 1 or more"))

/** A JSON boolean, or 0 and 1 as rows carry them. */
export const booleanish = () =>
  v.union(
    [
      v.boolean(),
      v.pipe(
        v.picklist([0, 1]),
        v.transform((flag) => flag === 1),
      ),
    ],
    "Must be true or false",
  )

/** Milliseconds since 1970 of an ISO 8601 time with its offset; undefined for any other and for 30 February. */
export function momentIn(text: string): number | undefined {
  if (!v.ISO_TIMESTAMP_REGEX.test(text)) return undefined
  const day = text.slice(0, 10)
  const midnight = Date.parse(day)
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
  const ms = exists ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

export const moment = () =>
  v.pipe(
    v.string(),
    v.trim(),
    v.transform(momentIn),
    v.number("Must be an ISO 8601 time of the calendar with an offset, such as 2025-11-01T20:00:00.123Z"),
    v.check((ms) => ms >= 0 && ms < 253_402_300_800_000, "Must be a moment between the years 1970 and 9999"),
  )

/** A moment as the database writes it; of a day alone (in UTC) its first or its last. */
export const dayOrMoment = (end: "first" | "last") =>
  v.pipe(
    v.string(),
    v.trim(),
    v.transform((text) => momentIn(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}${DAY_ENDS[end]}` : text)),
    v.number("Must be a day such as 2025-11-01, or an ISO 8601 time with an offset"),
    v.transform((ms) => new Date(ms).toISOString()),
  )

const DAY_ENDS = { first: "T00:00:00.000Z", last: "T23:59:59.999Z" } as const

export const queryNumber = (least: number, most: number) => {
  const message = `Must be a whole number from ${least} to ${most}`
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, message),
    v.transform(Number),
    v.minValue(least, message),
    v.maxValue(most, message),
  )
}

/** A whole number in a JSON body. */
export const wholeNumber = (least: number, most: number) => {
  const message = `Must be a whole number from ${least} to ${most}`
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message))
}

export const queryFlag = () =>
  v.pipe(
    v.picklist(["true", "false", "1", "0"], "Must be true or false"),
    v.transform((text) => text === "true" || text === "1"),
  )

/** A schema that is built when the first request needs it: together they would cost a start a millisecond. */
export function lazily<T>(build: () => T): () => T {
  let built: T | undefined
  return () => {
    built ??= build()
    return built
  }
}

const pathId = lazily(() => queryNumber(1, Number.MAX_SAFE_INTEGER))

/** Throws `invalid_input` that names every field in the way. */
export function parse<T>(schema: v.GenericSchema<unknown, T>, input: unknown, what: string): T {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const errors = fieldErrors(result.issues)
  const first = errors[0]
  const where = first?.path ? `${first.path}: ${first.message}` : first?.message
  throw new AppError("invalid_input", `Cannot read the ${what}: ${where}`, { errors })
}

export const fieldErrors = (issues: readonly v.BaseIssue<unknown>[]): FieldError[] =>
  issues.map((issue) => ({ path: v.getDotPath(issue) ?? "", message: sayWhy(issue) }))

/** The schema's own words, or plain ones where valibot would speak of its types. */
function sayWhy({ kind, type, received, message }: v.BaseIssue<unknown>): string {
  if (kind !== "schema" || !message.startsWith("Invalid ")) return message
  if (received === "undefined") return "Is required"
  return `Must be ${type === "object" || type === "array" ? "an" : "a"} ${type}`
}

export const idIn = (c: HttpContext, name = "id"): number =>
  parse(v.object({ [name]: pathId() }), { [name]: c.req.param(name) }, "path")[name] as number

export const query = <T>(c: HttpContext, schema: () => v.GenericSchema<unknown, T>): T =>
  parse(schema(), c.req.query(), "query")

/** Reads a JSON body; an empty one is `{}`. Throws `invalid_input` and `unsupported_media_type`. */
export async function body<T>(c: HttpContext, schema: () => v.GenericSchema<unknown, T>): Promise<T> {
  const json = await jsonBody(c)
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new AppError("invalid_input", "Cannot read the body: it is not a JSON object")
  }
  return parse(schema(), json, "body")
}

/** The value in a JSON body. Throws as `body` does. */
export async function jsonBody(c: HttpContext): Promise<unknown> {
  const bytes = await c.req.arrayBuffer()
  if (bytes.byteLength === 0) return {}
  const type = c.req.header("content-type")
  if (type !== undefined && !/^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(type)) {
    throw new AppError("unsupported_media_type", `Cannot read the body: send application/json, not ${type}`)
  }
  return parseJson(bytes)
}

function parseJson(bytes: ArrayBuffer): unknown {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new AppError("invalid_input", "Cannot read the body: it is not JSON in UTF-8")
  }
  if (isDeeper(json, JSON_DEPTH)) {
    throw new AppError("invalid_input", `Cannot read the body: it is nested deeper than ${JSON_DEPTH}`)
  }
  return json
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false
  if (levels === 0) return true
  return Object.values(value).some((member) => isDeeper(member, levels - 1))
}
