/**
 * Follows the night over every loss of the connection: it resumes where it was, so that no event is missed and none
 * comes twice. It runs wherever `WebSocket` exists.
 */
import type { ActiveSession, GameNightEvent } from "../server-messages.ts"
import { ConnectionClosed, connect, type LiveClient } from "./connect.ts"

/** `waiting` between two tries, `stopped` where no token is left to try with. */
export type FollowState = "connecting" | "live" | "waiting" | "stopped"

export type FollowOptions = {
  /** Such as ws://localhost:5000/api/sessions/live. */
  url: string
  /** Gives the token for the next connection. `refused` is one that must not be used again; undefined ends it all. */
  token: (refused: string | undefined) => Promise<string | undefined>
  /** The night as it stands: at the start, and where too much was missed to go on. */
  onSnapshot: (session: ActiveSession | null) => void
  onEvent: (event: GameNightEvent) => void
  onState?: (state: FollowState) => void
  random?: () => number
}

export type Following = {
  /** Looks at once whether the connection is alive, as when a phone wakes up or its network is back. */
  nudge(): void
  stop(): void
}

type Place = { epoch: string; seq: number }

const REFUSED = 4401
const EXPIRED = 4410
const TOO_MANY = 4429
const RESTARTING = 1012

const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 15_000
const LATER_MS = 10_000
const PING_EVERY_MS = 25_000
/** A socket that takes longer to open or to answer a ping is given up. */
const PATIENCE_MS = 8_000

export function follow(options: FollowOptions): Following {
  const { url, token, onSnapshot, onEvent, onState = () => {}, random = Math.random } = options
  let place: Place | undefined
  let client: LiveClient | undefined
  let refused: string | undefined
  let wait = 0
  let stopped = false
  let wake = () => {}
  let probe = () => {}

  async function run(): Promise<void> {
    while (!stopped) {
      onState("connecting")
      // A service that cannot be asked for a token is one that cannot be reached.
      const given = await token(refused).catch(() => "")
      if (given === undefined || stopped) break
      const code = given === "" ? 1006 : await connection(given)
      if (stopped) break
      refused = code === REFUSED || code === EXPIRED ? given : undefined
      await pause(code)
    }
    onState("stopped")
  }

  /** One connection from its start to its end; gives the close code. */
  async function connection(given: string): Promise<number> {
    let timer: ReturnType<typeof setTimeout> | undefined
    let pinging: ReturnType<typeof setInterval> | undefined
    try {
      const opened = await within(connect(url), PATIENCE_MS)
      client = opened
      opened.send({ type: "auth", token: given, follow: true, resume: place ?? {} })
      probe = () => {
        opened.send({ type: "ping" })
        timer ??= setTimeout(opened.close, PATIENCE_MS)
      }
      pinging = setInterval(probe, PING_EVERY_MS)
      timer = setTimeout(opened.close, PATIENCE_MS)
      for (;;) {
        const message = await opened.next()
        clearTimeout(timer)
        timer = undefined
        hear(message)
      }
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) throw error
      return error.code
    } finally {
      clearTimeout(timer)
      clearInterval(pinging)
      client = undefined
      probe = () => {}
    }
  }

  function hear(message: Awaited<ReturnType<LiveClient["next"]>>): void {
    if (message.type === "auth_success") {
      wait = 0
      if ("epoch" in message && !message.recovered) {
        place = { epoch: message.epoch, seq: message.seq }
        onSnapshot(message.active_session)
      }
      return onState("live")
    }
    if (!("data" in message)) return
    if (place && message.seq !== undefined) place.seq = message.seq
    onEvent(message)
  }

  async function pause(code: number): Promise<void> {
    const atOnce = (code === RESTARTING || code === EXPIRED || code === REFUSED) && wait === 0
    const least = code === TOO_MANY ? LATER_MS : 0
    // Half of the wait is by chance, so that all who were cut at once do not come back at once.
    const ms = atOnce ? 0 : Math.max(least, wait) * (0.5 + random() / 2)
    wait = Math.min(Math.max(SHORTEST_WAIT_MS, wait * 2), LONGEST_WAIT_MS)
    if (ms === 0) return
    onState("waiting")
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    wake = () => {}
  }

  void run()
  return {
    nudge() {
      wake()
      probe()
    },
    stop() {
      stopped = true
      wake()
      client?.close()
    },
  }
}

/** A socket that opens later than that is closed again. */
function within(opening: Promise<LiveClient>, ms: number): Promise<LiveClient> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      opening.then((late) => late.close()).catch(() => {})
      reject(new ConnectionClosed(1006, "nobody answered"))
    }, ms)
    opening.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
