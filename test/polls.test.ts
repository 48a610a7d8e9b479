/** Polls on the next game: who may vote, what is told, and how it ends. */
import { expect, test } from "bun:test"
import type { Night } from "./support/night.ts"
import { openPolling } from "./support/poll-night.ts"

test("a session has one poll at a time, and none once it is over", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const poll = await night.startPoll(id)
  const second = night.startPoll(id)
  await expect(second).rejects.toMatchObject({
    code: "poll_running",
    details: { members: { pollId: poll.id } },
  })
  await night.sessions.close(id)
  await expect(night.startPoll(id)).rejects.toMatchObject({ code: "session_closed" })
  await expect(night.startPoll(99)).rejects.toMatchObject({ code: "session_not_found" })
})

test("votes are told with all counts, and a new leader once", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const poll = await night.startPoll(id, ["TKO", "DRW2"])
  night.heard()
  const { vote } = await night.choose("Ann", "tko")
  expect(vote).toEqual({
    username: "Ann",
    position: 1,
    label: poll.options[0]?.label ?? "",
    timestamp: night.clock.iso(),
  })
  await night.choose("Bob", 1)
  await night.choose("Zoe", 2)
  const heard = night.heard()
  expect(heard.map(({ type }) => type)).toEqual(["poll.voted", "poll.leading", "poll.voted", "poll.voted"])
  expect(heard[1]?.data).toMatchObject({
    sessionId: id,
    pollId: poll.id,
    position: 1,
    votes: 1,
    totalVotes: 1,
  })
  expect(heard[3]?.data).toMatchObject({ totalVotes: 3, options: [{ votes: 2 }, { votes: 1 }, { votes: 0 }] })
  night.clock.pass(1)
  await night.choose("ANN", 2)
  expect(night.told()).toEqual(["poll.voted", "poll.leading"])
  expect(await night.polls.newest(id)).toMatchObject({ total_votes: 3, leading: 2 })
})

test("the newest vote of a voter counts, under whichever linked name, and a late one changes nothing", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  await night.voterLinks.link(["ann", "ann_on_twitch"])
  await night.startPoll(id, ["TKO", "DRW2"])
  const early = night.clock.iso()
  night.clock.pass(10)
  await night.choose("ann", 1)
  night.heard()
  await night.choose("Ann_on_Twitch", 1)
  expect(night.told()).toEqual([])
  await night.choose("ann", 2, { at: early })
  expect(night.told()).toEqual([])
  const { poll } = await night.choose("Ann_on_Twitch", 2)
  expect(poll.options.map(({ votes }) => votes)).toEqual([0, 1, 0])
})

test("a choice that is none names those there are", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  await night.startPoll(id, ["Karaoke", "Darts"])
  const wrong = night.choose("ann", "9")
  await expect(wrong).rejects.toMatchObject({
    code: "invalid_input",
    details: { errors: [{ path: "choice", message: "Must be one of 1 (Karaoke), 2 (Darts), 3 (Other)" }] },
  })
})

test("the game that wins is picked, and the result says who won", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const { id: pollId } = await night.startPoll(id, ["TKO", "DRW2"])
  await night.choose("ann", 2)
  night.heard()
  const closed = await night.end(id)
  expect(closed).toMatchObject({
    state: "closed",
    ended_at: night.clock.iso(),
    winner: { position: 2, tie: 0 },
  })
  const [ended, picked] = night.heard()
  const game = { id: night.gameId("DRW2"), title: "Drawful 2", pack_name: "Drawful 2" }
  expect(ended).toMatchObject({
    type: "voting.ended",
    data: {
      pollId,
      winnerGameId: game.id,
      winnerLabel: "Drawful 2",
      winnerVotes: 1,
      totalVotes: 1,
      tie: false,
    },
  })
  expect(picked?.type).toBe("game.picked")
  expect(picked?.data).toMatchObject({ sessionId: id, game: { id: game.id }, source: "poll", pickedBy: null })
  expect(await night.gameSelections.pending(id)).toMatchObject({ game_id: game.id, source: "poll" })
})

test("something else that wins is no game to pick", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  await night.startPoll(id, ["TKO", "DRW2"])
  await night.choose("ann", "other")
  night.heard()
  await night.end(id)
  expect(night.told()).toEqual(["voting.ended"])
  expect(await night.gameSelections.pending(id)).toBeNull()
})

test("a closed poll takes no vote, tells the result, and ending it again changes nothing", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const first = await night.startPoll(id, ["TKO", "DRW2"])
  await night.choose("ann", 1)
  const closed = await night.end(id)
  night.heard()
  const late = { code: "poll_closed", details: { members: { poll: closed } } }
  await expect(night.choose("bob", 2)).rejects.toMatchObject(late)
  night.clock.pass(60)
  const second = await night.startPoll(id, ["TKO", "DRW2"])
  await expect(night.choose("bob", 2, { pollId: first.id })).rejects.toMatchObject(late)
  await expect(night.choose("bob", 2, { at: first.created_at })).rejects.toMatchObject(late)
  night.heard()
  expect(await night.end(id, 0, first.id)).toEqual(closed)
  expect(await night.end(id, 10, first.id)).toEqual(closed)
  await expect(night.end(id, 0, 99)).rejects.toMatchObject({ code: "poll_not_found" })
  expect(night.told()).toEqual([])
  expect(await night.polls.newest(id)).toMatchObject({ id: second.id, state: "open", total_votes: 0 })
})

test.each<[string, (night: Night, id: number) => Promise<unknown>]>([
  [
    "a vote",
    (night) =>
      night.polls.vote({
        username: "a",
        choice: "1",
        pollId: undefined,
        timestamp: undefined,
        source: undefined,
      }),
  ],
  ["an end", (night, id) => night.polls.end(id, { delay: 0 })],
  ["an end that is taken back", (night, id) => night.polls.cancelEnd(id)],
])("%s without a poll is refused", async (_what, act) => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  await expect(act(night, id)).rejects.toMatchObject({ code: "poll_not_found" })
})

test("a poll of another session is none of this one", async () => {
  const night = await openPolling()
  const first = await night.sessions.start(null)
  const poll = await night.startPoll(first.id)
  await night.sessions.close(first.id)
  const { id } = await night.sessions.start(null)
  await expect(night.end(id, 0, poll.id)).rejects.toMatchObject({ code: "poll_not_found" })
  expect(await night.polls.newest(id)).toBeNull()
  const vote = { username: "ann", choice: "1", pollId: undefined, timestamp: undefined, source: undefined }
  await expect(night.polls.vote(vote)).rejects.toMatchObject({ code: "poll_not_found" })
})
