/** People with several names: from the link on they are one voter. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

/** A running night with Quiplash 3. */
async function namesNight(policy: "latest" | "every" = "latest") {
  const night = await openNight({ policy })
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  const counts = async () => {
    const [row] = await night.sessionGames.list(id)
    return [row?.upvotes, row?.downvotes]
  }
  return { ...night, id, counts }
}

test("linked names change one mind, and each vote keeps its name", async () => {
  const { voterLinks, cast, counts, clock, tallies } = await namesNight()
  expect(await voterLinks.link(["Zoe_TTV", "ann"])).toEqual({
    id: 1,
    usernames: ["ann", "Zoe_TTV"],
    created_at: "2025-11-01T20:00:00.000Z",
  })
  await cast("Ann", "up")
  await expect(cast("zoe_ttv", "up")).rejects.toMatchObject({ code: "duplicate_vote" })
  clock.pass(1)
  await cast("Zoe_ttv", "down")
  expect(await counts()).toEqual([0, 1])
  clock.pass(1)
  await cast("Bob", "up")
  expect(await counts()).toEqual([1, 1])
  const { votes } = await tallies.page({ page: 1, limit: 10 })
  expect(votes.map(({ username }) => username)).toEqual(["Bob", "Zoe_ttv"])
})

test("a link leaves the votes before it alone until the person votes on that game again", async () => {
  const { voterLinks, cast, counts, clock, play, id, history } = await namesNight()
  const voters = async () => {
    const { parts } = await history.export(id, "json")
    let text = ""
    for await (const part of parts) text += part
    return JSON.parse(text).voters
  }
  await cast("ann", "up")
  await cast("zoe", "up")
  expect(await voters()).toBe(2)
  await voterLinks.link(["ann", "zoe"])
  expect([await counts(), await voters()]).toEqual([[2, 0], 1])
  clock.pass(60)
  await cast("zoe", "down")
  expect(await counts()).toEqual([0, 1])

  await play(id, "DRW2")
  await voterLinks.unlink(1)
  clock.pass(60)
  await cast("ann", "up")
  await cast("zoe", "up")
  expect(await counts()).toEqual([0, 1])
  expect(await voters()).toBe(2)
})

test("with the policy every, linked names are one voter within a second", async () => {
  const { voterLinks, cast, counts, clock } = await namesNight("every")
  await voterLinks.link(["ann", "zoe"])
  await cast("ann", "up")
  await expect(cast("zoe", "up")).rejects.toMatchObject({ code: "duplicate_vote" })
  clock.pass(1)
  await cast("zoe", "up")
  expect(await counts()).toEqual([2, 0])
})

test("an imported chat knows the links, too", async () => {
  const { voterLinks, cast, counts, clock, chatImport, id } = await namesNight()
  await voterLinks.link(["ann", "zoe"])
  clock.pass(60)
  await cast("ann", "up")
  const said = { message: "thisgame++", timestamp: clock.now() }
  const chat = [
    { ...said, index: 0, username: "zoe" },
    { ...said, index: 1, username: "Zoe", message: "thisgame--", timestamp: clock.now() + 5_000 },
  ]
  expect(await chatImport.load(id, chat)).toMatchObject({ votes: 1, duplicates: 1 })
  expect(await counts()).toEqual([0, 1])
})

test("a name is in one link at most and once in it, and every wrong one is named", async () => {
  const { voterLinks } = await openNight()
  await voterLinks.link(["ann", "zoe"])
  await expect(voterLinks.link(["bob", "Bob", "cleo", "BOB"])).rejects.toMatchObject({
    code: "invalid_input",
    details: { errors: [{ path: "usernames.1" }, { path: "usernames.3" }] },
  })
  await expect(voterLinks.link(["ZOE", "bob", "Ann"])).rejects.toMatchObject({
    code: "conflict",
    details: { errors: [{ path: "usernames.0" }, { path: "usernames.2" }] },
  })
  await voterLinks.link(["bob", "cleo"])
  expect((await voterLinks.list()).map(({ usernames }) => usernames)).toEqual([
    ["ann", "zoe"],
    ["bob", "cleo"],
  ])
  await voterLinks.unlink(1)
  await expect(voterLinks.unlink(1)).rejects.toMatchObject({ code: "not_found" })
  expect((await voterLinks.link(["ZOE", "Ann"])).id).toBe(3)
})
