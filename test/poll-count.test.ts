/** Counting a poll: which option is meant, who leads, who wins, and how chance decides. */
import { expect, test } from "bun:test"
import { leadingAfter, optionCalled, type PollOption, resultOf } from "../src/poll-count.ts"

const games = (...votes: number[]): PollOption[] =>
  votes.map((count, at) => ({
    position: at + 1,
    game_id: at + 10,
    label: `Game ${at + 1}`,
    ticker: `G${at + 1}`,
    weight: 25,
    votes: count,
  }))

const label = (position: number, name: string, votes: number): PollOption => ({
  position,
  game_id: null,
  label: name,
  ticker: null,
  weight: 25,
  votes,
})

const winners = (options: readonly PollOption[], draws = 200) => {
  const won = new Map<number, number>()
  for (let i = 0; i < draws; i++) {
    const { position } = resultOf(options, `seed ${i}`).winner
    won.set(position, (won.get(position) ?? 0) + 1)
  }
  return won
}

test("an option is meant by its number, its ticker or its label, whatever the case", () => {
  const options = [...games(0, 0), label(3, "Other", 0)]
  const meant = ["2", "g2", "GAME 2", "3", "other", "4", "02", "", "Game"]
  expect(meant.map((choice) => optionCalled(options, choice)?.position)).toEqual([
    2,
    2,
    2,
    3,
    3,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test("a number goes before a ticker, and a ticker before a label", () => {
  const options = [label(1, "G2", 0), { ...games(0)[0], position: 2, ticker: "G2" } as PollOption]
  expect(optionCalled(options, "g2")?.position).toBe(2)
  expect(optionCalled(options, "1")?.position).toBe(1)
})

test("nobody leads before the first vote, and a lead is lost only to one with more votes", () => {
  expect(leadingAfter(games(0, 0), null)).toBeNull()
  expect(leadingAfter(games(0, 1), null)).toBe(2)
  expect(leadingAfter(games(1, 1), 2)).toBe(2)
  expect(leadingAfter(games(2, 1), 2)).toBe(1)
  expect(leadingAfter(games(1, 2, 2), 1)).toBe(2)
})

test("the most votes win, be it for a game or for something else", () => {
  expect(resultOf(games(1, 3, 2), "a seed")).toMatchObject({ winner: { position: 2 }, isTie: false })
  expect(resultOf([...games(1), label(2, "Other", 2)], "a seed").winner.label).toBe("Other")
})

test("in a tie no label wins against a game, and Other not against a label", () => {
  const [game] = games(2)
  const options = [label(1, "Karaoke", 2), { ...game, position: 2 } as PollOption, label(3, "Other", 2)]
  expect([...winners(options).keys()]).toEqual([2])
  expect(resultOf(options, "a seed").isTie).toBeTrue()
  expect([...winners([label(1, "Other", 2), label(2, "Karaoke", 2)]).keys()]).toEqual([2])
})

test("without a vote a game is drawn, and that is a tie", () => {
  const options = [...games(0, 0, 0), label(4, "Other", 0)]
  expect([...winners(options).keys()].sort()).toEqual([1, 2, 3])
  expect(resultOf(options, "a seed")).toMatchObject({ winner: { votes: 0 }, isTie: true })
})

test("a tie is drawn by the weights, and the same seed draws the same one", () => {
  const [light, heavy] = games(1, 1)
  const options = [{ ...light, weight: 5 } as PollOption, { ...heavy, weight: 75 } as PollOption]
  const draws = 20_000
  const won = winners(options, draws)
  // 5 in 80; three standard deviations are 0.5 percent, and the seeds are fixed.
  expect((won.get(1) ?? 0) / draws).toBeCloseTo(5 / 80, 2)
  expect(winners(options, draws)).toEqual(won)
})
