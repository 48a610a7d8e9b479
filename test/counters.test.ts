/** Counters that stand in for counting: they agree with the rows, whatever a host and the viewers do. */
import { expect, test } from "bun:test"
import { createRandom } from "./crash/random.ts"
import { type Night, openNight } from "./support/night.ts"

const TICKERS = ["QPL3", "TKO", "FIB3"]
const ROUNDS = 400

/** What every table says of every game, counted in three ways. */
async function countedThrice({ store, games, gameId }: Night) {
  const rows = await store.db.selectFrom("session_games").selectAll().execute()
  const votes = await store.db.selectFrom("votes").selectAll().execute()
  return Promise.all(
    TICKERS.map(async (ticker) => {
      const id = gameId(ticker)
      const { play_count, upvotes, downvotes } = await games.get(id)
      const played = rows.filter(({ game_id }) => game_id === id)
      const cast = (type: string) =>
        votes.filter(({ game_id, vote_type }) => game_id === id && vote_type === type).length
      const sum = (key: "upvotes" | "downvotes") => played.reduce((total, row) => total + row[key], 0)
      return [
        { play_count, upvotes, downvotes },
        { play_count: played.length, upvotes: sum("upvotes"), downvotes: sum("downvotes") },
        { play_count: played.length, upvotes: cast("up"), downvotes: cast("down") },
      ] as const
    }),
  )
}

/** The total that a page tells, and the number of votes that match. */
async function totals({ store, tallies, gameId, sessions }: Night) {
  const votes = await store.db.selectFrom("votes").selectAll().execute()
  const { sessions: all } = await sessions.list({ filter: "all", offset: 0 })
  const wishes = [undefined, ...all.map(({ id }) => id)].flatMap((session_id) =>
    [undefined, ...TICKERS.map(gameId)].flatMap((game_id) =>
      ([undefined, "up", "down"] as const).map((vote_type) => ({ session_id, game_id, vote_type })),
    ),
  )
  return Promise.all(
    wishes.map(async (wish) => {
      const { pagination } = await tallies.page({ ...wish, page: 1, limit: 1 })
      const matching = votes.filter(
        (vote) =>
          (wish.session_id ?? vote.session_id) === vote.session_id &&
          (wish.game_id ?? vote.game_id) === vote.game_id &&
          (wish.vote_type ?? vote.vote_type) === vote.vote_type,
      )
      return [
        { ...wish, total: pagination.total },
        { ...wish, total: matching.length },
      ] as const
    }),
  )
}

const WAYS = (["latest", "every"] as const).flatMap((policy) =>
  (["one after the other", "many at once"] as const).map((how) => ({ policy, how })),
)

test.each(WAYS)("they agree under the policy $policy, $how", async ({ policy, how }) => {
  const night = await openNight({ policy })
  const { sessions, sessionGames, sessionArchive, play, cast, clock } = night
  const random = createRandom(policy.length)
  let running = (await sessions.start(null)).id
  let refused = 0
  let removed = 0
  const refuse = () => refused++
  const remove = () => removed++
  let going: Promise<unknown>[] = []
  for (let round = 0; round < ROUNDS; round++) {
    if (how === "one after the other" || random.chance(0.2)) {
      await Promise.all(going)
      going = []
    }
    clock.pass(random.below(90))
    const rows = await sessionGames.list(running)
    const row = rows[random.below(Math.max(1, rows.length))]
    if (random.chance(0.1) || !row) going.push(play(running, random.pick(TICKERS)))
    else if (random.chance(0.08))
      going.push(sessionGames.setStatus(running, row.id, random.pick(["playing", "skipped"])).catch(refuse))
    else if (random.chance(0.04)) going.push(sessionGames.remove(running, row.id).then(remove, refuse))
    else if (random.chance(0.03)) {
      await sessions.close(running)
      if (random.chance(0.3)) await sessionArchive.remove(running).then(remove)
      running = (await sessions.start(null)).id
    } else {
      const at = new Date(Math.max(clock.now() - random.below(300_000), 0)).toISOString()
      const vote = cast(`viewer ${random.below(8)}`, random.pick(["up", "down"]), { at })
      going.push(vote.catch(refuse))
    }
  }
  await Promise.all(going)
  expect(removed).toBeGreaterThan(4)
  expect(refused).toBeLessThan(ROUNDS / 2)
  for (const [counters, sums, counts] of await countedThrice(night)) {
    expect(counters.upvotes + counters.downvotes).toBeGreaterThan(5)
    expect([sums, counts]).toEqual([counters, counters])
  }
  for (const [told, counted] of await totals(night)) expect(told).toEqual(counted)
})
