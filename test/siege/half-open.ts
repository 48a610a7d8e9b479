/**
 * Peers that vanish without a word, as a phone does that leaves the house, in real time. In the test command
 * `test/live.test.ts` shows the rule with clocks that are arguments.
 */
import { createResumingFollower, type ResumingFollower } from "../crash/followers.ts"
import { type Api, asAdmin, type Body } from "../support/api.ts"
import { spawnLines } from "../support/lines.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { startServer, type TestServer } from "../support/server.ts"
import { createNeighbour, missingNeighbour, type Neighbour } from "./netns.ts"

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
type NightKind = (typeof NIGHTS)[number]

/** Behind session.started and game.added. */
const FIRST_VOTE = 3

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
      for (const night of NIGHTS) figures.push(...(await onNight(night, neighbour, count, log)))
      return figures
    } finally {
      neighbour.remove()
    }
  },
}

async function onNight(
  night: NightKind,
  neighbour: Neighbour,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const env = { GAMENIGHT_RATE_LIMITS: "off" }
  const server = await startServer(COMPILED, { env, flags: ["--host", neighbour.here] })
  try {
    return await vanish(server, night, neighbour, count, log)
  } finally {
    await server.stop()
  }
}

async function vanish(
  server: TestServer,
  { name, votesPerSecond, notBefore }: NightKind,
  neighbour: Neighbour,
  count: number,
  log: (line: string) => void,
): Promise<Figure[]> {
  const admin = await asAdmin(server)
  const token = admin.token ?? ""
  const { body: session } = await admin("POST", "/api/sessions")
  const [game] = (await admin("GET", "/api/games")).body
  await admin("POST", `/api/sessions/${session.id}/games`, { game_id: game.id })
  const good = Array.from({ length: GOOD }, (_, i) => createResumingFollower({ name: `good ${i}`, token }))
  for (const follower of good) await follower.resume(server.url)

  const peers = await bringIn(server, neighbour, token, count)
  const held = neighbour.connections()
  const votes = voteOn(admin, votesPerSecond)
  neighbour.unplug()
  const seconds = await secondsUntilGone(neighbour)
  log(
    `On a ${name} night ${held} peers were dropped ${seconds.map((one) => one.toFixed(0)).join(" to ")} s after they vanished`,
  )
  const cast = await votes.stop()
  const wrong = await wrongStreams(admin, good)
  for (const line of wrong) log(line)
  peers.kill()
  neighbour.plugIn()
  const again = await bringIn(server, neighbour, token, count)
  const back = neighbour.connections()
  again.kill()

  const [first = Number.NaN, last = Number.NaN] = seconds
  return [
    {
      name: `${name} night: seconds until ${held} of ${count} vanished peers were dropped`,
      value: `${first.toFixed(0)} to ${last.toFixed(0)}`,
      goal: `${notBefore} to ${DROPPED_WITHIN_SECONDS}`,
      met: held === count && first >= notBefore && last <= DROPPED_WITHIN_SECONDS,
    },
    {
      name: `${name} night: streams of ${GOOD} good followers that are not the log, over ${cast} votes`,
      value: `${wrong.length}`,
      goal: "0",
      met: wrong.length === 0 && cast > 0,
    },
    { name: `${name} night: peers that came back`, value: `${back}`, goal: `${count}`, met: back === count },
  ]
}

async function bringIn({ socketUrl }: TestServer, neighbour: Neighbour, token: string, count: number) {
  const wish = JSON.stringify({ socketUrl, token, count })
  const peers = spawnLines(neighbour.command([process.execPath, `${import.meta.dir}/peers.ts`, wish]))
  const first = await peers.next()
  if (first !== "ready") throw new Error(`Cannot open ${count} sockets from the neighbour: ${first}`)
  return peers
}

/** Votes of ever new voters until it is stopped; gives how many were answered. */
function voteOn(api: Api, perSecond: number): { stop(): Promise<number> } {
  let cast = 0
  let stopping = false
  const voting = (async () => {
    while (!stopping) {
      const { status } = await api("POST", "/api/votes/live", { username: `voter ${cast}`, vote: "up" })
      if (status !== 200) throw new Error(`A vote was answered with ${status}`)
      cast++
      await Bun.sleep(1_000 / perSecond)
    }
  })()
  return {
    async stop() {
      stopping = true
      await voting
      return cast
    },
  }
}

/** The seconds after which the first and the last connection was gone. */
async function secondsUntilGone(neighbour: Neighbour): Promise<number[]> {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const held = neighbour.connections()
  let first: number | undefined
  for (;;) {
    const left = neighbour.connections()
    if (left < held) first ??= elapsed()
    if (left === 0 || elapsed() > 1.5 * DROPPED_WITHIN_SECONDS) return [first ?? elapsed(), elapsed()]
    await Bun.sleep(250)
  }
}

async function wrongStreams(api: Api, good: readonly ResumingFollower[]): Promise<string[]> {
  await Promise.all(good.map((follower) => follower.caughtUp()))
  const events: Body[] = []
  for (let since = 0, before = -1; since !== before; ) {
    before = since
    const { body } = await api("GET", `/api/events?since=${since}&limit=1000`)
    events.push(...body.events)
    since = body.next
  }
  return good.flatMap(({ stream: { name, heard } }) => {
    const frames = heard.flatMap((one) => ("frame" in one ? [JSON.parse(one.frame)] : []))
    const wanted = events.slice(events.length - frames.length)
    const isWhole = frames.length > 0 && frames[0].seq <= FIRST_VOTE && Bun.deepEquals(frames, wanted)
    return isWhole ? [] : [`${name} heard ${frames.length} events, which are not the last of the log`]
  })
}
