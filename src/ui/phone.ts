/** This phone as a voter: what it calls itself, and what it said of each game. */
import { signal } from "@preact/signals"
import { newKey } from "../client/request.ts"
import { recall, remember } from "./keep.ts"
import { requests } from "./live.ts"

const DEVICE = "gamenight.device"
const SAID = "gamenight.said"

function device(): string {
  const known = recall(DEVICE)
  if (known) return known
  const made = newKey()
  remember(DEVICE, made)
  return made
}

/** Undefined until the service has said whether phones vote here. */
export const phonesVote = signal<boolean | undefined>(undefined)

/** Where phones find their page. */
export const phoneUrl = signal(`${location.origin}/vote`)

export async function askWhetherPhonesVote(): Promise<void> {
  const { enabled, url } = await requests.send<{ enabled: boolean; url: string | null }>(
    "GET",
    "/api/votes/phone",
  )
  if (url) phoneUrl.value = url
  phonesVote.value = enabled
}

/** By round, as `session game-began`; and by poll. */
type Said = Readonly<Record<string, string | number>>

function kept(): Said {
  try {
    return JSON.parse(recall(SAID) ?? "{}")
  } catch {
    return {}
  }
}

export const said = signal<Said>(kept())

const MOST_REMEMBERED = 40

function keep(key: string, value: string | number): void {
  const all = Object.entries({ ...said.value, [key]: value }).slice(-MOST_REMEMBERED)
  said.value = Object.fromEntries(all)
  remember(SAID, JSON.stringify(said.value))
}

/** Two votes of one voter within a second count as one sent twice: the second one waits for its turn. */
const TURN_MS = 1_100
let turn = 0

async function inTurn(send: () => Promise<unknown>): Promise<void> {
  const wait = turn - performance.now()
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  turn = performance.now() + TURN_MS
  await send()
}

export async function voteOn(round: string, gameId: number, vote: "up" | "down"): Promise<void> {
  await inTurn(() => requests.send("POST", "/api/votes/phone", { device: device(), vote, game_id: gameId }))
  keep(round, vote)
}

export async function chooseIn(pollId: number, choice: number): Promise<void> {
  await inTurn(() => requests.send("POST", "/api/votes/phone/poll", { device: device(), pollId, choice }))
  keep(`poll ${pollId}`, choice)
}
