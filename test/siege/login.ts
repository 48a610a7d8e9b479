/** Guessing at the owner's key: few tries for each address, and the owner comes in from elsewhere all the time. */
import { expect } from "bun:test"
import { openPipeline, type RawAnswer } from "../support/pipeline.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { ADMIN_KEY, startServer, type TestServer } from "../support/server.ts"
import { atLeast, below, exactly } from "./figures.ts"

const TRIES = 5
const REFILL_SECONDS = 30
/** How much later than promised a try may be let through: the guesser knocks once a second. */
const LATE_SECONDS = 2

export const scenario: Scenario = {
  name: "login",
  promise: "Login: 5 tries, then 1 per 30 s per address, never a lock-out of the owner from elsewhere",
  // How many tries are waited for; the wait itself is for the long mode.
  short: 0,
  long: 4,
  async run({ count, log }): Promise<Figure[]> {
    const server = await startServer(COMPILED)
    try {
      const atOnce = await guessAtOnce(server)
      const owner = await knocking(server, "127.0.0.3")
      const pauses = await guessOn(server, count, async () => {
        expect((await owner(ADMIN_KEY)).status).toBe(200)
      })
      log(`The guesser waited ${pauses.map((seconds) => seconds.toFixed(1)).join(", ")} s for a try each`)
      return [
        exactly("wrong keys looked at at once", atOnce, TRIES),
        ...(pauses.length > 0
          ? [
              atLeast("before each later one", Math.min(...pauses), REFILL_SECONDS - 1, "s"),
              below("before each later one", Math.max(...pauses), REFILL_SECONDS + LATE_SECONDS, "s"),
            ]
          : []),
      ]
    } finally {
      await server.stop()
    }
  },
}

/** Tries keys from one address, over a connection that it keeps. */
export async function knocking(server: TestServer, from?: string) {
  const connection = await openPipeline(server, from)
  return async (key: string, headers: Record<string, string> = {}): Promise<RawAnswer> => {
    const answer = await connection.ask({
      method: "POST",
      path: "/api/auth/login",
      headers: { "Content-Type": "application/json", ...headers },
      body: Buffer.from(JSON.stringify({ key })),
    })
    if (!answer) throw new Error(`The connection from ${from} was cut`)
    return answer
  }
}

const retryAfter = ({ headers }: RawAnswer): number => Number(headers.get("retry-after"))

/** Gives how many of many wrong keys were looked at. */
async function guessAtOnce(server: TestServer): Promise<number> {
  const guessers = await Promise.all(Array.from({ length: 4 * TRIES }, () => knocking(server, "127.0.0.2")))
  const replies = await Promise.all(
    guessers.map((guess, i) => guess(`wrong ${i}`, { "X-Forwarded-For": `192.0.2.${i}` })),
  )
  const refused = replies.filter(({ status }) => status === 429)
  for (const reply of refused) {
    expect(JSON.parse(reply.body.toString()).code).toBe("rate_limited")
    expect(retryAfter(reply)).toBeGreaterThan(0)
    expect(retryAfter(reply)).toBeLessThanOrEqual(REFILL_SECONDS)
  }
  // Not even the right key tells a guesser anything now, and nobody else is kept out.
  expect((await guessers[0]?.(ADMIN_KEY))?.status).toBe(429)
  const owner = await knocking(server, "127.0.0.4")
  for (let i = 0; i < 4 * TRIES; i++) expect((await owner(ADMIN_KEY)).status).toBe(200)
  for (let i = 0; i < TRIES; i++) expect((await owner(`wrong ${i}`)).status).toBe(401)
  expect((await owner(ADMIN_KEY)).status).toBe(429)
  const looked = replies.filter(({ status }) => status === 401)
  expect(looked.length + refused.length).toBe(replies.length)
  return looked.length
}

/** Goes on once a second until so many more tries were let through; gives the seconds between them. */
async function guessOn(
  server: TestServer,
  count: number,
  everySecond: () => Promise<void>,
): Promise<number[]> {
  const guess = await knocking(server, "127.0.0.2")
  const pauses: number[] = []
  // The first one comes at a time that the tries before it have to do with.
  let last: number | undefined
  while (pauses.length < count) {
    await Bun.sleep(1_000)
    const { status } = await guess("wrong")
    await everySecond()
    if (status === 429) continue
    expect(status).toBe(401)
    const now = performance.now()
    if (last !== undefined) pauses.push((now - last) / 1_000)
    last = now
  }
  return pauses
}
