/**
 * Peers that vanish without a word, as a phone does that leaves the house, in real time. In the test command
 * `test/live.test.ts` shows the rule with clocks that are arguments.
 */
import { type Lines, spawnLines } from "../support/lines.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { atLeast, below, exactly, none } from "./figures.ts"
import { openGood } from "./good-followers.ts"
import { createNeighbour, missingNeighbour, type Neighbour } from "./netns.ts"
import { openSiege, type SiegeNight, voteOn } from "./night.ts"
import { callersFrom } from "./tcp.ts"

const DROPPED_WITHIN_SECONDS = 100
const GOOD = 20

/**
 * On a quiet night silence alone betrays a peer; a pong may be 25 seconds old when it vanishes, and 90 are granted. On a
 * busy one it is cut as a slow reader before that.
 */
const NIGHTS = [
  { name: "quiet", votesPerSecond: 2, notBefore: 60 },
  { name: "busy", votesPerSecond: 100, notBefore: 0 },
] as const

export const scenario: Scenario = {
  name: "half-open",
  promise: "A peer that vanishes is dropped within 100 s, and the others go on hearing everything",
  needs: missingNeighbour,
  short: 20,
  long: 500,
  async run({ count, log }) {
    const neighbour = createNeighbour()
    try {
      const figures: Figure[] = []
      for (const { name, ...night } of NIGHTS) {
        const found = await vanish(night, neighbour, count, log)
        figures.push(...found.map((figure) => ({ ...figure, name: `${name} night: ${figure.name}` })))
      }
      return figures
    } finally {
      neighbour.remove()
    }
  },
}

type Night = { votesPerSecond: number; notBefore: number }

async function vanish(
  { votesPerSecond, notBefore }: Night,
  neighbour: Neighbour,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const night = await openSiege(COMPILED, { flags: ["--host", neighbour.here] })
  const held = () => callersFrom(night.server.pid, neighbour.there)
  const good = await openGood(night, GOOD)
  const peers = await bringIn(night, neighbour, count)
  const came = held()
  const votes = voteOn(night, votesPerSecond)
  neighbour.unplug()
  const { first, last } = await untilGone(held)
  log(`${came} peers were dropped ${first.toFixed(0)} to ${last.toFixed(0)} s after they vanished`)
  await votes.stop()
  peers.kill()
  neighbour.plugIn()
  const again = await bringIn(night, neighbour, count)
  const back = held()
  again.kill()
  const heard = await good.figures()
  good.leave()
  return [
    exactly("peers that vanished", came, count),
    atLeast("until the first of them was dropped", first, notBefore, "s"),
    below("until the last of them was dropped", last, DROPPED_WITHIN_SECONDS, "s"),
    ...heard,
    none("votes refused meanwhile", votes.refused),
    exactly("peers that came back", back, count),
    none("defects of the service", await night.end()),
  ]
}

/** Followers over there. */
async function bringIn(night: SiegeNight, neighbour: Neighbour, count: number): Promise<Lines> {
  const { server, viewer, session } = night
  const wish = JSON.stringify({ url: server.url, token: viewer.token, count, sessions: [session.id] })
  const peers = spawnLines(neighbour.command([process.execPath, `${import.meta.dir}/followers.ts`, wish]))
  const first = await peers.next()
  if (first !== "ready") throw new Error(`Cannot open ${count} sockets from the neighbour: ${first}`)
  return peers
}

/** The seconds after which the first and the last connection was gone. */
async function untilGone(held: () => number): Promise<{ first: number; last: number }> {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const all = held()
  let first: number | undefined
  for (;;) {
    const left = held()
    if (left < all) first ??= elapsed()
    const last = elapsed()
    if (left === 0 || last > 1.5 * DROPPED_WITHIN_SECONDS) return { first: first ?? last, last }
    await Bun.sleep(250)
  }
}
