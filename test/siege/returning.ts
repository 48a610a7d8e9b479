/** A follower that leaves in every way there is, comes back where it was, and keeps a print of all it heard. */
import type { Body } from "../support/api.ts"
import { type LightSocket, openLight } from "../support/light-socket.ts"
import type { SiegeNight } from "./night.ts"

/**
 * `follows` leaves the sessions to the server. `names` tells them itself: when one starts it breaks off and comes back
 * with that one among them, since what it hears of a session it did not name is not whole.
 */
export type Manner = "follows" | "names"
export const LEAVES = ["close", "reset", "half-open", "slow", "at once"] as const
export type Leave = (typeof LEAVES)[number]

export type Returning = {
  /** Comes in, hears for so long, and leaves this way. */
  visit(leave: Leave, ms: number): Promise<void>
  /** Comes in until it has heard everything up to now, and says where its stream is not the log. */
  verdict(events: readonly Body[]): Promise<string[]>
}

/** As many as can be told, less some. */
const SESSIONS_NAMED = 100
/** Connections left behind without a word; the oldest is reset when there are more. */
const LEFT_OPEN = 3
const SLOW_MS = 150

type Line = {
  socket: LightSocket
  /** What was sent is answered, or the line broke off. */
  isIn: Promise<unknown>
  caughtUp: Promise<unknown>
  readonly brokeOff: boolean
  leave(): void
}

const printOf = (text: string): number | bigint => Bun.hash(text)

export function createReturning({ server, viewer }: SiegeNight, manner: Manner): Returning {
  const heard: (number | bigint)[] = []
  const problems: string[] = []
  const leftOpen: LightSocket[] = []
  let place: { epoch: string; seq: number; sessions: number[] } | undefined
  let start = 0

  function enter({ epoch, seq, recovered, active_session }: Body): void {
    if (place && recovered !== true) problems.push(`could not come back to seq ${place.seq}`)
    if (place) return
    start = seq
    place = { epoch, seq, sessions: active_session ? [active_session.id] : [] }
  }

  /** Keeps one event; true if it tells of a session that must be named. */
  function hear({ type, seq, data }: Body, text: string): boolean {
    if (!place) return false
    if (seq <= place.seq) problems.push(`heard seq ${seq} after ${place.seq}`)
    place.seq = seq
    heard.push(printOf(text))
    if (type !== "session.started") return false
    place.sessions = [...place.sessions, data.session.id].slice(-SESSIONS_NAMED)
    return manner === "names"
  }

  async function open(): Promise<Line> {
    let left = false
    let brokeOff = false
    const entered = Promise.withResolvers<void>()
    const ponged = Promise.withResolvers<void>()
    const breakOff = () => {
      left = true
      brokeOff = true
      entered.resolve()
      ponged.resolve()
    }
    // One that names sessions and never was here knows of none before it is in.
    const mustComeAgain = manner === "names" && !place
    const socket = await openLight(server, {
      onText(text) {
        if (left) return
        const message: Body = JSON.parse(text)
        if (message.type === "error") problems.push(`was told ${text}`)
        else if (message.type === "pong") ponged.resolve()
        else if (message.type === "auth_success") {
          enter(message)
          entered.resolve()
          if (mustComeAgain) breakOff()
        } else if (hear(message, text)) breakOff()
      },
    })
    void socket.closed.then(breakOff)
    const auth = { type: "auth", token: viewer.token, resume: place ?? {}, follow: manner === "follows" }
    socket.send(JSON.stringify(auth), '{"type":"ping"}')
    return {
      socket,
      isIn: entered.promise,
      caughtUp: ponged.promise,
      get brokeOff() {
        return brokeOff
      },
      leave() {
        left = true
      },
    }
  }

  return {
    async visit(leave, ms) {
      const { socket, isIn, leave: forget } = await open()
      if (!place || leave !== "at once") await isIn
      if (leave === "slow") {
        socket.pause()
        await Bun.sleep(SLOW_MS)
        socket.resume()
      }
      if (leave !== "at once") await Bun.sleep(ms)
      forget()
      if (leave === "close") return socket.close()
      if (leave !== "half-open") return socket.reset()
      socket.pause()
      leftOpen.push(socket)
      if (leftOpen.length > LEFT_OPEN) leftOpen.shift()?.reset()
    },

    async verdict(events) {
      let line = await open()
      for (await line.caughtUp; line.brokeOff; await line.caughtUp) {
        line.socket.reset()
        line = await open()
      }
      line.leave()
      for (const socket of [line.socket, ...leftOpen]) socket.reset()
      const wanted = events.filter(({ seq }) => seq > start).map((event) => printOf(JSON.stringify(event)))
      const differs = wanted.findIndex((print, i) => print !== heard[i])
      if (differs >= 0 || heard.length !== wanted.length) {
        problems.push(`heard ${heard.length} events of ${wanted.length}, another one first at ${differs}`)
      }
      return problems.map((problem) => `one that ${manner} ${problem}`)
    },
  }
}
