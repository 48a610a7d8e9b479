/**
 * The live socket as clients meet it: what they may send, the topics they hear, the limits and the close codes.
 *
 * Sources: the session.started and session.ended documents of the Jackbox Game Picker API for the messages; RFC 6455
 * section 7.4.2 for the range of the close codes.
 */
import * as v from "valibot"
import type { GameNightEvent } from "./server-messages.ts"

export const SOCKET_PATH = "/api/sessions/live"

/** Sizes in bytes, times in milliseconds, rates per second unless the name says otherwise. */
export const LIMITS = {
  frameBytes: 64 * 1024,
  frameBytesBeforeAuth: 8 * 1024,
  authWithinMs: 10_000,
  pingEveryMs: 25_000,
  silentAfterMs: 90_000,
  clockToleranceSeconds: 30,
  subscriptions: 128,
  messageBurst: 30,
  messagesPerMinute: 120,
  waitingMessages: 16,
  invalidMessages: 20,
  writeBufferBytes: 64 * 1024,
  socketsBeforeAuth: 64,
  socketsBeforeAuthPerAddress: 8,
  socketsPerAddress: 50,
  socketsPerToken: 20,
} as const

export const CLOSE = {
  goingAway: 1001,
  binaryFrame: 1003,
  frameTooLarge: 1009,
  restarting: 1012,
  nonsense: 4400,
  tokenRefused: 4401,
  authTimeout: 4408,
  tokenExpired: 4410,
  readerTooSlow: 4413,
  tooMany: 4429,
} as const

export const sessionId = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** What a client may send, told apart by `type`. */
export const clientMessage = v.variant("type", [
  v.object({ type: v.literal("auth"), token: v.optional(v.unknown()) }),
  v.object({ type: v.literal("subscribe"), sessionId }),
  v.object({ type: v.literal("unsubscribe"), sessionId }),
  v.object({ type: v.literal("ping") }),
])
export type ClientMessage = v.InferOutput<typeof clientMessage>

/** Heard by every authenticated socket. */
export const EVERYONE = "everyone"

/** Heard by the subscribers of one session. */
export const sessionTopic = (id: number): string => `session/${id}`

/** The topic an event is published on: `session.started` goes to everyone, the rest to the session's subscribers. */
export const topicOf = (type: GameNightEvent["type"], session: number): string =>
  type === "session.started" ? EVERYONE : sessionTopic(session)
