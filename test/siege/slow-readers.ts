/** Followers that stop reading while votes flow: they are cut, and nobody else notices. */
import type { Command } from "../conformance/night.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { atLeast, below, exactly, missingLinux, none, residentMb, until } from "./figures.ts"
import { openGood, slowWait } from "./good-followers.ts"
import { openSiege, voteOn } from "./night.ts"
import { stuckFollowers } from "./stuck.ts"

const GOOD = 50
/** With fewer it is the rule that is proved, beside whatever else the machine does. */
const LONG = 1_000
const VOTES_PER_SECOND = 100
/** By then the buffers of all stuck readers are full, those of the system too. */
const CUT_WITHIN_MS = 60_000
/** To look takes time on its own. */
const LOOK_EVERY_MS = 500
/** Votes flow before anybody gets stuck, so that what is measured is the price of those who do. */
const WARM_UP_MS = 3_000
/** Votes go on this long after the last one is cut. */
const AFTERWARDS_MS = 2_000

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const night = await openSiege(command)
  const { pid } = night.server
  const good = await openGood(night, GOOD)
  const votes = voteOn(night, VOTES_PER_SECOND)
  await Bun.sleep(WARM_UP_MS)
  const before = residentMb(pid)
  const stuck = await stuckFollowers(night, count)

  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, residentMb(pid))
  }, 50)
  const began = performance.now()
  await until(() => stuck.held() === 0, CUT_WITHIN_MS, LOOK_EVERY_MS)
  log(`${count - stuck.held()} are cut after ${(performance.now() - began).toFixed(0)} ms`)
  await Bun.sleep(AFTERWARDS_MS)
  await votes.stop()
  clearInterval(watch)

  const cut = count - stuck.held()
  stuck.close()
  // This waits until each has heard all, the last vote too.
  const figures = await good.figures()
  const waits = good.waits(votes)
  log(`${votes.answered.length} votes answered, ${waits.length} deliveries`)
  good.leave()
  return [
    ...figures,
    below("99 of 100 deliveries to the good ones", slowWait(waits), count < LONG ? 1_000 : 250, "ms"),
    atLeast("deliveries", waits.length, votes.answered.length * GOOD),
    below("growth of resident memory", most - before, 80, "MB"),
    exactly("stuck followers that were cut", cut, count),
    none("votes refused", votes.refused),
    none("defects of the service", await night.end()),
  ]
}

export const scenario: Scenario = {
  name: "slow-readers",
  promise:
    "1,000 followers that never read beside 50 good ones: the good ones hear all in 250 ms, the stuck ones are cut",
  needs: () => missingLinux(3_000),
  short: 100,
  long: LONG,
  run: ({ count, log }) => run(COMPILED, count, log),
}
