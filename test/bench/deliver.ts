/** Deliveries: what one costs the service, how many it manages, and how long the last of all followers waits. */
import { type Audience, openAudience } from "./audience.ts"
import { checkStored, type Night, openNight } from "./night.ts"
import type { Program, Programs } from "./programs.ts"
import { atLeast, atMost, type Figure, type Plan } from "./report.ts"
import { figure, inRounds, type Sample, type Samples } from "./rounds.ts"
import { cpuSeconds, grouped, milliseconds, quantile, residentMemory } from "./statistics.ts"
import { openVoters, type Voter } from "./voters.ts"

/** Votes that come at once, each on a connection of its own. */
const BURST = 64
/** Enough to get warm; a large one takes some of the peers many seconds. */
const SMALL_BURST = 8

type Size = { followers: number; rounds: number; seconds: number; settleMs: number }

export async function measureDeliveries(programs: Programs, plan: Plan): Promise<Figure[]> {
  const few = { followers: 1_000, rounds: 5, seconds: 2, settleMs: 0 }
  const many = { followers: 10_000, rounds: 3, seconds: 3, settleMs: 2_000 }
  const brief = { rounds: 1, seconds: 0.3 }
  const [small, large] = plan.short
    ? [
        { ...few, ...brief, followers: 100 },
        { ...many, ...brief, followers: 1_000, settleMs: 200 },
      ]
    : [few, many]
  const { gamenight, bare, group, classic, socketIo } = programs
  const first = await rounds([gamenight, bare, group, classic, socketIo], small, plan)
  const second = await rounds([gamenight, bare, classic, socketIo], large, plan)
  return [
    ...costs(first, small, bare.name),
    figure(first, {
      name: `deliveries in bursts, ${grouped(small.followers)} followers`,
      unit: "/s",
      of: "rate",
      wanted: [atLeast(12, classic.name)],
    }),
    figure(first, {
      name: `request to last of ${grouped(small.followers)} followers, p50`,
      unit: "ms",
      of: "p50",
      wanted: [atMost(1.15, bare.name)],
    }),
    figure(first, {
      name: `request to last of ${grouped(small.followers)} followers, p99`,
      unit: "ms",
      of: "p99",
    }),
    ...costs(second, large, bare.name),
    figure(second, {
      name: `memory of a connection, ${grouped(large.followers)} followers`,
      unit: "kB",
      of: "memory",
      wanted: [atMost(1.1, bare.name)],
    }),
  ]
}

function costs(samples: Samples, { followers }: Size, other: string): Figure[] {
  return (["single", "burst"] as const).map((of) =>
    figure(samples, {
      name: `CPU of a delivery, ${of === "single" ? "single" : "bursts"}, ${grouped(followers)} followers`,
      unit: "µs",
      of,
      wanted: [atMost(1.15, other)],
    }),
  )
}

function rounds(programs: readonly Program[], size: Size, { log }: Plan): Promise<Samples> {
  return inRounds(size.rounds, programs, async (program, round) => {
    const sample = await deliver(program, size)
    const place = `${grouped(size.followers)} followers, round ${round + 1} of ${size.rounds}`
    const { single = 0, burst = 0, rate = 0, helpers = 0 } = sample
    log(
      `${place}: ${program.name} ${single.toFixed(2)} µs single, ${burst.toFixed(2)} µs in bursts, ` +
        `${Math.round(rate)}/s, the followers busy ${Math.round(helpers * 100)} %`,
    )
    return sample
  })
}

async function deliver(program: Program, { followers, seconds, settleMs }: Size): Promise<Sample> {
  const night = await openNight(program)
  const voters = await openVoters(night.url, night.token, BURST)
  const empty = residentMemory(night.pid)
  const audience = await openAudience(night, followers)
  try {
    await Bun.sleep(settleMs)
    const memory = ((residentMemory(night.pid) - empty) / followers) * 1000
    const names: string[] = []
    const measure = (size: number, time: number) =>
      announce(night, audience, voters.slice(0, size), time, names)
    await measure(SMALL_BURST, seconds / 4)
    await measure(1, seconds / 4)
    const single = await measure(1, seconds)
    const burst = await measure(BURST, seconds)
    await audience.leave()
    await night.stop()
    checkStored(night, names)
    const per = (cpu: number, events: number) => (cpu / (events * followers)) * 1e6
    return {
      single: per(single.cpu, single.events),
      burst: per(burst.cpu, burst.events),
      rate: (burst.events * followers) / burst.seconds,
      p50: quantile(single.waits, 0.5),
      p99: quantile(single.waits, 0.99),
      helpers: burst.helpers / burst.seconds,
      memory,
    }
  } finally {
    await audience.leave()
    await night.stop()
  }
}

/** All voters vote at once, again and again, each time when the last follower has heard the last vote. */
async function announce(
  { pid }: Night,
  audience: Audience,
  voters: readonly Voter[],
  seconds: number,
  names: string[],
) {
  const helpers = () => audience.pids.reduce((sum, one) => sum + cpuSeconds(one), 0)
  const [cpu, helped, begun] = [cpuSeconds(pid), helpers(), milliseconds()]
  const waits: number[] = []
  while (milliseconds() < begun + seconds * 1000) {
    const { heard } = await audience.expect(voters.length)
    const asked = milliseconds()
    const cast = voters.map((voter) => {
      const name = `viewer ${names.length}`
      names.push(name)
      return voter.cast(name)
    })
    const [last] = await Promise.all([heard, ...cast])
    waits.push(last - asked)
  }
  return {
    waits,
    events: waits.length * voters.length,
    cpu: cpuSeconds(pid) - cpu,
    helpers: helpers() - helped,
    seconds: (milliseconds() - begun) / 1000,
  }
}
