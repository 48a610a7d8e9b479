/** A reconnect storm: every follower loses its connection at once and comes back at once to what it missed. */
import { openNight } from "./night.ts"
import type { Programs } from "./programs.ts"
import { createFigure, type Figure, type Plan } from "./report.ts"
import { openReturner, type Place, type Returner } from "./returner.ts"
import { cpuSeconds, grouped, median } from "./statistics.ts"
import { openVoters } from "./voters.ts"

const MISSED = 20
/** Followers on their way in at once before the storm. */
const AT_ONCE = 50

export async function measureStorm({ gamenight }: Programs, { short, log }: Plan): Promise<Figure[]> {
  const followers = short ? 200 : 2_000
  const rounds = short ? 1 : 5
  const night = await openNight(gamenight)
  const voters = await openVoters(night.url, night.token, MISSED)
  let places: (Place | undefined)[] = Array.from({ length: followers }, () => undefined)
  for (let from = 0; from < followers; from += AT_ONCE) {
    const some = await Promise.all(
      places.slice(from, from + AT_ONCE).map((place) => openReturner(night, { place })),
    )
    places = leave(some, places, from)
  }
  const costs: number[] = []
  const waits: number[] = []
  for (let round = 0; round < rounds; round++) {
    await Promise.all(voters.map((voter, at) => voter.cast(`viewer ${at} of storm ${round}`)))
    const [cpu, begun] = [cpuSeconds(night.pid), performance.now()]
    const back = await Promise.all(places.map((place) => openReturner(night, { place })))
    waits.push(performance.now() - begun)
    costs.push(((cpuSeconds(night.pid) - cpu) / followers) * 1e6)
    places = leave(back, places, 0)
    log(
      `storm ${round + 1} of ${rounds}: ${grouped(followers)} followers are back after ${waits.at(-1)?.toFixed(0)} ms`,
    )
  }
  await night.stop()
  const name = `storm of ${grouped(followers)} followers that missed ${MISSED} events`
  return [
    createFigure(`${name}, until all are live`, "ms", { [gamenight.name]: median(waits) }),
    createFigure(`${name}, CPU of each`, "µs", { [gamenight.name]: median(costs) }),
  ]
}

/** All of them are gone; what they know is their place from `from` on. */
function leave(gone: readonly Returner[], places: readonly (Place | undefined)[], from: number) {
  for (const { socket } of gone) socket.reset()
  return places.map((place, at) => gone[at - from]?.place ?? place)
}
