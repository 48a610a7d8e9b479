/** Followers whose connections break all night long: what they hear in the end is the log, nothing twice or missing. */
import type { Command } from "../conformance/night.ts"
import { createRandom, newSeed } from "../crash/random.ts"
import type { Body } from "../support/api.ts"
import { openLight } from "../support/light-socket.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { within } from "../support/server.ts"
import { atLeast, exactly, none } from "./figures.ts"
import { openSiege, type SiegeNight, voteOn } from "./night.ts"
import { createReturning, LEAVES } from "./returning.ts"

const FOLLOWERS = 40
const VOTES_PER_SECOND = 150
/** Sessions end and begin so often. */
const SESSION_MS = 1_500
const LONGEST_VISIT_MS = 60

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const seed = newSeed()
  log(`TORTURE_SEED=${seed}`)
  const random = createRandom(seed)
  const night = await openSiege(command)
  const followers = Array.from({ length: FOLLOWERS }, (_, i) =>
    createReturning(night, i % 2 === 0 ? "follows" : "names"),
  )
  const votes = voteOn(night, VOTES_PER_SECOND)
  const sessions = changeSessions(night)
  let visits = 0
  await Promise.all(
    followers.map(async (follower) => {
      await follower.visit("close", LONGEST_VISIT_MS)
      while (visits < count) {
        visits++
        await follower.visit(random.pick(LEAVES), random.below(LONGEST_VISIT_MS))
      }
    }),
  )
  await sessions.stop()
  await votes.stop()
  const events = await night.log()
  log(`${events.length} events, ${visits} reconnects`)
  const wrong = (await Promise.all(followers.map((follower) => follower.verdict(events)))).flat()
  const strangers = await comeBackWrong(night)
  return [
    atLeast("reconnects", visits, count),
    none("followers whose stream is not the log", wrong),
    exactly("of 3 places that cannot be recovered, said so", strangers, 3),
    atLeast("votes that were answered", votes.answered.length, 1),
    none("defects of the service", await night.end()),
  ]
}

/** Closes the session and opens the next one, with a game, over and over. */
function changeSessions({ host, session }: SiegeNight): { stop(): Promise<void> } {
  let stopping = false
  let id = session.id
  const changing = (async () => {
    while (!stopping) {
      await Bun.sleep(SESSION_MS)
      await host("POST", `/api/sessions/${id}/close`)
      id = (await host("POST", "/api/sessions", { notes: "Another night" })).body.id
      await host("POST", `/api/sessions/${id}/games`, { game_id: 1 })
    }
  })()
  return {
    async stop() {
      stopping = true
      await changing
    },
  }
}

/** Names places that are not in the log; gives how many were answered with a snapshot and nothing else. */
async function comeBackWrong(night: SiegeNight): Promise<number> {
  const { epoch, seq } = (await answersTo(night, {}))[0]
  const places = [
    { epoch: "another history", seq, sessions: [] },
    { epoch, seq: seq + 1_000, sessions: [] },
    { epoch: "", seq: 0, sessions: [night.session.id] },
  ]
  const answers = await Promise.all(places.map((place) => answersTo(night, place)))
  return answers.filter(
    ([first, ...rest]) => first.recovered === false && first.seq === seq && rest.length === 0,
  ).length
}

/** Everything that is said to a client that comes with this place, up to the answer to its ping. */
async function answersTo({ server, viewer }: SiegeNight, resume: object): Promise<Body[]> {
  const said: Body[] = []
  let ponged = () => {}
  const socket = await openLight(server, {
    onText(text) {
      const message = JSON.parse(text)
      if (message.type === "pong") ponged()
      else said.push(message)
    },
  })
  await within<void>("a pong", (done) => {
    ponged = done
    socket.send(
      JSON.stringify({ type: "auth", token: viewer.token, resume, follow: true }),
      '{"type":"ping"}',
    )
  })
  socket.reset()
  return said
}

export const scenario: Scenario = {
  name: "reconnects",
  promise:
    "10,000 reconnects (reset, close, half-open, slow) while votes flow: the stream equals the log, in order",
  short: 400,
  long: 10_000,
  run: ({ count, log }) => run(COMPILED, count, log),
}
