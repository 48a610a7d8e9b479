/** Frames of the live socket: text in, parsed once; messages out, written once. */
import * as v from "valibot"
import { type ClientMessage, clientMessage, LIMITS } from "./protocol.ts"
import type { ServerMessage } from "./server-messages.ts"

type Parsed = { ok: true; message: ClientMessage } | { ok: false; reason: string }

const types = new Set<unknown>(clientMessage.options.map((option) => option.entries.type.literal))

/** Reads one text frame. The reason of a refusal names the member that is wrong. */
export function parseFrame(text: string): Parsed {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, reason: "Cannot read the message: it is not JSON" }
  }
  const result = v.safeParse(clientMessage, json)
  if (result.success) return { ok: true, message: result.output }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { ok: false, reason: "Cannot read the message: it is not an object" }
  }
  const type = Reflect.get(json, "type")
  if (!types.has(type)) {
    return { ok: false, reason: `Cannot read the message: type must be one of ${[...types].join(", ")}` }
  }
  return { ok: false, reason: `Cannot handle ${type}: sessionId must be a whole number above 0` }
}

export const serverFrame = (message: ServerMessage): string => JSON.stringify(message)

/** A token bucket for the messages of one socket: true while there is some left. */
export function refillingAllowance(clock: () => number = () => performance.now()): () => boolean {
  const perMs = LIMITS.messagesPerMinute / 60_000
  let left: number = LIMITS.messageBurst
  let at = clock()
  return () => {
    const time = clock()
    left = Math.min(LIMITS.messageBurst, left + (time - at) * perMs)
    at = time
    if (left < 1) return false
    left--
    return true
  }
}

/** Whether `text` takes more than `bytes` in UTF-8, counted only where its length leaves a doubt. */
export function isLonger(text: string, bytes: number): boolean {
  if (text.length > bytes) return true
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes
}
