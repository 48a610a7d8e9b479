/** A plan for a night: it fits the time, varies and can go on from what was played. */
import { expect, test } from "bun:test"
import type { Candidate } from "../src/picker.ts"
import { seeded } from "../src/picker.ts"
import { candidatesFor } from "../src/picks.ts"
import { type PlanWish, plan } from "../src/planner.ts"
import { candidate } from "./support/candidate.ts"
import { openNight } from "./support/night.ts"

const NIGHT: PlanWish = { minutes: 180, breakMinutes: 5, played: [] }

const planned = (candidates: readonly Candidate[], wish: Partial<PlanWish>, seed = "a seed") => {
  const found = plan(candidates, { ...NIGHT, ...wish }, seeded(seed))
  if ("emptiedBy" in found) throw new Error(`Nothing fits: ${JSON.stringify(found)}`)
  return found
}

test("every plan of the shipped games fits its time, seats its people and repeats no game", async () => {
  const night = await openNight()
  const candidates = await candidatesFor(night.store.db, undefined)
  for (let i = 0; i < 300; i++) {
    const minutes = 60 + (i % 10) * 30
    const { games, ends_at, spare_minutes } = planned(candidates, { minutes, playerCount: 5 }, `night ${i}`)
    expect(games.length).toBeGreaterThan(1)
    expect(new Set(games.map(({ game }) => game.id)).size).toBe(games.length)
    let at = 0
    for (const { game, starts_at, minutes: takes } of games) {
      expect(starts_at).toBe(at)
      expect(game.min_players <= 5 && game.max_players >= 5).toBeTrue()
      at += takes + 5
    }
    expect(ends_at).toBe(at - 5)
    expect(ends_at).toBeLessThanOrEqual(minutes)
    expect(spare_minutes).toBe(minutes - ends_at)
    const inPlan = new Set(games.map(({ game }) => game.id))
    const left = candidates.filter(
      (game) =>
        !inPlan.has(game.id) &&
        game.enabled === 1 &&
        game.min_players <= 5 &&
        game.max_players >= 5 &&
        (game.length_minutes ?? 20) <= spare_minutes - 5,
    )
    expect(left).toEqual([])
  }
})

test("two of a kind in a row are five times less likely than two kinds", () => {
  const pair = [
    candidate({ game_type: "Trivia" }),
    candidate({ game_type: "Trivia" }),
    candidate({ game_type: "Drawing" }),
  ]
  let same = 0
  const draws = 20_000
  for (let i = 0; i < draws; i++) {
    const [first, second] = planned(pair, { minutes: 45, played: [] }, `night ${i}`).games
    if (first?.game.game_type !== "Trivia") continue
    expect(second?.probability).toBeCloseTo(second?.game.game_type === "Trivia" ? 1 / 6 : 5 / 6, 12)
    if (second?.game.game_type === "Trivia") same++
  }
  // Two thirds of the nights begin with trivia, and one in six of these goes on with it.
  expect(same / draws).toBeGreaterThan(0.1)
  expect(same / draws).toBeLessThan(0.122)
})

test("what was played takes its time, does not come again and counts as the game before", () => {
  const [trivia, drawing, unknown] = [
    candidate({ game_type: "Trivia", length_minutes: 30 }),
    candidate({ game_type: "Drawing", length_minutes: 30 }),
    candidate({ game_type: "Word", length_minutes: null }),
  ]
  const candidates = [trivia, drawing, unknown]
  const rest = planned(candidates, { minutes: 120, played: [{ game_id: trivia.id }] })
  expect(rest.games.map(({ starts_at }) => starts_at)[0]).toBe(35)
  expect(rest.games.map(({ game }) => game.id).sort()).toEqual([drawing.id, unknown.id])
  expect(rest.games[0]?.reasons.at(-1)).toEndWith("after Trivia")
  const long = planned(candidates, { minutes: 120, played: [{ game_id: trivia.id, minutes: 60 }] })
  expect(long.games[0]?.starts_at).toBe(65)
  const guessed = rest.games.find(({ game }) => game.id === unknown.id)
  expect(guessed).toMatchObject({ minutes: 20, assumed: true })
  expect(guessed?.reasons.join()).toContain("Its length is not known, 20 minutes were taken")
})

test("a night too short for any game says that time is what is missing", () => {
  const found = plan([candidate({ length_minutes: 30 })], { ...NIGHT, minutes: 20 }, seeded("a seed"))
  expect(found).toEqual({ emptiedBy: "minutes", relax: [{ filter: "minutes", games: 1 }] })
})

test("a session's games are not planned again", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  const { game_id } = await night.play(id, "QPL3")
  const candidates = await candidatesFor(night.store.db, id)
  for (let i = 0; i < 50; i++) {
    const { games } = planned(candidates, { minutes: 600 }, `night ${i}`)
    expect(games.map(({ game }) => game.id)).not.toContain(game_id)
  }
})
