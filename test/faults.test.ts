/** A night on a disk that is full now and then, beside units that fail halfway: what is answered and what is counted agree. */
import { expect, onTestFinished, test } from "bun:test"
import { AppError } from "../src/errors.ts"
import { createEvents, type StoredEvent } from "../src/events.ts"
import { createSessionGames } from "../src/session-games.ts"
import { createSessions } from "../src/sessions.ts"
import { loadCatalogue } from "../src/shipped.ts"
import type { OpenDatabase } from "../src/store/folder.ts"
import { query } from "../src/store/query.ts"
import type { WriteContext } from "../src/store/writer.ts"
import { createVotes, type NewVote } from "../src/votes.ts"
import { createRandom, type Random } from "./crash/random.ts"
import { openDatabase, openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const ROUNDS = 300
/** How many statements of the writer in a thousand fail. */
const FAULTS = 8

const FULL = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" })
const CONSTRAINT = Object.assign(new Error("constraint failed"), { code: "SQLITE_CONSTRAINT" })
const HALFWAY = new AppError("conflict", "Cannot go on")

/** A writer whose statements fail by chance once `begin` was called, as SQLite lets them: with its transaction or alone. */
function failing(random: Random) {
  let failed: number | undefined
  const open: OpenDatabase = (path, options) => {
    const raw = openDatabase(path, options)
    if (options.readonly) return raw
    function carryOut<T>(sql: string, statement: () => T): T {
      if (failed === undefined || /^(rollback$|pragma)/i.test(sql) || !random.chance(FAULTS / 1_000))
        return statement()
      failed++
      if (/^(insert|update|delete)/.test(sql) && random.chance(0.5)) throw CONSTRAINT
      if (random.chance(0.5) && !sql.startsWith("begin")) raw.exec("rollback")
      throw FULL
    }
    return {
      exec: raw.exec,
      close: raw.close,
      prepare(sql) {
        const { reader, all, run, iterate } = raw.prepare(sql)
        return {
          reader,
          iterate,
          all: (values) => carryOut(sql, () => all(values)),
          run: (values) => carryOut(sql, () => run(values)),
        }
      },
    }
  }
  return {
    open,
    begin() {
      failed = 0
    },
    end() {
      const all = failed
      failed = undefined
      return all
    },
  }
}

const add = query<{ key: string; value: string }>()((db, value) =>
  db.insertInto("meta").values({ key: value("key"), value: value("value") }),
)

const NONE = { upvotes: 0, downvotes: 0 }

/** Units that fail after their first change: before they take the transaction, after it, and without. */
const HALVES: readonly ((context: WriteContext) => Promise<never> | never)[] = [
  ({ run }) => {
    run(add, { key: "half", value: "" })
    throw HALFWAY
  },
  async (context) => {
    context.run(add, { key: "half", value: "" })
    await context.trx.selectFrom("games").select("id").execute()
    throw HALFWAY
  },
  async ({ trx }) => {
    await trx.updateTable("games").set({ upvotes: 1_000 }).execute()
    throw HALFWAY
  },
]

async function openNight(random: Random, now: () => number) {
  const disk = failing(random)
  const store = openFolder(newFolder(), { openDatabase: disk.open, now })
  onTestFinished(store.close)
  const told: StoredEvent[] = []
  const events = createEvents(store, (event) => told.push(event))
  const sessions = createSessions({ store, events, now })
  const sessionGames = createSessionGames({ store, events, now })
  const votes = createVotes({ store, events, policy: "every", now })
  await loadCatalogue(store, now)
  const { id } = await sessions.start(null)
  const answers = new Map<string, unknown>()
  const night = {
    ...{ disk, store, told, answers },
    play: () =>
      sessionGames.add(id, {
        gameId: 1 + random.below(3),
        manuallyAdded: false,
        roomCode: null,
        source: "dice",
      }),
    async cast(key: string, username: string, vote: NewVote["vote"]) {
      const said = { username, vote, timestamp: undefined, ticker: undefined, source: undefined }
      const answer = await votes.cast(said, { principal: "bot", key, fingerprint: key })
      expect(answers.get(key) ?? answer).toEqual(answer)
      answers.set(key, answer)
    },
  }
  await night.play()
  return night
}

/** Many things at once, some of them twice. Gives why what failed did. */
async function carryOn({ store, disk, play, cast }: Awaited<ReturnType<typeof openNight>>, random: Random) {
  const reasons: unknown[] = []
  const going: Promise<unknown>[] = []
  const go = (step: Promise<unknown>) => going.push(step.catch((reason) => reasons.push(reason)))
  disk.begin()
  for (let round = 0; round < ROUNDS; round++) {
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
    if (random.chance(0.1)) go(play())
    else if (random.chance(0.2)) go(store.write(random.pick(HALVES)))
    else {
      const vote = [String(round), `viewer ${round}`, random.pick(["up", "down"] as const)] as const
      go(cast(...vote))
      if (random.chance(0.4)) go(cast(...vote))
    }
  }
  await Promise.all(going)
  expect(disk.end()).toBeGreaterThan(5)
  return reasons
}

test.each([1, 2, 3])("nothing is lost, doubled or left over, with the seed %d", async (seed) => {
  const random = createRandom(seed)
  let at = Date.parse("2025-11-01T20:00:00.000Z")
  const night = await openNight(random, () => at++)
  const reasons = await carryOn(night, random)
  expect(reasons.filter((reason) => reason !== CONSTRAINT && !(reason instanceof AppError))).toEqual([])
  const { told, answers } = night
  const { db } = night.store
  expect(await db.selectFrom("events").select(["seq", "session_id", "type", "frame"]).execute()).toEqual(told)
  expect(told.map(({ seq }) => seq)).toEqual(told.map((_, nth) => nth + 1))
  const stored = await db.selectFrom("votes").selectAll().execute()
  expect(stored).toHaveLength(answers.size)
  expect(await db.selectFrom("meta").select("key").where("key", "=", "half").execute()).toEqual([])

  const numbers = new Map<number, { upvotes: number; downvotes: number }>()
  for (const { type, frame } of told) {
    if (type !== "vote.received") continue
    const { game, vote, totals } = JSON.parse(frame).data
    const { upvotes, downvotes } = numbers.get(game.id) ?? NONE
    const isUp = vote.type === "up"
    numbers.set(game.id, { upvotes: upvotes + Number(isUp), downvotes: downvotes + Number(!isUp) })
    expect(totals).toMatchObject({ ...numbers.get(game.id) })
  }
  const games = await db.selectFrom("games").select(["id", "upvotes", "downvotes"]).execute()
  for (const { id, ...counters } of games) expect(counters).toEqual(numbers.get(id) ?? NONE)
  const rows = await db.selectFrom("session_games").select(["id", "upvotes", "downvotes"]).execute()
  for (const { id, ...counters } of rows) {
    const types = stored.filter((vote) => vote.session_game_id === id).map(({ vote_type }) => vote_type)
    const upvotes = types.filter((type) => type === "up").length
    expect(counters).toEqual({ upvotes, downvotes: types.length - upvotes })
  }
})
