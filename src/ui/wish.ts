/** What a pick is to fit: the filters of the page, kept for the next time. */
import { effect, signal } from "@preact/signals"
import type { Game } from "../games.ts"
import { recall, remember } from "./keep.ts"
import { session } from "./live.ts"

export type Wish = {
  playerCount: number | null
  audience: boolean
  length: "any" | "short" | "medium" | "long"
  drawing: "any" | "only" | "exclude"
  familyFriendly: boolean
  excludePlayed: boolean
  /** None stands for all. */
  packs: readonly string[]
}

export const ANY: Wish = {
  playerCount: null,
  audience: false,
  length: "any",
  drawing: "any",
  familyFriendly: false,
  excludePlayed: true,
  packs: [],
}

const KEY = "gamenight.wish"

function kept(): Wish {
  try {
    return { ...ANY, ...JSON.parse(recall(KEY) ?? "{}") }
  } catch {
    return ANY
  }
}

export const wish = signal<Wish>(kept())
effect(() => remember(KEY, JSON.stringify(wish.value)))

export const want = (more: Partial<Wish>): void => {
  wish.value = { ...wish.value, ...more }
}

/** As `POST /api/pick` takes it. */
export function asked(of: Wish): Record<string, unknown> {
  const { playerCount, audience, length, drawing, familyFriendly, excludePlayed, packs } = of
  return {
    ...(playerCount !== null && { playerCount, audience }),
    ...(length !== "any" && { length }),
    ...(drawing !== "any" && { drawing }),
    ...(familyFriendly && { familyFriendly }),
    ...(packs.length > 0 && { packs }),
    ...(session.value && { sessionId: session.value.id, excludePlayed }),
  }
}

/** Takes one filter away, by the name the service gives it. */
export function relax(filter: string): void {
  const none: Readonly<Record<string, Partial<Wish>>> = {
    playerCount: { playerCount: null },
    length: { length: "any" },
    drawing: { drawing: "any" },
    familyFriendly: { familyFriendly: false },
    packs: { packs: [] },
    excludePlayed: { excludePlayed: false },
  }
  want(none[filter] ?? {})
}

export const mayRelax = (filter: string): boolean =>
  ["playerCount", "length", "drawing", "familyFriendly", "packs", "excludePlayed"].includes(filter)

export type Fact =
  | { kind: "seats"; game: Game; people: number }
  | { kind: "audience"; game: Game; more: number }
  | { kind: "minutes"; minutes: number }
  | { kind: "drawing" | "family" | "favoured" | "outOfFavour" | "liked" | "new" }

/** Why a game fits, and what else speaks for it; the page puts it into words. */
export function factsOf(game: Game, { playerCount, drawing, familyFriendly }: Wish): Fact[] {
  const facts: Fact[] = []
  if (playerCount !== null && playerCount > game.max_players) {
    facts.push({ kind: "audience", game, more: playerCount - game.max_players })
  } else if (playerCount !== null) facts.push({ kind: "seats", game, people: playerCount })
  if (game.length_minutes !== null) facts.push({ kind: "minutes", minutes: game.length_minutes })
  if (drawing === "only") facts.push({ kind: "drawing" })
  if (familyFriendly) facts.push({ kind: "family" })
  if (game.favor_bias === 1) facts.push({ kind: "favoured" })
  if (game.favor_bias === -1) facts.push({ kind: "outOfFavour" })
  if (game.play_count === 0) facts.push({ kind: "new" })
  else if (game.popularity_score > 0) facts.push({ kind: "liked" })
  return facts
}
