/** Guessing the key: few tries, the same answer for each, no hint in how long it takes, and nobody else locked out. */
import type { Command } from "../conformance/night.ts"
import { openPipeline, type Pipeline, type RawAnswer } from "../support/pipeline.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { ADMIN_KEY, startServer, type TestServer } from "../support/server.ts"
import { atLeast, below, exactly, none, quantile } from "./figures.ts"
import { rankDifference } from "./statistics.ts"

const TRIES = 5
const GUESSER = "127.0.0.2"
/** A count that is worth waiting half a minute for the next try. */
const PATIENT = 2_000
/** Beyond this many deviations chance is no explanation: it happens once in 15,000 runs. */
const TELLING = 4

const wrongKeys = [
  "wrong",
  `${ADMIN_KEY.slice(0, -1)}X`,
  ADMIN_KEY.slice(0, -1),
  `${ADMIN_KEY} `,
  ADMIN_KEY.toUpperCase(),
  "x".repeat(1_024),
  "\u0000",
  "ключ",
  "' OR 1=1 --",
]

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const guarded = await startServer(command)
  const limited = await rates(guarded, count, log)
  const open = await startServer(command, { env: { GAMENIGHT_RATE_LIMITS: "off" } })
  const told = await hints(open, count, log)
  const codes = [await guarded.stop(), await open.stop()]
  return [
    ...limited,
    ...told,
    exactly("exit codes that are not 0", codes.filter((code) => code !== 0).length, 0),
  ]
}

async function tryKey(connection: Pipeline, key: string): Promise<RawAnswer> {
  const body = new TextEncoder().encode(JSON.stringify({ key }))
  const headers = { "Content-Type": "application/json" }
  const answer = await connection.ask({ method: "POST", path: "/api/auth/login", headers, body })
  if (!answer) throw new Error("A login got no answer")
  return answer
}

async function rates(server: TestServer, count: number, log: (line: string) => void): Promise<Figure[]> {
  const [guesser, owner, crowd] = [
    await openPipeline(server, GUESSER),
    await openPipeline(server, "127.0.0.3"),
    await openPipeline(server, "127.0.0.4"),
  ]
  const first: number[] = []
  for (let i = 0; i < TRIES; i++) first.push((await tryKey(guesser, `guess ${i}`)).status)
  const refused = await tryKey(guesser, ADMIN_KEY)
  const wait = Number(refused.headers.get("retry-after"))
  const elsewhere = await tryKey(owner, ADMIN_KEY)
  const rush = await Promise.all(Array.from({ length: 100 }, (_, i) => tryKey(crowd, `rush ${i}`)))
  const free: number[] = []
  for (let i = 0; i < 4 * TRIES; i++) free.push((await tryKey(owner, ADMIN_KEY)).status)
  return [
    exactly(
      "wrong keys answered 401 before the sixth try",
      first.filter((status) => status === 401).length,
      TRIES,
    ),
    exactly("status of the sixth try, with the right key", refused.status, 429),
    below("seconds it is told to wait", wait, 31),
    exactly("of 100 tries at once, answered 401", rush.filter(({ status }) => status === 401).length, TRIES),
    exactly("status of the right key from another address", elsewhere.status, 200),
    exactly(
      "right keys in a row that were let in",
      free.filter((status) => status === 200).length,
      4 * TRIES,
    ),
    ...(count >= PATIENT ? await afterwards(server, wait, log) : []),
  ]
}

/** One more try comes with every half minute, and no more. */
async function afterwards(server: TestServer, wait: number, log: (line: string) => void): Promise<Figure[]> {
  log(`waits ${wait} s for the next try`)
  await Bun.sleep(wait * 1_000)
  const connection = await openPipeline(server, GUESSER)
  const next = await tryKey(connection, "one more")
  const last = await tryKey(connection, "and another")
  return [
    exactly("status of the try after the wait", next.status, 401),
    exactly("status of the one behind it", last.status, 429),
  ]
}

/** Whether an answer, or the time it takes, tells one wrong key from another. */
async function hints(server: TestServer, count: number, log: (line: string) => void): Promise<Figure[]> {
  const connection = await openPipeline(server)
  const answers = new Set<string>()
  for (const key of wrongKeys) {
    const { status, headers, body } = await tryKey(connection, key)
    headers.delete("date")
    answers.add(JSON.stringify([status, [...headers], body.toString("utf8")]))
  }
  const near = `${ADMIN_KEY.slice(0, -1)}#`
  const far = "#".repeat(ADMIN_KEY.length)
  const times = { near: [] as number[], far: [] as number[] }
  for (let i = 0; i < count; i++) {
    const which = i % 2 === 0 ? "near" : "far"
    const begun = performance.now()
    await tryKey(connection, which === "near" ? near : far)
    times[which].push(performance.now() - begun)
  }
  connection.close()
  const deviations = Math.abs(rankDifference(times.near, times.far))
  const leak = quantile(times.near, 0.5) / 2
  const leaky = times.near.map((time) => time + leak)
  log(`${count} tries timed: ${deviations.toFixed(2)} deviations between near and far`)
  return [
    none("answers to wrong keys that differ from the first", [...answers].slice(1)),
    below("deviations between the times of near and far keys", deviations, TELLING),
    atLeast("the same, had a near key taken half as long again", rankDifference(leaky, times.far), TELLING),
    atLeast("tries timed", times.near.length + times.far.length, count),
  ]
}

export const scenario: Scenario = {
  name: "login-guessing",
  promise:
    "5 tries, then one in 30 s for an address; the owner is let in from elsewhere; nothing tells a near key from a far one",
  short: 500,
  long: 4_000,
  run: ({ count, log }) => run(COMPILED, count, log),
}
