/** The end of a poll at its time: said, changed, taken back, kept over a restart, and taken along by the session. */
import { expect, onTestFinished, test } from "bun:test"
import { sql } from "kysely"
import { createPolls } from "../src/polls.ts"
import { createClock } from "./support/night.ts"
import { openPolling } from "./support/poll-night.ts"

/** A session with a poll on two games. */
async function openPoll(seconds?: number) {
  const log: string[] = []
  const night = await openPolling({ log: (line) => log.push(line) })
  const { id } = await night.sessions.start(null)
  const poll = await night.startPoll(id, ["TKO", "DRW2"], { seconds })
  night.heard()
  return {
    ...night,
    id,
    poll,
    log,
    newest: () => night.polls.newest(id),
    /** A new process on the same database, with a clock of its own that begins anew. */
    async restart() {
      night.polls.stop()
      const { store, events, clock } = night
      const uptime = createClock("1970-01-01T00:00:00.000Z")
      const next = createPolls({ store, events, now: clock.now, elapsed: uptime.now })
      onTestFinished(next.stop)
      await next.begin()
      return { polls: next, uptime }
    },
  }
}

test("a poll ends after the delay, as if by hand, and takes votes until then", async () => {
  const { id, poll, end, wait, choose, heard, newest, clock } = await openPoll()
  const endsAt = new Date(clock.now() + 30_000).toISOString()
  expect(await end(id, 30)).toMatchObject({ state: "ending", ends_at: endsAt })
  expect(heard()).toMatchObject([{ type: "poll.ending", data: { sessionId: id, pollId: poll.id, endsAt } }])
  await wait(29)
  await choose("ann", 2)
  heard()
  await wait(1)
  expect(heard().map(({ type }) => type)).toEqual(["voting.ended", "game.picked"])
  expect(await newest()).toMatchObject({ state: "closed", ended_at: endsAt, winner: { position: 2 } })
  await wait(300)
  expect(heard()).toEqual([])
})

test("saying the end again changes it, and taking it back lets the poll run on", async () => {
  const { id, end, wait, told, polls, newest } = await openPoll()
  await end(id, 30)
  await end(id, 60)
  await wait(59)
  expect(told()).toEqual(["poll.ending", "poll.ending"])
  expect(await polls.cancelEnd(id)).toMatchObject({ state: "open", ends_at: null })
  await wait(300)
  expect(told()).toEqual(["poll.ending.cancelled"])
  expect(await newest()).toMatchObject({ state: "open" })
  await expect(polls.cancelEnd(id)).rejects.toMatchObject({ code: "conflict" })
  await end(id)
  await expect(polls.cancelEnd(id)).rejects.toMatchObject({ code: "poll_closed" })
})

test("a poll of so many seconds ends by itself, unless that is taken back", async () => {
  const { id, poll, wait, told, polls, startPoll } = await openPoll(10)
  expect(poll.ends_at).not.toBeNull()
  await wait(10)
  expect(told()).toEqual(["voting.ended", "game.picked"])
  await startPoll(id, ["TKO", "DRW2"], { seconds: 10 })
  await polls.cancelEnd(id)
  await wait(10)
  expect(told()).toEqual(["poll.start", "poll.ending.cancelled"])
})

test("a vote, an end or its undoing that comes in time for the timer finds the poll closed", async () => {
  for (const act of ["vote", "cancel", "end", "start"] as const) {
    const { id, end, polls, choose, startPoll, clock, uptime, newest, heard } = await openPoll()
    await end(id, 30)
    clock.pass(30)
    uptime.pass(30)
    if (act === "vote") await expect(choose("ann", 1)).rejects.toMatchObject({ code: "poll_closed" })
    if (act === "cancel") await expect(polls.cancelEnd(id)).rejects.toMatchObject({ code: "poll_closed" })
    if (act === "end") expect(await end(id, 30)).toMatchObject({ state: "closed" })
    if (act === "start") expect(await startPoll(id)).toMatchObject({ state: "open", id: 2 })
    else expect(await newest()).toMatchObject({ state: "closed", total_votes: 0 })
    expect(heard().filter(({ type }) => type === "voting.ended")).toHaveLength(1)
  }
})

test("an end that is taken back just before it is none, though its timer is on its way", async () => {
  const { id, end, polls, wait, told, newest } = await openPoll()
  await end(id, 30)
  await wait(29)
  const cancelled = polls.cancelEnd(id)
  await Promise.resolve()
  await Promise.all([cancelled, wait(1)])
  expect(await newest()).toMatchObject({ state: "open" })
  expect(told()).toEqual(["poll.ending", "poll.ending.cancelled"])
})

test("a vote that was cast after the end by its own time does not count", async () => {
  const { id, end, choose, clock } = await openPoll()
  const { ends_at } = await end(id, 30)
  clock.pass(29)
  const later = new Date(Date.parse(ends_at ?? "") + 1).toISOString()
  await expect(choose("ann", 1, { at: later })).rejects.toMatchObject({ code: "poll_closed" })
  expect((await choose("ann", 1, { at: ends_at ?? "" })).poll.total_votes).toBe(1)
})

test("a wall clock that jumps ends nothing, and the votes count all the same", async () => {
  const { id, end, wait, told, choose, clock } = await openPoll()
  await end(id, 30)
  clock.set("2038-01-01T00:00:00.000Z")
  await wait(10)
  await choose("ann", 1, { at: clock.iso() })
  clock.set("1970-01-01T00:00:00.000Z")
  await wait(10)
  const { poll } = await choose("ann", 2, { at: clock.iso() })
  expect(poll.options.map(({ votes }) => votes)).toEqual([0, 1, 0])
  expect(told()).not.toContain("voting.ended")
  await wait(10)
  expect(told()).toContain("voting.ended")
})

test("a poll goes on over a restart, and ends when it was said to", async () => {
  const { id, end, clock, newest, told, choose, restart } = await openPoll()
  await choose("ann", 2)
  await end(id, 30)
  clock.pass(20)
  told()
  const { polls, uptime } = await restart()
  expect(told()).toEqual([])
  uptime.pass(9)
  await polls.check()
  expect(told()).toEqual([])
  uptime.pass(1)
  await polls.check()
  expect(told()).toEqual(["voting.ended", "game.picked"])
  expect(await newest()).toMatchObject({ winner: { position: 2, votes: 1 } })
})

test("a poll that is overdue at the start is closed there, and one without an end is left alone", async () => {
  const overdue = await openPoll(10)
  overdue.clock.pass(3_600)
  await overdue.restart()
  expect(overdue.told()).toEqual(["voting.ended", "game.picked"])
  const open = await openPoll()
  open.clock.pass(3_600)
  await open.restart()
  expect(open.told()).toEqual([])
})

test("a start whose wall clock was set back waits no longer than a poll may last", async () => {
  const { clock, told, restart } = await openPoll(10)
  clock.set("1970-01-01T00:00:00.000Z")
  const { polls, uptime } = await restart()
  uptime.pass(3_600)
  await polls.check()
  expect(told()).toEqual(["voting.ended", "game.picked"])
})

test("a tie is drawn alike before and after a restart", async () => {
  const results = []
  for (const restarts of [false, true]) {
    const night = await openPolling({ newSeed: () => "one seed" })
    const { id } = await night.sessions.start(null)
    await night.startPoll(id)
    await night.choose("ann", 1)
    await night.choose("bob", 3)
    const { store, events } = night
    const polls = restarts ? createPolls({ store, events }) : night.polls
    results.push((await polls.end(id, { delay: 0 })).winner)
  }
  expect(results[1]).toEqual(results[0] ?? null)
  expect(results[0]).toMatchObject({ tie: 1, votes: 1 })
})

test("the end of the session ends its poll first, and nothing is picked for a session that is over", async () => {
  const { id, poll, choose, sessions, heard, gameSelections, wait, newest } = await openPoll(60)
  await choose("ann", 1)
  heard()
  const { closed_at } = await sessions.close(id)
  const told = heard()
  expect(told.map(({ type }) => type)).toEqual(["voting.ended", "session.ended"])
  expect(told[0]?.data).toMatchObject({ pollId: poll.id, winnerVotes: 1 })
  expect(await newest()).toMatchObject({ state: "closed", ended_at: closed_at })
  expect(await gameSelections.pending(id)).toBeNull()
  await wait(60)
  expect(heard()).toEqual([])
})

test("a poll that could not be closed is tried again, and refuses votes meanwhile", async () => {
  const { id, store, end, wait, log, choose, newest } = await openPoll()
  await end(id, 30)
  await store.write(({ trx }) =>
    sql`CREATE TRIGGER full BEFORE UPDATE OF winner ON polls BEGIN SELECT RAISE(ABORT, 'no results today'); END`.execute(
      trx,
    ),
  )
  await wait(30)
  expect(log).toEqual(["[Polls] Cannot close poll 1: no results today"])
  await expect(choose("ann", 1)).rejects.toThrow("no results today")
  await store.write(({ trx }) => sql`DROP TRIGGER full`.execute(trx))
  await wait(5)
  expect(await newest()).toMatchObject({ state: "closed", total_votes: 0 })
})
