/** What a page shows after any evening, held against what the service says of it. */
import { expect, test } from "bun:test"
import fc from "fast-check"
import type { GameNightEvent } from "../src/server-messages.ts"
import { createSnapshot } from "../src/snapshot.ts"
import { after, fromSnapshot, type Night, NO_NIGHT, playing, withRows } from "../src/ui/night.ts"
import { type Night as Evening, openNight } from "./support/night.ts"

const TICKERS = ["QPL3", "TKO", "TKO2"] as const

/** One thing that may happen in an evening; the numbers choose among what is there. */
const happenings = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant("play" as const), ticker: fc.constantFrom(...TICKERS) }),
    fc.record({
      what: fc.constant("vote" as const),
      who: fc.constantFrom("ann", "bob", "eve"),
      vote: fc.constantFrom("up" as const, "down" as const),
    }),
    fc.record({
      what: fc.constant("status" as const),
      nth: fc.nat(5),
      status: fc.constantFrom("playing" as const, "played" as const, "skipped" as const),
    }),
    fc.record({ what: fc.constant("code" as const), nth: fc.nat(5), code: fc.constantFrom("ABCD", null) }),
    fc.record({ what: fc.constant("players" as const), nth: fc.nat(5), players: fc.nat(9) }),
    fc.record({ what: fc.constant("remove" as const), nth: fc.nat(5) }),
    fc.record({ what: fc.constant("look" as const) }),
  ),
  { maxLength: 25 },
)
type Happening = (typeof happenings extends fc.Arbitrary<(infer T)[]> ? T : never) & object

async function carryOut(evening: Evening, sessionId: number, one: Happening): Promise<void> {
  const { sessionGames, clock } = evening
  clock.pass(2)
  const rows = await sessionGames.list(sessionId)
  if (one.what === "play") return void (await evening.play(sessionId, one.ticker))
  if (one.what === "look" || rows.length === 0) return
  if (one.what === "vote") return void (await evening.cast(one.who, one.vote))
  const row = rows[one.nth % rows.length]?.id ?? 0
  if (one.what === "status") await sessionGames.setStatus(sessionId, row, one.status)
  else if (one.what === "code") await sessionGames.setRoomCode(sessionId, row, one.code)
  else if (one.what === "players") await sessionGames.setPlayerCount(sessionId, row, one.players)
  else await sessionGames.remove(sessionId, row)
}

/** Without what only one of the two can know: the newest vote, and votes of other nights that nobody spoke of. */
const shown = ({ session, games, poll, selection }: Night) => ({
  session,
  games,
  poll,
  selection,
})

test("events lead to the same night as a snapshot of it, whatever happens and whenever one joins", async () => {
  await fc.assert(
    fc.asyncProperty(happenings, fc.nat(25), async (all, joined) => {
      const evening = await openNight()
      const snapshot = createSnapshot(evening.store, evening.events)
      // A vote of an earlier night, so that the totals do not begin at zero.
      const before = await evening.sessions.start("before")
      await evening.play(before.id, "QPL3")
      await evening.cast("old", "up")
      await evening.sessions.close(before.id)
      const session = await evening.sessions.start("tonight")
      let night = NO_NIGHT
      for (const [at, one] of all.entries()) {
        evening.heard()
        if (at === Math.min(joined, all.length - 1)) {
          night = fromSnapshot((await snapshot()).active_session)
        }
        await carryOut(evening, session.id, one)
        for (const event of evening.heard()) night = after(night, event)
        const rows = await evening.sessionGames.list(session.id)
        // As the page of a host does, now and then.
        if (one.what === "look" && night.session) night = withRows(night, session.id, rows)
      }
      if (!night.session) return
      const wanted = shown(fromSnapshot((await snapshot()).active_session))
      const got = shown(night)
      const rows = await evening.sessionGames.list(session.id)
      expect(shown(withRows(night, session.id, rows))).toEqual(wanted)
      // Before the list was asked for, a row may not be known; all else is.
      expect(got.games.map(({ row: _, ...game }) => game)).toEqual(
        wanted.games.map(({ row: _, ...game }) => game),
      )
    }),
    { numRuns: 40 },
  )
})

/** A night that began, and a game in it. */
async function begun() {
  const evening = await openNight()
  const { id } = await evening.sessions.start("tonight")
  await evening.play(id, "QPL3")
  const night = evening.heard().reduce(after, NO_NIGHT)
  const tell = (event: Pick<GameNightEvent, "type" | "data">) =>
    after(night, { timestamp: evening.clock.iso(), ...event } as GameNightEvent)
  return { evening, id, night, tell }
}

test("the game that was added is the one that plays, and the end of the night takes all away", async () => {
  const { evening, id, night } = await begun()
  expect(playing(night)).toMatchObject({ title: "Quiplash 3", upvotes: 0, row: null })
  await evening.sessions.close(id)
  const over = evening.heard().reduce(after, night)
  expect(over).toEqual({ ...NO_NIGHT, ended: { id, games_played: 1 } })
})

test("events of another session change nothing", async () => {
  const { night, tell, id } = await begun()
  const session = { id: id + 1, is_active: 0 as const, games_played: 3 }
  expect(tell({ type: "session.ended", data: { session } })).toBe(night)
})

test("a poll runs, leads, ends and leaves its result until the next game", async () => {
  const { tell, id: sessionId, night } = await begun()
  const options = ["Karaoke", "Charades"].map((label, at) => {
    return { position: at + 1, gameId: null, label, ticker: null, votes: 0 }
  })
  const data = { sessionId, pollId: 3 }
  let polled = tell({ type: "poll.start", data: { ...data, endsAt: null, options } })
  expect(polled.poll).toMatchObject({ id: 3, state: "open", total_votes: 0, leading: null })
  const next = (event: Pick<GameNightEvent, "type" | "data">) => {
    polled = after(polled, { timestamp: "2025-11-01T20:00:00.000Z", ...event } as GameNightEvent)
  }
  const voted = options.map((option) => ({ ...option, votes: option.position - 1 }))
  next({ type: "poll.voted", data: { ...data, totalVotes: 1, options: voted } })
  const lead = { position: 2, gameId: null, label: "Charades", votes: 1, totalVotes: 1 }
  next({ type: "poll.leading", data: { ...data, ...lead } })
  expect(polled.poll).toMatchObject({ total_votes: 1, leading: 2 })
  next({ type: "poll.ending", data: { ...data, endsAt: "2025-11-01T20:01:00.000Z" } })
  expect(polled.poll).toMatchObject({ state: "ending", ends_at: "2025-11-01T20:01:00.000Z" })
  next({ type: "poll.ending.cancelled", data })
  expect(polled.poll).toMatchObject({ state: "open", ends_at: null })
  const won = { winnerGameId: null, winnerLabel: "Charades", winnerVotes: 1, totalVotes: 1, tie: false }
  next({ type: "voting.ended", data: { ...data, ...won, options: voted } })
  expect(polled).toMatchObject({
    poll: null,
    result: { id: 3, label: "Charades", votes: 1, total: 1, tie: false },
  })
  expect(night.result).toBeNull()
})
