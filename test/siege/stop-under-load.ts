/** SIGTERM in the middle of the night: everybody is told, what was answered is kept, and the log is empty behind it. */
import { statSync } from "node:fs"
import { join } from "node:path"
import type { Command } from "../conformance/night.ts"
import type { Body } from "../support/api.ts"
import { openLight } from "../support/light-socket.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { atLeast, below, exactly, none } from "./figures.ts"
import { openSiege, type SiegeNight, voteOn } from "./night.ts"

const VOTES_PER_SECOND = 400
/** Votes flow for so long before the signal. */
const BEFORE_MS = 1_000
const RESTARTING = 1012

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const night = await openSiege(command)
  const { dataDir } = night.server
  const sockets = await Promise.all(Array.from({ length: count }, () => follow(night)))
  const votes = voteOn(night, VOTES_PER_SECOND)
  await Bun.sleep(BEFORE_MS)

  const told = performance.now()
  const code = await night.server.stop("SIGTERM")
  const took = performance.now() - told
  await votes.stop()
  const codes = await Promise.all(sockets.map(({ closed }) => closed))
  const wal = statSync(join(dataDir, "gamenight.db-wal"), { throwIfNoEntry: false })?.size ?? 0
  log(`${votes.answered.length} votes answered, stopped in ${took.toFixed(0)} ms`)

  const again = await openSiege(command, { dataDir })
  const events = await again.log()
  const wrong = await again.end()
  const stored = events.map(({ data }) => data.vote?.username).filter((voter) => voter !== undefined)
  const present = new Set(stored)
  return [
    exactly("exit code", code, 0),
    below("from the signal to the end", took, 5_000, "ms"),
    exactly("followers told 1012", codes.filter((one) => one === RESTARTING).length, count),
    exactly("size of the write-ahead log", wal, 0, "bytes"),
    atLeast("votes answered", votes.answered.length, 1),
    none(
      "answered votes that are lost",
      votes.answered.filter((voter) => !present.has(voter)),
    ),
    exactly("votes stored twice", stored.length - present.size, 0),
    none(
      "followers whose stream is no part of the log",
      sockets.flatMap(({ heard }) => astray(heard, events)),
    ),
    none("defects of the next start", wrong),
  ]
}

async function follow({ server, viewer }: SiegeNight) {
  const heard: Body[] = []
  const { promise: ready, resolve: start } = Promise.withResolvers<void>()
  const socket = await openLight(server, {
    onText(text) {
      const message: Body = JSON.parse(text)
      if (message.type === "auth_success") start()
      else heard.push(message)
    },
  })
  socket.send(JSON.stringify({ type: "auth", token: viewer.token, resume: {}, follow: true }))
  await ready
  return { heard, closed: socket.closed }
}

/** Says where a stream leaves the log: what a follower heard must be stored, in order and without a gap. */
function astray(heard: readonly Body[], events: readonly Body[]): string[] {
  const from = events.findIndex(({ seq }) => seq === heard[0]?.seq)
  const at = heard.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(events[from + i]))
  return at < 0 ? [] : [`heard ${JSON.stringify(heard[at])}`]
}

export const scenario: Scenario = {
  name: "stop-under-load",
  promise:
    "SIGTERM with 200 sockets and writers: all told 1012, exit 0 within 5 s, no answered write lost, WAL empty",
  short: 200,
  long: 200,
  run: ({ count, log }) => run(COMPILED, count, log),
}
