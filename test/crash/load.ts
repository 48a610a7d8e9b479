/** Clients that write as fast as they get answers, and note every question and answer. */
import type { VoteType } from "../../src/store/schema.ts"
import { type Connection, openConnection, type Reply } from "./connection.ts"
import type { History, Write } from "./history.ts"
import type { Random } from "./random.ts"

export type Load = {
  /** Puts the server under load until it is gone or `stop` is called. */
  run(url: string): RunningLoad
}

export type RunningLoad = {
  /** Answered writes of this run so far. */
  answered(): number
  /** Lets every writer finish its last question. */
  stop(): Promise<void>
}

export type LoadOptions = {
  history: History
  random: Random
  token: string
  gameIds: readonly number[]
  writers?: number
}

/** A write sent with an `Idempotency-Key`, which may be sent again. */
type Keyed = { write: Write; key: string }

const WRITERS = 16
/** Of what the first writer does, how much opens, fills and closes sessions. */
const DIRECTING = 0.15
const CHANGES_OF_MIND = 0.1
const KEYED = 0.3
const SENT_AGAIN = 0.05
/** A change of mind carries a time this much later, past the second in which it would be the same vote twice. */
const LATER_MS = 1_500

export function createLoad({ history, random, token, gameIds, writers = WRITERS }: LoadOptions): Load {
  let made = 0
  /** Votes that were answered in the running session. */
  let voted: { username: string; vote: VoteType; at: string }[] = []
  /** Without an answer so far: sent again after the crash. */
  const open: Keyed[] = []
  /** Answered: sent again to hear the same. */
  const done: Keyed[] = []

  async function send(connection: Connection, write: Write, given?: string): Promise<Reply | undefined> {
    const key = given ?? (random.chance(KEYED) ? `key-${++made}` : undefined)
    const { path, body } = requestOf(write)
    const settle = history.begin(write, key)
    const reply = await connection.call(
      "POST",
      path,
      body,
      key === undefined ? {} : { "Idempotency-Key": key },
    )
    const outcome = settle(reply)
    if (key !== undefined && outcome === "unknown") open.push({ write, key })
    if (key !== undefined && outcome === "answered") done[random.below(100)] = { write, key }
    return reply
  }

  /** Opens a session, plays a game in it, closes it; now and then opens one too many. */
  async function direct(connection: Connection): Promise<Reply | undefined> {
    const running = await connection.call("GET", "/api/sessions/active")
    if (running?.status !== 200) return running
    let sessionId: number | undefined = running.body?.id
    if (sessionId !== undefined && random.chance(0.3)) {
      voted = []
      return send(connection, { kind: "close", sessionId })
    }
    if (sessionId === undefined || random.chance(0.1)) {
      const reply = await send(connection, { kind: "start", notes: `Night ${++made}` })
      if (reply?.status !== 201 || random.chance(0.1)) return reply
      sessionId = Number(reply.body.id)
    }
    const gameId = random.pick(gameIds)
    return send(connection, { kind: "game", sessionId, gameId, roomCode: `R${++made}` })
  }

  async function vote(connection: Connection): Promise<Reply | undefined> {
    const earlier = random.chance(CHANGES_OF_MIND) ? voted.pop() : undefined
    if (earlier) {
      const { username, at } = earlier
      return send(connection, {
        kind: "vote",
        username: random.chance(0.5) ? username : username.toUpperCase(),
        vote: earlier.vote === "up" ? "down" : "up",
        timestamp: new Date(Date.parse(at) + LATER_MS).toISOString(),
      })
    }
    const username = `viewer ${++made}`
    const type = random.pick<VoteType>(["up", "up", "down"])
    const reply = await send(connection, { kind: "vote", username, vote: type })
    if (reply?.status === 200) voted.push({ username, vote: type, at: reply.body.vote.timestamp })
    return reply
  }

  function again(connection: Connection): Promise<Reply | undefined> | undefined {
    const one = open.pop() ?? (random.chance(SENT_AGAIN) ? done[random.below(done.length)] : undefined)
    return one && send(connection, one.write, one.key)
  }

  return {
    run(url) {
      let stopping = false
      const before = history.answered()
      const write = async (_: unknown, number: number) => {
        const connection = await openConnection(url, token)
        const directs = () => number === 0 && random.chance(DIRECTING)
        let reply = number === 0 ? await direct(connection) : undefined
        do {
          reply = await (again(connection) ?? (directs() ? direct(connection) : vote(connection)))
        } while (reply && !stopping)
        connection.close()
      }
      const written = Promise.all(Array.from({ length: writers }, write))
      return {
        answered: () => history.answered() - before,
        async stop() {
          stopping = true
          await written
        },
      }
    },
  }
}

/** The request that asks for a write. */
export function requestOf(write: Write): { path: string; body?: unknown } {
  switch (write.kind) {
    case "start":
      return { path: "/api/sessions", body: { notes: write.notes } }
    case "game":
      return {
        path: `/api/sessions/${write.sessionId}/games`,
        body: { game_id: write.gameId, room_code: write.roomCode },
      }
    case "vote": {
      const { username, vote, timestamp } = write
      return { path: "/api/votes/live", body: { username, vote, timestamp } }
    }
    case "close":
      return { path: `/api/sessions/${write.sessionId}/close` }
    default:
      return write satisfies never
  }
}
