/** What a host is about to put to the vote: games and answers of their own, and how long there is. */
import { signal } from "@preact/signals"
import type { Game } from "../games.ts"
import type { Picked } from "../picks.ts"
import { requests } from "./live.ts"
import { startPoll } from "./tonight.ts"
import { asked, wish } from "./wish.ts"

export type Entry = { game: Game } | { answer: string }

/** What a poll takes at least and at most; without any the service draws three games. */
export const LEAST = 2
export const MOST = 8
const DRAWN = 3
/** Chance may name the same game again and again. */
const MOST_TRIES = 12

export const ballot = signal<readonly Entry[]>([])
/** Whether viewers may ask for something else. */
export const other = signal(true)
/** Seconds as they are chosen or typed; undefined where a host ends the poll. */
export const seconds = signal<string | undefined>(undefined)

export const has = (game: Game): boolean =>
  ballot.value.some((entry) => "game" in entry && entry.game.id === game.id)

export function add(entry: Entry): void {
  if (ballot.value.length >= MOST || ("game" in entry && has(entry.game))) return
  ballot.value = [...ballot.value, entry]
}

export function take(entry: Entry): void {
  ballot.value = ballot.value.filter((one) => one !== entry)
}

/** Adds up to three games that fit the wishes of the page. Throws what a roll of the dice throws. */
export async function draw(): Promise<void> {
  const end = Math.min(MOST, ballot.value.length + DRAWN)
  for (let tries = 0; tries < MOST_TRIES && ballot.value.length < end; tries++) {
    const { game, poolSize } = await requests.send<Picked>("POST", "/api/pick", asked(wish.value))
    add({ game })
    if (ballot.value.filter((entry) => "game" in entry).length >= poolSize) break
  }
}

/** Puts it to the vote; the next poll begins with an empty list. */
export async function ask(): Promise<void> {
  const { sessionId: _, excludePlayed: _e, ...filters } = asked(wish.value)
  const options = ballot.value.map((entry) => ("game" in entry ? entry.game.id : entry.answer))
  await startPoll({
    ...(options.length > 0 ? { options } : filters),
    other: other.value,
    ...(seconds.value !== undefined && { seconds: Number(seconds.value) }),
  })
  ballot.value = []
}
