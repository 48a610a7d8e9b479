/** Viewers of a stream see the night late: their votes go to the game that they saw. */
import { expect, test } from "bun:test"
import { openNight } from "./support/night.ts"

/** A night whose twitch is 8 seconds late: Quiplash 3 from 20:00, Drawful 2 from 20:30; it is 20:30:05. */
async function lateNight() {
  const night = await openNight({ delayOf: (source) => (source === "twitch" ? 8_000 : 0) })
  const { clock, votes } = night
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  clock.set("2025-11-01T20:30:00.000Z")
  await night.play(id, "DRW2")
  clock.pass(5)
  const cast = async (username: string, more: { source?: string; at?: string; ticker?: string }) => {
    const timestamp = more.at === undefined ? undefined : Date.parse(more.at)
    const rest = { timestamp, ticker: more.ticker, source: more.source }
    const { game, vote } = await votes.cast({ username, vote: "up", ...rest })
    return [game.title, vote.timestamp]
  }
  return { ...night, id, cast }
}

test("a vote of a late source counts for the game its viewer saw, and keeps its time", async () => {
  const { cast, clock } = await lateNight()
  expect(await cast("Ann", { source: "twitch" })).toEqual(["Quiplash 3", "2025-11-01T20:30:05.000Z"])
  expect(await cast("Bob", { source: "irc" })).toEqual(["Drawful 2", "2025-11-01T20:30:05.000Z"])
  expect(await cast("Cleo", {})).toEqual(["Drawful 2", "2025-11-01T20:30:05.000Z"])
  clock.pass(2.999)
  expect((await cast("Dora", { source: "twitch" }))[0]).toBe("Quiplash 3")
  clock.pass(0.001)
  expect((await cast("Emil", { source: "twitch" }))[0]).toBe("Drawful 2")
})

test("its own time is less the delay as well, but a ticker names the game", async () => {
  const { cast } = await lateNight()
  const at = "2025-11-01T20:30:04.000Z"
  expect(await cast("Ann", { source: "twitch", at })).toEqual(["Quiplash 3", at])
  const ahead = "2025-11-01T20:30:06.000Z"
  expect(await cast("Cleo", { source: "twitch", at: ahead })).toEqual(["Quiplash 3", ahead])
  expect(await cast("Bob", { source: "twitch", at, ticker: "DRW2" })).toEqual(["Drawful 2", at])
})

test("no vote goes to a time before the first game, and none before it is one for it", async () => {
  const { cast } = await lateNight()
  const first = "2025-11-01T20:00:00.000Z"
  expect(await cast("Ann", { source: "twitch", at: first })).toEqual(["Quiplash 3", first])
  const { sessions, votes, play, clock } = await openNight({ delayOf: () => 8_000 })
  const { id } = await sessions.start(null)
  clock.pass(60)
  await play(id, "QPL3")
  const early = { timestamp: Date.parse("2025-11-01T20:00:59.999Z"), ticker: undefined, source: "twitch" }
  const vote = votes.cast({ username: "Ann", vote: "up", ...early })
  await expect(vote).rejects.toMatchObject({ code: "game_not_found" })
})

test("under a clock that was set back a late vote counts for the game that is played", async () => {
  const { cast, clock } = await lateNight()
  clock.set("2025-11-01T20:10:00.000Z")
  expect((await cast("Ann", { source: "twitch" }))[0]).toBe("Drawful 2")
})
