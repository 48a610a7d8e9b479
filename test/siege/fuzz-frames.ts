/** Frames of every kind on the live socket: each gets one answer that the protocol knows, or ends in a known close. */
import fc from "fast-check"
import * as v from "valibot"
import { CLOSE, clientMessage, LIMITS } from "../../src/protocol.ts"
import { event, serverMessage } from "../../src/server-messages.ts"
import type { Command } from "../conformance/night.ts"
import { newSeed } from "../crash/random.ts"
import { type LightSocket, openLight } from "../support/light-socket.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { within } from "../support/server.ts"
import { atLeast, none } from "./figures.ts"
import { holdUntil } from "./holding.ts"
import { openSiege, type SiegeNight } from "./night.ts"
import { jsonTexts } from "./shapes.ts"

/** Frames written at once; the service lets this many wait behind one that takes time. */
const IN_FLIGHT = LIMITS.waitingMessages
/** Sockets open at once. */
const WORKERS = 16

const EVENTS = new Set<string>(event.options.map((option) => option.entries.type.literal))
const CODES = new Set<number>(Object.values(CLOSE))

/** What a run that reaches every corner of the protocol hears. */
const KINDS = [
  ...["auth_success", "auth_error", "subscribed", "unsubscribed", "pong"],
  ...["invalid_message", "unauthenticated", "session_not_found", "closed 4401", "closed 1009"],
]

type Conversation = { auth: "none" | "plain" | "resume" | "follow"; token: number; frames: string[] }

const padded = fc
  .integer({ min: LIMITS.frameBytesBeforeAuth - 40, max: LIMITS.frameBytes + 40 })
  .map((length) => JSON.stringify({ type: "ping", more: "x".repeat(length) }))

const conversations: fc.Arbitrary<Conversation> = fc.record({
  auth: fc.constantFrom("none", "plain", "plain", "resume", "follow"),
  token: fc.nat(3),
  frames: fc.array(
    fc.oneof(
      { weight: 300, arbitrary: jsonTexts(clientMessage) },
      { weight: 60, arbitrary: fc.constant('{"type":"ping"}') },
      { weight: 1, arbitrary: padded },
    ),
    { minLength: 1, maxLength: 100, size: "max" },
  ),
})

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const night = await openSiege(command)
  const seed = newSeed()
  log(`TORTURE_SEED=${seed}`)
  let frames = 0
  const heard = new Map<string, number>()
  const failures = await holdUntil(() => frames >= count, {
    seed,
    workers: WORKERS,
    cases: conversations,
    tell: ({ auth, frames }) => `auth ${auth}, then ${frames.join(" ")}`,
    async holds(conversation) {
      const sent = await talk(night, conversation, (kind) => heard.set(kind, (heard.get(kind) ?? 0) + 1))
      frames += sent
    },
  })
  log(`heard ${[...heard].map(([kind, times]) => `${kind} ${times}x`).join(", ")}`)
  return [
    none("broken conversations", failures),
    none("defects of the service", await night.end()),
    none(
      "answers never heard",
      KINDS.filter((kind) => !heard.has(kind)),
    ),
    atLeast("frames", frames, count),
  ]
}

/** Sends the frames a window at a time. Throws where an answer is missing, one too many, or not of the protocol. */
async function talk(
  night: SiegeNight,
  { auth, token, frames }: Conversation,
  onHeard: (kind: string) => void,
): Promise<number> {
  const talk = await join(night, onHeard)
  const { token: right } = night.viewer
  if (auth !== "none") {
    const more = { plain: {}, resume: { resume: {} }, follow: { resume: {}, follow: true } }[auth]
    await talk.ask([JSON.stringify({ type: "auth", token: right, ...more })])
  }
  let sent = 0
  while (sent < frames.length && talk.closed() === undefined) {
    const window = frames.slice(sent, sent + IN_FLIGHT)
    await talk.ask(
      window.map((frame) => frame.replace('"ann"', token === 0 ? JSON.stringify(right) : '"ann"')),
    )
    sent += window.length
  }
  if (talk.closed() === undefined) await talk.ask(['{"type":"ping"}'], talk.isIn() ? "pong" : "error")
  talk.leave()
  return sent
}

async function join({ server }: SiegeNight, onHeard: (kind: string) => void) {
  const wrong: string[] = []
  let code: number | undefined
  let answers = 0
  let last = ""
  let isIn = false
  let left = false
  let wake = () => {}
  const socket: LightSocket = await openLight(server, {
    onText(text) {
      const message: unknown = JSON.parse(text)
      if (!v.is(serverMessage, message)) return void wrong.push(`not of the protocol: ${text}`)
      if (/undefined|\[object|Internal/.test(String(Reflect.get(message, "message") ?? ""))) wrong.push(text)
      onHeard(message.type === "error" ? message.code : message.type)
      if (EVENTS.has(message.type)) return
      answers++
      last = message.type
      if (last === "auth_success") isIn = true
      wake()
    },
  })
  void socket.closed.then((given) => {
    code = given
    if (!left) onHeard(`closed ${given}`)
    wake()
  })
  return {
    leave() {
      left = true
      socket.reset()
    },
    closed: () => code,
    isIn: () => isIn,
    async ask(texts: readonly string[], type?: string) {
      const wanted = answers + texts.length
      const done = () => answers >= wanted || code !== undefined
      socket.send(...texts)
      while (!done()) await within<void>(`${wanted - answers} answers to ${texts}`, (now) => (wake = now))
      if (answers > wanted) wrong.push(`${answers - wanted} answers too many to ${texts}`)
      if (code !== undefined && !isExpected(code, texts)) wrong.push(`closed with ${code} after ${texts}`)
      if (code === undefined && type && last !== type) wrong.push(`${last} instead of ${type}`)
      if (wrong.length > 0) throw new Error(wrong.join("\n"))
    },
  }
}

/** A frame above the limit may cost the connection before its close frame is out. */
const isExpected = (code: number, texts: readonly string[]): boolean =>
  CODES.has(code) || (code === 1006 && texts.some((text) => Buffer.byteLength(text) > LIMITS.frameBytes))

export const scenario: Scenario = {
  name: "fuzz-frames",
  promise: "1 M fuzzed frames: no crash, no defect in the log, every frame answered or a documented close",
  short: 20_000,
  long: 1_000_000,
  run: ({ count, log }) => run(COMPILED, count, log),
}
