/** The night that votes remember: it agrees with the database, whatever else changes that. */
import { expect, test } from "bun:test"
import type { CastVote } from "../src/votes.ts"
import { createRandom } from "./crash/random.ts"
import { type Night, openNight } from "./support/night.ts"

async function playing(ticker = "QPL3") {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, ticker)
  return { ...night, id }
}

test("a game that is renamed while it is played bears its new name in the next vote", async () => {
  const { cast, gameEdits, gameId } = await playing()
  await cast("Ann", "up")
  await gameEdits.change(gameId("QPL3"), { title: "Quiplash, the third" })
  expect((await cast("Ben", "up")).game).toMatchObject({ title: "Quiplash, the third", upvotes: 2 })
})

test("two names that are linked between two votes are one voter for the second", async () => {
  const { cast, voterLinks, clock } = await playing()
  await cast("ann", "up")
  const { id } = await voterLinks.link(["ann", "ann_ttv"])
  clock.pass(2)
  expect((await cast("ann_ttv", "down")).game).toMatchObject({ upvotes: 0, downvotes: 1 })
  await voterLinks.unlink(id)
  clock.pass(2)
  expect((await cast("ann", "down")).game).toMatchObject({ upvotes: 0, downvotes: 2 })
})

test("a vote counts for the game that was put back to playing, and for none that was taken out", async () => {
  const { cast, play, sessionGames, id, clock } = await playing()
  clock.pass(60)
  const second = await play(id, "TKO")
  expect((await cast("Ann", "up")).game.title).toBe("Tee K.O.")
  clock.pass(2)
  await sessionGames.remove(id, second.id)
  expect((await cast("Ann", "up")).game).toMatchObject({ title: "Quiplash 3", upvotes: 1 })
})

test("a vote that is undone with its unit of work is not remembered", async () => {
  const { cast, store, votes, id } = await playing()
  await cast("Ann", "up")
  const once = { principal: "bot", key: "k", fingerprint: "f" }
  const vote = {
    username: "Ben",
    vote: "up",
    timestamp: undefined,
    ticker: undefined,
    source: undefined,
  } as const
  const first = votes.cast(vote, once)
  // The same key with another body comes in the same transaction, and its vote with it.
  const second = votes.cast({ ...vote, username: "Cem" }, { ...once, fingerprint: "g" })
  await first
  await expect(second).rejects.toMatchObject({ code: "idempotency_key_reused" })
  const failing = store.write(async ({ run: _, trx }) => {
    await trx.updateTable("games").set({ upvotes: 77 }).execute()
    throw new Error("undone")
  })
  await expect(failing).rejects.toThrow("undone")
  expect((await cast("Dee", "up")).game.upvotes).toBe(3)
  expect((await store.db.selectFrom("votes").selectAll().where("session_id", "=", id).execute()).length).toBe(
    3,
  )
})

const TICKERS = ["QPL3", "TKO", "FIB3"]

/** One thing that a host does and that a vote must see. */
async function meddle(night: Night, session: number, random: ReturnType<typeof createRandom>): Promise<void> {
  const { sessionGames, gameEdits, voterLinks, chatImport, polls, clock, gameId, play } = night
  const game = gameId(random.pick(TICKERS))
  const rows = await sessionGames.list(session)
  const row = rows[random.below(rows.length)]
  switch (random.below(7)) {
    case 0:
      return void (await play(session, random.pick(TICKERS)))
    case 1:
      return void (rows.length > 1 && row && (await sessionGames.remove(session, row.id)))
    case 2:
      return void (
        row && (await sessionGames.setStatus(session, row.id, random.pick(["playing", "skipped"])))
      )
    case 3:
      return void (await gameEdits.change(game, { title: `Game ${game}, ${random.below(1_000)}` }))
    case 4: {
      const [known] = await voterLinks.list()
      if (known) return voterLinks.unlink(known.id)
      return void (await voterLinks.link(["viewer 1", "viewer 2"]))
    }
    case 5: {
      const message = {
        username: `viewer ${random.below(5)}`,
        message: "thisgame++",
        timestamp: clock.now(),
        index: 0,
      }
      return void (await chatImport.load(session, [message]))
    }
    default:
      await polls.start(session, { other: true }).catch(() => undefined)
      return void (await polls.end(session, { delay: 0 }))
  }
}

test("every answer to a vote says what the database says then, after anything a host does", async () => {
  const night = await playing()
  const { cast, clock, id } = night
  const random = createRandom(7)
  let counted = 0
  for (let round = 0; round < 300; round++) {
    clock.pass(1 + random.below(40))
    if (random.chance(0.3)) await meddle(night, id, random)
    const vote = cast(`viewer ${random.below(5)}`, random.pick(["up", "down"]))
    const { game } = (await vote.catch(() => undefined)) ?? {}
    if (!game) continue
    counted++
    await expectStored(night, game)
  }
  expect(counted).toBeGreaterThan(200)
})

test("votes that share transactions with a host, and with what fails in them, add up to what is stored", async () => {
  const night = await playing()
  const { cast, store, clock, id } = night
  const random = createRandom(11)
  const fail = () =>
    store.write(async ({ trx }) => {
      await trx.updateTable("games").set({ upvotes: 500 }).execute()
      throw new Error("undone")
    })
  let counted = 0
  for (let round = 0; round < 100; round++) {
    clock.pass(1 + random.below(40))
    const together = Array.from({ length: 2 + random.below(10) }, () => {
      if (random.chance(0.2)) return meddle(night, id, random)
      return random.chance(0.1) ? fail() : cast(`viewer ${random.below(5)}`, random.pick(["up", "down"]))
    })
    await Promise.allSettled(together)
    const { game } = (await cast(`guest ${round}`, "up").catch(() => undefined)) ?? {}
    if (!game) continue
    counted++
    await expectStored(night, game)
  }
  expect(counted).toBeGreaterThan(50)
})

/** Holds what a vote was answered against the game and against the votes themselves. */
async function expectStored({ store }: Night, game: CastVote["game"]): Promise<void> {
  const stored = store.db.selectFrom("games").select(["id", "title", "upvotes", "downvotes"])
  const { popularity_score: _, ...told } = game
  expect(told).toEqual(await stored.where("id", "=", game.id).executeTakeFirstOrThrow())
  const votes = await store.db.selectFrom("votes").selectAll().where("game_id", "=", game.id).execute()
  const count = (type: string) => votes.filter(({ vote_type }) => vote_type === type).length
  expect([game.upvotes, game.downvotes]).toEqual([count("up"), count("down")])
}
