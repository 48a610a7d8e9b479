/** What a night, its votes and the history cost when there are a thousand times as many votes. */

import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { startServer, type TestServer } from "../support/server.ts"
import { filledFolder, GAMES_PER_NIGHT, type Size } from "./filled.ts"

/** The small database, of a thousand votes. */
const SMALL: Size = { nights: 50, votersPerGame: 2 }
/** How much longer an answer may take beside the large one. */
const FACTOR = 1.5
const ROUNDS = 200

type Question = { name: string; path: (lastNight: number) => string; body?: (lastNight: number) => object }

const QUESTIONS: readonly Question[] = [
  { name: "the votes of a session", path: (night) => `/api/sessions/${night - 5}/votes` },
  { name: "a history page", path: () => "/api/sessions?limit=20" },
  { name: "an early history page", path: (night) => `/api/sessions?limit=10&offset=${night - 15}` },
  { name: "the games of a session", path: (night) => `/api/sessions/${night - 5}/games` },
  { name: "the running session", path: () => "/api/sessions/active" },
  { name: "the game that is played", path: () => "/api/sessions/active/now" },
  { name: "a page of all votes", path: () => "/api/votes" },
  { name: "a page of votes against", path: () => "/api/votes?vote_type=down" },
  { name: "a page of votes of a session", path: (night) => `/api/votes?session_id=${night - 5}&limit=20` },
  { name: "a page of votes of a game", path: () => "/api/votes?game_id=7&limit=20" },
  { name: "the numbers over all nights", path: () => "/api/stats" },
  { name: "a pick", path: () => "/api/pick", body: (sessionId) => ({ sessionId, seed: "a" }) },
]

export const scenario: Scenario = {
  name: "scale",
  promise: "a million votes take no answer more than 1.5 times as long as a thousand",
  short: 1_000_000,
  long: 1_000_000,
  async run({ count, log }) {
    const votersPerGame = 100
    const large = { nights: Math.ceil(count / GAMES_PER_NIGHT / votersPerGame), votersPerGame }
    const servers = await Promise.all([SMALL, large].map(serve))
    log(`both services answer, with ${votesIn(SMALL)} and ${votesIn(large)} votes`)
    try {
      const figures: Figure[] = []
      for (const question of QUESTIONS) {
        const [small = 0, big = 0] = await compare(servers, question)
        const value = `${(big / small).toFixed(2)} times (${small.toFixed(2)} ms, ${big.toFixed(2)} ms)`
        log(`${question.name}: ${value}`)
        figures.push({ name: question.name, value, goal: `${FACTOR} times`, met: big <= small * FACTOR })
      }
      return figures
    } finally {
      await Promise.all(servers.map(({ server }) => server.stop()))
    }
  },
}

const votesIn = ({ nights, votersPerGame }: Size): number => nights * GAMES_PER_NIGHT * votersPerGame

type Served = { server: TestServer; lastNight: number }

async function serve(size: Size): Promise<Served> {
  const dataDir = await filledFolder(size)
  return { server: await startServer(COMPILED, { dataDir }), lastNight: size.nights }
}

/** The medians in milliseconds, of questions put to both services in turn. */
async function compare(servers: readonly Served[], question: Question): Promise<number[]> {
  const times = servers.map(() => [] as number[])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, served] of servers.entries()) times[at]?.push(await ask(served, question))
  }
  return times.map((all) => all.sort((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN)
}

async function ask({ server, lastNight }: Served, { path, body }: Question): Promise<number> {
  const init = body && { method: "POST", body: JSON.stringify(body(lastNight)) }
  const begin = performance.now()
  const response = await fetch(server.url + path(lastNight), init)
  await response.arrayBuffer()
  const took = performance.now() - begin
  if (response.status !== 200) throw new Error(`Cannot measure ${path(lastNight)}: ${response.status}`)
  return took
}
