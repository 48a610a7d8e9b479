/** Bytes that are no HTTP and no WebSocket: the connection ends soon, and nobody else notices. */
import type { Command } from "../conformance/night.ts"
import { newSeed } from "../crash/random.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { within } from "../support/server.ts"
import { type Stream, streams } from "./bytes.ts"
import { atLeast, none } from "./figures.ts"
import { holdUntil } from "./holding.ts"
import { openSiege, type SiegeNight } from "./night.ts"

const WORKERS = 32
/** A connection that sends no more is over by then, whatever it sent. */
const OVER_WITHIN_MS = 20_000

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const night = await openSiege(command)
  const seed = newSeed()
  log(`TORTURE_SEED=${seed}`)
  let connections = 0
  const answers = new Map<string, number>()
  const failures = await holdUntil(() => connections >= count, {
    seed,
    workers: WORKERS,
    cases: streams,
    async holds(stream) {
      connections++
      for (const status of await play(night, stream)) answers.set(status, (answers.get(status) ?? 0) + 1)
    },
    tell: ({ pieces, leave }) =>
      `${pieces.map((piece) => JSON.stringify(piece.toString("latin1")))} and ${leave}`,
  })
  log(
    `answers ${[...answers]
      .sort()
      .map(([status, times]) => `${status} ${times}x`)
      .join(", ")}`,
  )
  return [
    none("connections that got a 5xx, no HTTP, or did not end", failures),
    none("defects of the service", await night.end()),
    atLeast("connections", connections, count),
  ]
}

/** Sends the pieces, leaves, and gives the statuses of what came back before the connection ended. */
async function play({ server, admin }: SiegeNight, { pieces, leave }: Stream): Promise<string[]> {
  const { hostname, port } = new URL(server.url)
  const received: Buffer[] = []
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_socket, chunk) => void received.push(Buffer.from(chunk)),
      close: () => end(),
      error: () => end(),
    },
  })
  for (const piece of pieces) {
    socket.write(piece)
    socket.flush()
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (leave === "end") socket.shutdown()
  else socket.terminate()
  await within<void>("the end of a connection", (done) => void over.then(done), OVER_WITHIN_MS)
  const { status } = await admin("GET", "/health")
  if (status !== 200) throw new Error(`/health answered ${status}`)
  return statuses(Buffer.concat(received).toString("latin1"))
}

/** Throws where the service broke, or answered with something else than HTTP. */
function statuses(text: string): string[] {
  if (text === "") return ["none"]
  if (!text.startsWith("HTTP/1.1 ")) throw new Error(`Answered ${JSON.stringify(text.slice(0, 100))}`)
  const found = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => status ?? "")
  const broken = found.filter((status) => status >= "500" && status !== "505")
  if (broken.length > 0) throw new Error(`Answered ${broken}`)
  return found
}

export const scenario: Scenario = {
  name: "fuzz-bytes",
  promise:
    "10,000 connections full of broken HTTP and broken frames: no crash, no 5xx, and every one comes to an end",
  short: 1_000,
  long: 10_000,
  run: ({ count, log }) => run(COMPILED, count, log),
}
