/** Viewers of a stream see a poll late: what they choose is for the poll that they saw. */
import { expect, test } from "bun:test"
import { openPolling } from "./support/poll-night.ts"

/** A night whose twitch is 8 seconds late, right after the start of a second poll: Karaoke or Darts, then Tea or Beer. */
async function lateNight() {
  const night = await openPolling({ delayOf: (source) => (source === "twitch" ? 8_000 : 0) })
  const { id } = await night.sessions.start(null)
  const first = await night.startPoll(id, ["Karaoke", "Darts"])
  night.clock.pass(60)
  await night.end(id)
  return { ...night, id, first, second: await night.startPoll(id, ["Tea", "Beer"]) }
}

const closed = (pollId: number) => ({ code: "poll_closed", details: { members: { poll: { id: pollId } } } })

test("a vote of a late source is for the poll its viewer saw, which is over by then", async () => {
  const { choose, clock, first, second } = await lateNight()
  clock.pass(2.999)
  await expect(choose("Ann", 1, { source: "twitch" })).rejects.toMatchObject(closed(first.id))
  const at = clock.iso()
  await expect(choose("Ann", 1, { source: "twitch", at })).rejects.toMatchObject(closed(first.id))
  expect((await choose("Bob", 1, { source: "irc" })).poll).toMatchObject({ id: second.id, total_votes: 1 })
  clock.pass(0.001)
  const { poll, vote } = await choose("Ann", 1, { source: "twitch" })
  expect(poll).toMatchObject({ id: second.id, total_votes: 2 })
  expect(vote.timestamp).toBe(clock.iso())
})

test("so it is where that poll was shorter than the delay", async () => {
  const { choose, clock, startPoll, end, id, second } = await lateNight()
  clock.pass(6)
  await end(id)
  await startPoll(id, ["Chess", "Go"])
  await expect(choose("Ann", 1, { source: "twitch" })).rejects.toMatchObject(closed(second.id))
})

test("a vote that names its poll is for that one, however late its source", async () => {
  const { choose, second } = await lateNight()
  const { poll } = await choose("Ann", 1, { source: "twitch", pollId: second.id })
  expect(poll.id).toBe(second.id)
})

test("no vote goes to a time before the first poll, and none cast before it is one for it", async () => {
  const night = await openPolling({ delayOf: () => 8_000 })
  const { id } = await night.sessions.start(null)
  const early = night.clock.iso()
  night.clock.pass(60)
  const { id: pollId } = await night.startPoll(id, ["Karaoke", "Darts"])
  expect((await night.choose("Ann", 1, { source: "twitch" })).poll.id).toBe(pollId)
  await expect(night.choose("Bob", 1, { source: "twitch", at: early })).rejects.toMatchObject({
    code: "poll_not_found",
    message: `Cannot count the vote: no poll had begun at ${early}`,
  })
})

test.each([10, 3_600])("under a clock %d s behind a late vote is for the poll that runs", async (seconds) => {
  const { choose, clock, second } = await lateNight()
  clock.pass(-seconds)
  expect((await choose("Ann", 1, { source: "twitch" })).poll.id).toBe(second.id)
  expect((await choose("Bob", 1)).poll.id).toBe(second.id)
})
