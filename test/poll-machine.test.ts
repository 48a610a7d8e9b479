/** Polls in any order of what hosts, viewers, clocks and restarts do: they count what was voted and end once. */
import { expect, onTestFinished, test } from "bun:test"
import fc from "fast-check"
import { AppError } from "../src/errors.ts"
import type { Poll } from "../src/poll-rows.ts"
import { createPolls, type Polls } from "../src/polls.ts"
import { createClock, type Night, openNight } from "./support/night.ts"

type Action =
  | { kind: "start"; seconds: number | undefined }
  | { kind: "vote"; voter: string; position: number; pollId: number | undefined }
  | { kind: "end"; delay: number }
  | { kind: "cancel" }
  | { kind: "pass"; seconds: number; restarts: boolean }

const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("start" as const),
      seconds: fc.option(fc.integer({ min: 5, max: 40 }), { nil: undefined }),
    }),
    ...Array.from({ length: 3 }, () =>
      fc.record({
        kind: fc.constant("vote" as const),
        voter: fc.constantFrom("ann", "Ann", "bob", "zoe", "ann on twitch"),
        position: fc.integer({ min: 1, max: 4 }),
        pollId: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      }),
    ),
    fc.record({ kind: fc.constant("end" as const), delay: fc.constantFrom(0, 5, 20) }),
    fc.record({ kind: fc.constant("cancel" as const) }),
    fc.record({
      kind: fc.constant("pass" as const),
      seconds: fc.integer({ min: 1, max: 25 }),
      restarts: fc.boolean(),
    }),
  ),
  { minLength: 1, maxLength: 40 },
)

/** What a poll must be, kept in the plainest way. */
type Wanted = { id: number; votes: Map<string, number>; endsAt: number | undefined; closed: Poll | undefined }

const personOf = (voter: string) => voter.toLowerCase().replace(" on twitch", "")

/** Does it to the polls and to what they must be. Gives the code of the refusal that must come, if one must. */
function expected(polls: Wanted[], action: Action, at: number): string | undefined {
  const newest = polls.at(-1)
  const running = newest?.closed ? undefined : newest
  switch (action.kind) {
    case "start":
      if (running) return "poll_running"
      polls.push({
        id: polls.length + 1,
        votes: new Map(),
        endsAt: action.seconds === undefined ? undefined : at + action.seconds,
        closed: undefined,
      })
      return undefined
    case "vote": {
      const poll = action.pollId === undefined ? newest : polls[action.pollId - 1]
      if (!poll) return "poll_not_found"
      if (poll.closed) return "poll_closed"
      poll.votes.set(personOf(action.voter), action.position)
      return undefined
    }
    case "end":
      if (!newest) return "poll_not_found"
      if (running) running.endsAt = at + action.delay
      return undefined
    case "cancel":
      if (!newest) return "poll_not_found"
      if (!running) return "poll_closed"
      if (running.endsAt === undefined) return "conflict"
      running.endsAt = undefined
      return undefined
    case "pass":
      return undefined
    default:
      return action satisfies never
  }
}

async function carryOut(night: Night, polls: Polls, sessionId: number, action: Action): Promise<unknown> {
  switch (action.kind) {
    case "start": {
      const options = [night.gameId("TKO"), night.gameId("DRW2"), "Karaoke"]
      return polls.start(sessionId, { options, other: true, seconds: action.seconds })
    }
    case "vote": {
      const { voter: username, position, pollId } = action
      return polls.vote({ username, choice: String(position), pollId, timestamp: undefined, source: "irc" })
    }
    case "end":
      return polls.end(sessionId, { delay: action.delay })
    case "cancel":
      return polls.cancelEnd(sessionId)
    case "pass":
      return polls.check()
    default:
      return action satisfies never
  }
}

const refusalOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error) => (error instanceof AppError ? error.code : String(error)),
  )

const countsOf = ({ votes }: Wanted): number[] =>
  [1, 2, 3, 4].map((position) => [...votes.values()].filter((one) => one === position).length)

/** Holds the newest poll against what it must be, and keeps it once it is closed. */
function compare(poll: Poll, wanted: Wanted, isOver: boolean): void {
  const counts = poll.options.map(({ votes }) => votes)
  expect({ id: poll.id, closed: poll.state === "closed", counts }).toEqual({
    id: wanted.id,
    closed: isOver,
    counts: countsOf(wanted),
  })
  expect(poll.winner === null).toBe(!isOver)
  if (!poll.winner) return
  expect(poll.winner.votes).toBe(Math.max(...counts))
  expect(poll.winner.tie).toBe(counts.filter((votes) => votes === poll.winner?.votes).length > 1 ? 1 : 0)
  wanted.closed ??= poll
}

async function holds(all: readonly Action[]): Promise<void> {
  let uptime = createClock()
  const night = await openNight({ elapsed: () => uptime.now() })
  const { store, events, clock } = night
  await night.voterLinks.link(["ann", "ann on twitch"])
  const { id } = await night.sessions.start(null)
  const wanted: Wanted[] = []
  let polls = night.polls
  let at = 0
  for (const action of all) {
    if (action.kind === "pass") {
      at += action.seconds
      clock.pass(action.seconds)
      if (action.restarts) {
        polls.stop()
        uptime = createClock("1970-01-01T00:00:00.000Z")
        polls = createPolls({ store, events, now: clock.now, elapsed: uptime.now })
        onTestFinished(polls.stop)
        await polls.begin()
      } else uptime.pass(action.seconds)
    }
    const code = expected(wanted, action, at)
    expect({ action, code: await refusalOf(carryOut(night, polls, id, action)) }).toEqual({ action, code })
    const last = wanted.at(-1)
    const newest = await polls.newest(id)
    if (last && newest) compare(newest, last, last.closed !== undefined || (last.endsAt ?? at + 1) <= at)
    for (const one of wanted) {
      if (one.closed) expect(await polls.end(id, { delay: 0, pollId: one.id })).toEqual(one.closed)
    }
  }
  const heard = night.heard()
  for (const { id: pollId, closed } of wanted) {
    const own = heard.filter(({ data }) => "pollId" in data && data.pollId === pollId).map(({ type }) => type)
    expect(own.filter((type) => type === "voting.ended")).toHaveLength(closed ? 1 : 0)
    expect([own[0], own.indexOf("voting.ended")]).toEqual(["poll.start", closed ? own.length - 1 : -1])
  }
}

test("whatever is done in whatever order, a poll counts each person once, ends once and never changes after", async () => {
  await fc.assert(fc.asyncProperty(actions, holds), { numRuns: 150 })
})
