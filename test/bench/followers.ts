/** A process full of followers, told what to do by the one that started it; `audience.ts` is the other end. */
import { OPCODE } from "../support/light-socket.ts"
import { DIALECTS, type DialectName } from "./dialects.ts"
import { type Follower, openFollower, type Way } from "./follower.ts"
import { milliseconds } from "./statistics.ts"
import { createStream } from "./stream.ts"

export type Order =
  | { do: "open"; way: Way; count: number }
  /** So many events are about to come to every follower. */
  | { do: "expect"; events: number }

export type Word =
  | { said: "opened" | "expecting" }
  /** Every follower has heard what was expected, the last one at this moment of the shared clock. */
  | { said: "heard"; at: number }
  | { said: "failed"; why: string }

type Heard = { type: string; data: { totals: { upvotes: number } } }

/** Followers on their way in at once. */
const AT_ONCE = 50

const followers: Follower[] = []
let dialect: DialectName = "plain"
let upvotes: number | undefined
let expected = 0
let behind = 0

const say = (word: Word) => void process.send?.(word)
const fail = (error: unknown) =>
  say({ said: "failed", why: error instanceof Error ? error.message : String(error) })

const stream = createStream({
  event(text) {
    const { type, data } = DIALECTS[dialect].event(text) as Heard
    const now = data.totals.upvotes
    if (type !== "vote.received" || (upvotes !== undefined && now !== upvotes + 1)) {
      throw new Error(`The event after vote ${upvotes} is not the next vote: ${text}`)
    }
    upvotes = now
  },
  control(reader, opcode, payload) {
    const follower = followers.find((one) => one.reader === reader)
    if (opcode === OPCODE.ping) follower?.send(OPCODE.pong, payload)
    if (opcode === OPCODE.close) throw new Error(`A follower was cut with ${payload.readUInt16BE(0)}`)
  },
})

process.on("message", (order: Order) => {
  if (order.do === "open") void open(order.way, order.count).catch(fail)
  else expect(order.events)
})
process.on("disconnect", () => process.exit())

async function open(way: Way, count: number): Promise<void> {
  dialect = way.dialect
  let left = count
  const closed = () => fail("A follower lost its connection")
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      while (left-- > 0) followers.push(await openFollower(way, { data, closed }))
    }),
  )
  say({ said: "opened" })
}

function expect(events: number): void {
  expected = events
  behind = followers.length
  say({ said: "expecting" })
}

function data({ reader }: Follower, chunk: Buffer): void {
  const from = reader.at
  try {
    stream.take(reader, chunk)
  } catch (error) {
    return fail(error)
  }
  const end = stream.endOf(expected)
  if (end === undefined || reader.at < end || from >= end) return
  if (--behind > 0) return
  say({ said: "heard", at: milliseconds() })
  if (followers.some((one) => one.reader.at !== stream.length())) return fail("More came than was expected")
  stream.begin()
  for (const one of followers) one.reader.at = 0
}
