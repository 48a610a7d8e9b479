/** An evening that goes on and on: bots, votes, reconnect storms. Memory and latency must stay where they are. */
import { checkStored, type Night, openNight } from "./night.ts"
import type { Programs } from "./programs.ts"
import { createFigure, type Figure, type Plan, risesAtMost } from "./report.ts"
import { openReturner, type Returner } from "./returner.ts"
import { fitted, median, quantile, residentMemory } from "./statistics.ts"
import { openVoters, type Voter } from "./voters.ts"

const BOTS = 200
const VOTES_PER_SECOND = 20
/** Times all bots lose their connection at once. */
const STORMS = 12
/** The part of the time in which a process gets warm, which the fit leaves out. */
const WARM = 0.3
/** The rest in so many parts, of which the medians count: one busy moment of the machine is no growth. */
const WINDOWS = 20
/** What the straight line through them may rise by from its beginning to its end. */
const MORE_MEMORY_MB = 4
const MORE_LATENCY_MS = 0.3

type Second = { memory: number; latency: number }

export async function measureSoak({ gamenight }: Programs, plan: Plan): Promise<Figure[]> {
  const seconds = Math.ceil((plan.minutes ?? (plan.short ? 5 : 60)) * 60)
  const night = await openNight(gamenight)
  const bots = await openBots(night)
  const voters = await openVoters(night.url, night.token, VOTES_PER_SECOND)
  const names: string[] = []
  const track: Second[] = []
  const between = Math.max(1, Math.floor(seconds / STORMS))
  const begun = performance.now()
  for (let second = 0; second < seconds; second++) {
    const storm = second % between === between - 1 ? bots.storm() : undefined
    track.push(await voteForASecond(night, voters, second, names, begun))
    await storm
    if (second % 60 === 59) {
      const { memory = 0, latency = 0 } = track.at(-1) ?? {}
      plan.log(`soak, minute ${(second + 1) / 60}: ${memory.toFixed(1)} MB, ${latency.toFixed(2)} ms a vote`)
    }
  }
  await bots.end(names.length)
  for (const voter of voters) voter.close()
  await night.stop()
  checkStored(night, names)
  return figures(track, `${BOTS} bots, ${VOTES_PER_SECOND} votes a second, ${lasting(seconds)}`)
}

const lasting = (seconds: number): string =>
  seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`

function figures(all: readonly Second[], name: string): Figure[] {
  const track = all.slice(Math.floor(all.length * WARM))
  const own = (values: number[]) => ({ gamenight: median(values) })
  const memory = inWindows(track.map((second) => second.memory))
  const latency = inWindows(track.map((second) => second.latency))
  return [
    createFigure(`${name}: memory`, "MB", own(memory), [risesAtMost(MORE_MEMORY_MB, "MB", fitted(memory))]),
    createFigure(`${name}: a vote, p50`, "ms", own(latency), [
      risesAtMost(MORE_LATENCY_MS, "ms", fitted(latency)),
    ]),
  ]
}

function inWindows(values: readonly number[]): number[] {
  const edge = (window: number) => Math.floor((window * values.length) / WINDOWS)
  const windows = Array.from({ length: WINDOWS }, (_, at) => values.slice(edge(at), edge(at + 1)))
  return windows.filter(({ length }) => length > 0).map(median)
}

/** Votes at even distances; the time each should have begun at is fixed from the first on, so that no delay adds up. */
async function voteForASecond(
  { pid }: Night,
  voters: readonly Voter[],
  second: number,
  names: string[],
  begun: number,
): Promise<Second> {
  const took = await Promise.all(
    voters.map(async (voter, at) => {
      await Bun.sleep(Math.max(0, begun + (second + at / voters.length) * 1000 - performance.now()))
      const name = `viewer ${at} in ${second}`
      names.push(name)
      return voter.cast(name)
    }),
  )
  return { memory: residentMemory(pid), latency: quantile(took, 0.5) }
}

async function openBots(night: Night) {
  const problems: string[] = []
  const wrong = (why: string) => problems.push(why)
  let bots: Returner[] = []
  for (let bot = 0; bot < BOTS; bot++) bots.push(await openReturner(night, { wrong }))
  const start = bots[0]?.place.seq ?? 0
  return {
    async storm(): Promise<void> {
      for (const { socket } of bots) socket.reset()
      bots = await Promise.all(bots.map(({ place }) => openReturner(night, { place, wrong })))
    },
    /** Throws when a bot has not heard each of so many events once. */
    async end(events: number): Promise<void> {
      // Who comes back once more has heard everything before it is live.
      await this.storm()
      const behind = bots.filter(({ place }) => place.seq !== start + events)
      if (behind.length > 0) problems.push(`${behind.length} bots did not hear all ${events} events`)
      if (problems.length > 0) throw new Error(problems.slice(0, 5).join("\n"))
      for (const { socket } of bots) socket.reset()
    },
  }
}
