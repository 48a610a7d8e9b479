/** What the time of an answer tells of a key: nothing, however much of it is right. */
import { expect } from "bun:test"
import { createRandom, newSeed, type Random } from "../crash/random.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { ADMIN_KEY, startServer } from "../support/server.ts"
import { below, exactly } from "./figures.ts"
import { knocking } from "./login.ts"

/** A key of which so many letters are right, and which is as long as the right one. */
const keyWith = (right: number, random: Random): string =>
  ADMIN_KEY.slice(0, right) +
  Array.from(ADMIN_KEY.slice(right), (letter) =>
    random.pick([..."bcdfghjk"].filter((one) => one !== letter)),
  ).join("")

const WRONG = "nothing right"
const KINDS: Readonly<Record<string, (random: Random) => string>> = {
  [WRONG]: (random) => keyWith(0, random),
  "the first half right": (random) => keyWith(ADMIN_KEY.length >> 1, random),
  "all but the last letter right": (random) => keyWith(ADMIN_KEY.length - 1, random),
}
/** Answered without a look at any key, which is quicker: the rig has to notice. */
const CONTROL = "no key at all"

/** What strangers try; none is longer than a key may be. */
const WRONG_KEYS: readonly string[] = [
  ...[ADMIN_KEY.slice(0, -1), `${ADMIN_KEY}0`, ADMIN_KEY.slice(0, 8), ` ${ADMIN_KEY}`, `${ADMIN_KEY} `],
  ...[ADMIN_KEY.toUpperCase(), ADMIN_KEY.replace("e", "é"), `${ADMIN_KEY}\u0000`, "x", "' OR 1=1 --"],
  ...["x".repeat(ADMIN_KEY.length), "x".repeat(1_024), "ключ", "🔑", "__proto__", "null"],
]

/** Of a hundred pairs so many more or fewer than fifty may go one way by chance. */
const CHANCE = 5
const WARM_UP = 300

export const scenario: Scenario = {
  name: "login-timing",
  promise: "Every wrong key gets the same answer, and its time tells nothing of the right one",
  short: 8_000,
  long: 40_000,
  async run({ count, log }): Promise<Figure[]> {
    const server = await startServer(COMPILED, { env: { GAMENIGHT_RATE_LIMITS: "off" } })
    const seed = newSeed()
    try {
      const knock = await knocking(server)
      const answers = new Set<string>()
      for (const key of [...WRONG_KEYS, ...Object.values(KINDS).map((make) => make(createRandom(seed)))]) {
        const { status, headers, body } = await knock(key)
        expect(status).toBe(401)
        headers.delete("date")
        answers.add(`${JSON.stringify([...headers])}\n${body}`)
      }
      const times = await timeTries(knock, count, createRandom(seed))
      for (const [kind, all] of times)
        log(`${kind}: median ${(median(all) * 1_000).toFixed(0)} µs of ${all.length}`)
      const wrong = times.get(WRONG) ?? []
      const slower = (kind: string) => shareSlower(times.get(kind) ?? [], wrong) * 100
      return [
        exactly("different answers to wrong keys", answers.size, 1),
        ...Object.keys(KINDS)
          .filter((kind) => kind !== WRONG)
          .map((kind) => ({
            name: `pairs of 100 in which ${kind} takes longer than ${WRONG}`,
            value: slower(kind).toFixed(1),
            goal: `${50 - CHANCE} to ${50 + CHANCE}`,
            met: Math.abs(slower(kind) - 50) <= CHANCE,
          })),
        below(`the same of ${CONTROL}, which proves the rig`, slower(CONTROL), 50 - CHANCE),
      ]
    } finally {
      await server.stop()
    }
  },
}

type Knock = Awaited<ReturnType<typeof knocking>>

/** Milliseconds of each try, by its kind; the kinds take turns by chance, so that no mood of the machine favours one. */
async function timeTries(knock: Knock, count: number, random: Random): Promise<Map<string, number[]>> {
  const kinds = [...Object.keys(KINDS), CONTROL]
  const times = new Map<string, number[]>(kinds.map((kind) => [kind, []]))
  for (let i = -WARM_UP; i < count; i++) {
    const kind = random.pick(kinds)
    const key = KINDS[kind]?.(random) ?? ""
    const asked = performance.now()
    await knock(key)
    const took = performance.now() - asked
    if (i >= 0) times.get(kind)?.push(took)
  }
  return times
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** In what share of all pairs the first is the larger: the statistic of Mann and Whitney, over the number of pairs. */
function shareSlower(some: readonly number[], others: readonly number[]): number {
  const sorted = others.toSorted((a, b) => a - b)
  let pairs = 0
  for (const value of some) {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    pairs += low
  }
  return pairs / (some.length * others.length)
}
