/** Frames of the live socket: text in, parsed once; messages out, written once. */
import * as v from "valibot"
import { type ClientMessage, clientMessage } from "./protocol.ts"
import type { ServerMessage } from "./server-messages.ts"

type Parsed = { ok: true; message: ClientMessage } | { ok: false; reason: string }

/** By its type at once: a variant of valibot tries one after the other, and allocates with each. */
const schemas = new Map<unknown, (typeof clientMessage.options)[number]>(
  clientMessage.options.map((option) => [option.entries.type.literal, option]),
)

/** What the members of the messages are, for those who sent something else. */
const MUST_BE: Readonly<Record<string, string>> = {
  sessionId: "must be a whole number above 0",
  since: "must be a whole number, 0 or more",
  follow: "must be true or false",
  resume: "must be as in {}, or {epoch, seq, sessions} with a text, a whole number and a list of ids",
}

/** Reads one text frame. The reason of a refusal names the member that is wrong. */
export function parseFrame(text: string): Parsed {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, reason: "Cannot read the message: it is not JSON" }
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { ok: false, reason: "Cannot read the message: it is not an object" }
  }
  const type = Reflect.get(json, "type")
  const schema = schemas.get(type)
  if (!schema) {
    return {
      ok: false,
      reason: `Cannot read the message: type must be one of ${[...schemas.keys()].join(", ")}`,
    }
  }
  const result = v.safeParse(schema, json)
  if (result.success) return { ok: true, message: result.output }
  const path = v.getDotPath(result.issues[0])
  return { ok: false, reason: `Cannot handle ${type}: ${path} ${MUST_BE[path?.split(".").at(0) ?? ""]}` }
}

export const serverFrame = (message: ServerMessage): string => JSON.stringify(message)

/** Whether `text` takes more than `bytes` in UTF-8, counted only where its length leaves a doubt. */
export function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes
}
