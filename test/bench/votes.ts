/** Durable votes: how many a second, and how long one takes, with every answered one found again on the disk. */
import { checkStored, openNight } from "./night.ts"
import type { Program, Programs } from "./programs.ts"
import { atLeast, atMost, type Figure, type Plan } from "./report.ts"
import { figure, inRounds, type Sample } from "./rounds.ts"
import { cpuSeconds, quantile } from "./statistics.ts"
import { type Cast, castFor, openVoters } from "./voters.ts"

const CONNECTIONS = [1, 16, 64]

export async function measureVotes(programs: Programs, { short, log }: Plan): Promise<Figure[]> {
  const { gamenight, bare, group, classic } = programs
  const rounds = short ? 1 : 7
  const seconds = short ? 0.4 : 1.5
  const samples = await inRounds(rounds, [gamenight, bare, group, classic], async (program, round) => {
    const sample = await voteOn(program, seconds, round === rounds - 1)
    log(`votes, round ${round + 1} of ${rounds}: ${program.name} ${sample["rate 64"]?.toFixed(0)}/s`)
    return sample
  })
  return CONNECTIONS.flatMap((count) => [
    figure(samples, {
      name: `durable votes, ${connections(count)}`,
      unit: "/s",
      of: `rate ${count}`,
      wanted: [
        atLeast({ 1: 0.85, 16: 4 }[count] ?? 7, bare.name),
        ...(count === 64 ? [atLeast(14, classic.name)] : []),
      ],
    }),
    figure(samples, { name: `a vote, ${connections(count)}, p50`, unit: "ms", of: `p50 ${count}` }),
    figure(samples, {
      name: `a vote, ${connections(count)}, p99`,
      unit: "ms",
      of: `p99 ${count}`,
      wanted: count === 64 ? [atMost(0.3, bare.name)] : [],
    }),
    figure(samples, {
      name: `CPU of a vote, ${connections(count)}`,
      unit: "µs",
      of: `cpu ${count}`,
    }),
  ])
}

const connections = (count: number): string => (count === 1 ? "1 connection" : `${count} connections`)

/** With `killed`, the program dies by SIGKILL while votes are on their way. */
async function voteOn(program: Program, seconds: number, killed: boolean): Promise<Sample> {
  const night = await openNight(program)
  const { url, token, pid } = night
  const voters = await openVoters(url, token, Math.max(...CONNECTIONS))
  const answered = [await castFor(voters, seconds / 2, "warm")]
  const sample: Sample = {}
  for (const count of CONNECTIONS) {
    const before = cpuSeconds(pid)
    const cast = await castFor(voters.slice(0, count), seconds, `of ${count}`)
    answered.push(cast)
    sample[`cpu ${count}`] = ((cpuSeconds(pid) - before) / cast.names.length) * 1e6
    sample[`rate ${count}`] = cast.names.length / cast.seconds
    sample[`p50 ${count}`] = quantile(cast.tookMs, 0.5)
    sample[`p99 ${count}`] = quantile(cast.tookMs, 0.99)
  }
  if (killed) {
    const last = castFor(voters, seconds, "last", { dying: true })
    await Bun.sleep(seconds * 500)
    await night.stop("SIGKILL")
    answered.push(await last)
  } else {
    for (const voter of voters) voter.close()
    await night.stop()
  }
  checkStored(
    night,
    answered.flatMap(({ names }: Cast) => names),
  )
  return sample
}
