/** Requests that come again: one change, one event, one answer; and what is another request after all. */
import { expect, onTestFinished, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { readConfig } from "../src/config.ts"
import { createApp } from "../src/http/app.ts"
import type { Deps } from "../src/http/context.ts"
import type { Once } from "../src/store/once.ts"
import { createTokens } from "../src/tokens.ts"
import { POSTS } from "./conformance/parts/idempotency.ts"
import { createClock, digest, EVENING, openFolder, openNight, SECRET } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

const FIRST: Once = { principal: "host Ann", key: "key-1", fingerprint: "open" }

const stored = (night: Awaited<ReturnType<typeof openNight>>) =>
  night.store.db.selectFrom("idempotency").selectAll().execute()

test("a night that is opened twice with one key is opened once, and both hosts get it", async () => {
  const night = await openNight()
  const opened = await night.sessions.start("Friday", FIRST)
  await night.sessions.close(opened.id)
  night.heard()
  expect(await night.sessions.start("Friday", FIRST)).toEqual(opened)
  expect(night.heard()).toEqual([])
  expect(await night.sessions.active()).toBeNull()
})

test("two requests with one key that arrive at once are one", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  const game = { gameId: night.gameId("QPL3"), manuallyAdded: false, roomCode: null, source: "dice" } as const
  night.heard()
  const [one, two] = await Promise.all([
    night.sessionGames.add(id, game, FIRST),
    night.sessionGames.add(id, game, FIRST),
  ])
  expect(two).toEqual(one)
  expect(await night.sessionGames.list(id)).toEqual([one])
  expect(night.heard().map(({ type }) => type)).toEqual(["game.added"])
})

test("a vote that is sent again counts once, and its answer is that of the first", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  const vote = {
    username: "Ann",
    vote: "up",
    timestamp: undefined,
    ticker: undefined,
    source: "irc",
  } as const
  const first = await night.votes.cast(vote, FIRST)
  await night.cast("Bob", "up")
  night.clock.pass(60)
  night.heard()
  expect(await night.votes.cast(vote, FIRST)).toEqual(first)
  expect(night.heard()).toEqual([])
  expect((await night.tallies.ofSession(id)).votes[0]?.upvotes).toBe(2)
})

test("the key with another request is refused, and changes nothing", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start("Friday", FIRST)
  night.heard()
  await expect(night.sessions.close(id, { ...FIRST, fingerprint: "close" })).rejects.toMatchObject({
    code: "idempotency_key_reused",
    message: "Cannot carry this out: the Idempotency-Key key-1 came before with another request",
  })
  expect((await night.sessions.active())?.id).toBe(id)
  expect(night.heard()).toEqual([])
})

test("the same key of another sender is another key", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start("Friday", FIRST)
  const ended = await night.sessions.close(id, { ...FIRST, principal: "host Bob", fingerprint: "close" })
  expect(ended.is_active).toBe(0)
  expect(await stored(night)).toHaveLength(2)
})

test("a request that failed leaves no trace, and may be tried again with its key", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await expect(night.sessions.start("late", FIRST)).rejects.toMatchObject({ code: "session_active" })
  expect(await stored(night)).toEqual([])
  await night.sessions.close(id)
  expect((await night.sessions.start("late", FIRST)).notes).toBe("late")
})

test("a key is known until retention takes it, wherever the clock jumps", async () => {
  const clock = createClock()
  const store = openFolder(":memory:", { now: clock.now })
  onTestFinished(store.close)
  let count = 0
  const next = () => store.write(async () => ++count, FIRST)
  const results = [await next()]
  for (const time of ["2038-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z", EVENING]) {
    clock.set(time)
    results.push(await next())
  }
  await store.db.deleteFrom("idempotency").execute()
  results.push(await next(), await next())
  expect(results).toEqual([1, 1, 1, 1, 2, 2])
})

test("what was carried out before the service ended is given again after it", async () => {
  const dataDir = newFolder()
  const once = async (value: number) => {
    const store = openFolder(dataDir)
    const result = await store.write(async () => ({ value }), FIRST)
    await store.close()
    return result
  }
  expect([await once(1), await once(2)]).toEqual([{ value: 1 }, { value: 1 }])
})

test("a named token that is asked for twice is one token, and the database never holds its text", async () => {
  const dataDir = newFolder()
  const evening = () => {
    const store = openFolder(dataDir)
    return { store, tokens: createTokens({ store, digest, secret: SECRET, now: createClock().now }) }
  }
  const first = evening()
  const made = await first.tokens.create("relay", "bot", 30, FIRST)
  await first.store.close()
  const second = evening()
  onTestFinished(second.store.close)
  expect(await second.tokens.create("relay", "bot", 30, FIRST)).toEqual(made)
  expect(await second.tokens.list()).toHaveLength(1)
  const signature = made.token.split(".")[2] ?? ""
  for (const file of readdirSync(dataDir)) {
    expect([file, readFileSync(join(dataDir, file)).includes(signature)]).toEqual([file, false])
  }
})

test("the setup code that is redeemed twice with one key gives the same token", async () => {
  const { admins, tokens } = await openNight()
  const { setupCode } = (await admins.firstRun()) ?? { setupCode: "" }
  const redeem = async () => {
    const { name, stamp } = await admins.redeem(setupCode, FIRST)
    return tokens.issue(name, "admin", stamp)
  }
  const token = await redeem()
  expect(await redeem()).toBe(token)
  await expect(admins.redeem(setupCode)).rejects.toMatchObject({ code: "invalid_key" })
})

/** There is nothing to do once, and strangers may call some of them: their answers are not worth a place on disk. */
const CHANGE_NOTHING = ["/api/auth/guest", "/api/auth/verify", "/api/pick", "/api/plan"]

test("every POST route that changes something is held to its key by the conformance suite", () => {
  const app = createApp({ config: readConfig({}, {}, String) } as Deps)
  const routes = app.routes.filter(({ method }) => method === "POST").map(({ path }) => path)
  expect([...POSTS, ...CHANGE_NOTHING].sort()).toEqual(routes.sort())
})
