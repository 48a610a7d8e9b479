/** Packs: owned or not, in favour or not, all their games off or on, and under another name. */
import { expect, test } from "bun:test"
import { createPicks } from "../src/picks.ts"
import { type Night, openNight } from "./support/night.ts"

const SEVEN = "The Jackbox Party Pack 7"

const enabledIn = async ({ games }: Night, pack: string) =>
  (await games.list({ pack })).map(({ enabled }) => enabled)

test("a pack that nobody owns is not picked from, but for games another pack brings", async () => {
  const night = await openNight()
  const picks = createPicks(night.store.db)
  expect(await night.packs.own(SEVEN, false)).toMatchObject({ name: SEVEN, owned: 0, total_count: 5 })
  const { game, poolSize } = await picks.draw({ packs: [SEVEN] })
  expect([game.title, poolSize]).toEqual(["Quiplash 3", 1])
  await night.packs.own(SEVEN, true)
  expect((await picks.draw({ packs: [SEVEN] })).poolSize).toBe(5)
})

test("a pack out of favour is drawn from less often", async () => {
  const night = await openNight()
  const picks = createPicks(night.store.db)
  const wish = { packs: [SEVEN, "Quiplash"], seed: "friday" }
  expect((await night.packs.favor(SEVEN, -1)).favor_bias).toBe(-1)
  const { probability, game } = await picks.draw(wish)
  expect(probability).toBeCloseTo(game.pack_name === SEVEN ? 1 / 10 : 1 / 2)
})

test("all games of a pack are turned off and on, those it shares with others too", async () => {
  const night = await openNight()
  expect(await night.packs.enable(SEVEN)).toMatchObject({ total_count: 5, enabled_count: 0 })
  expect(await enabledIn(night, SEVEN)).toEqual([0, 0, 0, 0, 0])
  expect(await enabledIn(night, "The Jackbox Party Starter")).toEqual([1, 1, 0])
  expect((await night.packs.enable("The Jackbox Party Starter")).enabled_count).toBe(0)
  expect((await night.packs.enable("The Jackbox Party Starter")).enabled_count).toBe(3)
  expect((await night.packs.enable(SEVEN, true)).enabled_count).toBe(5)
})

test("a renamed pack keeps its games, its favour and whether it is owned", async () => {
  const night = await openNight()
  await night.packs.favor(SEVEN, 1)
  const before = await night.packs.own(SEVEN, false)
  expect(await night.packs.rename(SEVEN, "Pack 7")).toEqual({ ...before, name: "Pack 7" })
  expect(await night.games.list({ pack: SEVEN })).toEqual([])
  expect((await night.games.get(night.gameId("TALK"))).pack_name).toBe("Pack 7")
  expect((await night.packs.of(night.gameId("QPL3"))).map(({ name }) => name)).toEqual([
    "Pack 7",
    "The Jackbox Party Essentials",
    "The Jackbox Party Starter",
  ])
  expect((await night.packs.rename("Pack 7", "PACK 7")).name).toBe("PACK 7")
  expect((await night.packs.rename("PACK 7", SEVEN)).name).toBe(SEVEN)
})

test("a pack cannot take the name of another one, but that of one without games", async () => {
  const night = await openNight()
  await expect(night.packs.rename(SEVEN, "the jackbox party pack 6")).rejects.toMatchObject({
    code: "conflict",
    message: `Cannot rename ${SEVEN}: there is a pack The Jackbox Party Pack 6`,
  })
  await night.packs.own("Quiplash", false)
  await night.gameEdits.remove(night.gameId("QPL"))
  expect(await night.packs.rename(SEVEN, "Quiplash")).toMatchObject({ name: "Quiplash", owned: 1 })
})

test("a pack without games cannot be found", async () => {
  const { packs } = await openNight()
  const missing = { code: "not_found", message: "Cannot find the pack Nobody's: no game is in it" }
  await expect(packs.own("Nobody's", true)).rejects.toMatchObject(missing)
  await expect(packs.favor("Nobody's", 1)).rejects.toMatchObject(missing)
  await expect(packs.enable("Nobody's")).rejects.toMatchObject(missing)
  await expect(packs.rename("Nobody's", "Mine")).rejects.toMatchObject(missing)
  await expect(packs.of(100_000)).rejects.toMatchObject({ code: "game_not_found" })
})
