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
  replayBatch: 300,
  socketsBeforeAuth: 64,
  socketsBeforeAuthPerAddress: 8,
  socketsPerAddress: 50,
  socketsPerToken: 20,
} as const

export const CLOSE = {
  binaryFrame: 1003,
  frameTooLarge: 1009,
  restarting: 1012,
  nonsense: 4400,
  tokenRefused: 4401,
  authTimeout: 4408,
  tokenExpired: 4410,
  tooMany: 4429,
} as const

export const sessionId = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** A moment as every message carries it. */
export const isoTime = v.pipe(v.string(), v.isoTimestamp())

/** A place in the event log: the `seq` of the last event that is known. */
export const cursor = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** Asks for numbered events; with `epoch` and `seq` also for those missed since, of `sessions` and of everyone. */
const resume = v.object({
  epoch: v.optional(v.pipe(v.string(), v.maxLength(64))),
  seq: v.optional(cursor),
  sessions: v.optional(v.pipe(v.array(sessionId), v.maxLength(LIMITS.subscriptions)), []),
})
export type Resume = v.InferOutput<typeof resume>

/** What a client may send, told apart by `type`. */
export const clientMessage = v.variant("type", [
  v.object({
    type: v.literal("auth"),
    token: v.optional(v.unknown()),
    resume: v.optional(resume),
    follow: v.optional(v.boolean(), false),
  }),
  v.object({ type: v.literal("subscribe"), sessionId, since: v.optional(cursor) }),
  v.object({ type: v.literal("unsubscribe"), sessionId }),
  v.object({ type: v.literal("ping") }),
])
/** As the server reads it. */
export type ClientMessage = v.InferOutput<typeof clientMessage>
export type Message<T extends ClientMessage["type"]> = Extract<ClientMessage, { type: T }>
/** As a client writes it. */
export type OutgoingMessage = v.InferInput<typeof clientMessage>

/** Heard by every authenticated socket. */
export const EVERYONE = "everyone"

/** Heard by the subscribers of one session. */
export const sessionTopic = (id: number): string => `session/${id}`

/** The topic an event is published on: `session.started` goes to everyone, the rest to the session's subscribers. */
export const topicOf = (type: GameNightEvent["type"], session: number): string =>
  type === "session.started" ? EVERYONE : sessionTopic(session)

/** Told only to sockets whose events carry `seq`: a client of the seeds hears nothing that the seeds do not know. */
export const ONLY_NUMBERED: readonly GameNightEvent["type"][] = ["game.changed", "game.removed"]

/** The twin of a topic, for sockets whose events carry `seq`. */
export const numbered = (topic: string): string => `${topic}/seq`

/** The frame of an event as those sockets get it: the same members, and `seq` at the end. */
export const numberedFrame = (seq: number, frame: string): string => `${frame.slice(0, -1)},"seq":${seq}}`
