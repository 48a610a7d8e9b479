/** Votes under a clock that was set while the night ran: they belong to the game that is playing all the same. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

const AHEAD = "2038-01-01T00:00:00.000Z"
const RIGHT = "2025-11-01T20:50:00.000Z"

/** How people vote: without a time, or with that of a clock that is right. */
const WAYS: [string, { at?: string }][] = [
  ["without a time", {}],
  ["with a right time", { at: RIGHT }],
]

/** A night with Quiplash 3 from 20:00. */
async function runningNight() {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  const counts = async () =>
    (await night.sessionGames.list(id)).map(({ upvotes, downvotes }) => [upvotes, downvotes])
  return { ...night, id, counts }
}

test.each(WAYS)(
  "a vote %s counts for the game that is playing, once the clock was set back",
  async (_how, when) => {
    const { cast, play, id, clock, counts } = await runningNight()
    clock.set(AHEAD)
    await play(id, "TMP2")
    clock.set(RIGHT)
    expect((await cast("Ann", "up", when)).game.title).toBe("Trivia Murder Party 2")
    clock.pass(5)
    await play(id, "DRW2")
    expect((await cast("Ann", "up", when)).game.title).toBe("Drawful 2")
    expect(await counts()).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
    ])
  },
)

test.each(WAYS)("a vote %s counts in a night that began under a clock that was ahead", async (_how, when) => {
  const { cast, sessions, play, clock } = await openNight()
  clock.set(AHEAD)
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  clock.set(RIGHT)
  expect((await cast("Ann", "up", when)).session.id).toBe(id)
})

test.each(WAYS)(
  "a change of mind %s counts after a vote under a clock that was ahead",
  async (_how, when) => {
    const { cast, clock, counts } = await runningNight()
    clock.set(AHEAD)
    await cast("Ann", "up")
    clock.set(RIGHT)
    await cast("Ann", "down", when)
    expect(await counts()).toEqual([[0, 1]])
  },
)

test("while the clock stands behind the night, the same voter twice within a second is still one vote", async () => {
  const { cast, clock, counts } = await runningNight()
  clock.set("2025-11-01T19:00:00.000Z")
  await cast("Ann", "up")
  clock.pass(0.9)
  await expect(cast("Ann", "down")).rejects.toMatchObject({ code: "duplicate_vote" })
  clock.pass(0.1)
  await cast("Ann", "down")
  expect(await counts()).toEqual([[0, 1]])
})

test.each(WAYS)(
  "a vote %s counts for no night that ended under a clock that was ahead",
  async (_how, when) => {
    const { cast, sessions, clock, id } = await runningNight()
    clock.set(AHEAD)
    await sessions.close(id)
    expect((await cast("Ann", "up")).session.id).toBe(id)
    clock.set(RIGHT)
    await expect(cast("Bob", "up", when)).rejects.toMatchObject({ code: "session_not_found" })
  },
)
