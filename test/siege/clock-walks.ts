/** What single jumps of the wall clock must not do, each on a service of its own. */
import { expect } from "bun:test"
import { CLOSE } from "../../src/protocol.ts"
import { type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { type Bot, followingBot, openBot } from "../support/bot.ts"
import { type StartOptions, startServer, type TestServer, within } from "../support/server.ts"
import { createWallClock, HOUR, SECOND, type WallClock, YEAR } from "./wall-clock.ts"

type Walk = (clock: WallClock, start: (options?: StartOptions) => Promise<TestServer>) => Promise<void>

const EVENING = "2025-11-01T20:00:00.000Z"
/** Longer than any clock here is set ahead. */
const TOKEN_DAYS = 3_650
const UNLIMITED = { GAMENIGHT_RATE_LIMITS: "off" }

/** Takes every walk and gives what it tripped over. */
export const clockWalks = (): Promise<{ name: string; failure: string | undefined }[]> =>
  Promise.all(Object.entries(WALKS).map(async ([name, walk]) => ({ name, failure: await trippedOver(walk) })))

async function trippedOver(walk: Walk): Promise<string | undefined> {
  const clock = createWallClock(EVENING)
  const running: TestServer[] = []
  const start = async (options: StartOptions = {}) => {
    const server = await startServer(clock.command, { env: UNLIMITED, ...options })
    running.push(server)
    return server
  }
  try {
    await walk(clock, start)
    return undefined
  } catch (error) {
    return Bun.stripANSI(error instanceof Error ? String(error.stack) : String(error))
  } finally {
    for (const server of running) await server.stop()
  }
}

const WALKS: Readonly<Record<string, Walk>> = {
  "tokens end with the clock and come back with it": tokensFollowTheClock,
  "votes belong to the game that is playing": votesFindTheirGame,
  "a session is closed by idle time alone": idleTimeCounts,
  "a restart behind the data goes on where it was": restartBehind,
  "a key is known over a jump": keysAreKnown,
}

async function tokensFollowTheClock(clock: WallClock, start: () => Promise<TestServer>): Promise<void> {
  const server = await start()
  const admin = await asAdmin(server)
  const bot = await asRole(admin, "bot")
  const status = async (api: typeof admin) => (await api("POST", "/api/auth/verify")).status
  const [ofAdmin, ofBot] = [await followingBot(server, admin.token), await followingBot(server, bot.token)]
  expect([await status(admin), await status(bot)]).toEqual([200, 200])

  clock.turn(25 * HOUR)
  expect([await status(admin), await status(bot)]).toEqual([401, 200])
  expect(await ofAdmin.closed).toMatchObject({ code: CLOSE.tokenExpired })
  expect(await ofBot.drain()).toEqual([])
  clock.turn(-25 * HOUR)
  expect([await status(admin), await status(bot)]).toEqual([200, 200])

  clock.turn(-YEAR)
  expect([await status(admin), await status(bot)]).toEqual([200, 200])
  expect(await status(await asAdmin(server))).toBe(200)
  expect(await ofBot.drain()).toEqual([])
  clock.turn(3 * YEAR)
  expect([await status(admin), await status(bot)]).toEqual([401, 401])
  expect(await status(await asAdmin(server))).toBe(200)
}

async function votesFindTheirGame(clock: WallClock, start: () => Promise<TestServer>): Promise<void> {
  const admin = await lastingAdmin(await start())
  const { body: session } = await admin("POST", "/api/sessions")
  expect(Math.abs(Date.parse(session.created_at) - clock.now())).toBeLessThan(10 * SECOND)
  const { body: games } = await admin("GET", "/api/games")
  const play = async (nth: number): Promise<number> => {
    const wish = { game_id: games[nth].id }
    const { status, body } = await admin("POST", `/api/sessions/${session.id}/games`, wish)
    expect(status).toBe(201)
    return body.game_id
  }
  const gameOf = async (username: string, timestamp?: string): Promise<number> => {
    const { status, body, text } = await admin("POST", "/api/votes/live", { username, vote: "up", timestamp })
    expect({ status, text }).toMatchObject({ status: 200 })
    return body.game.id
  }
  let nth = 0
  for (const ahead of [HOUR, -HOUR, -YEAR, 9 * YEAR, 0]) {
    clock.turn(ahead)
    const game = await play(++nth)
    clock.turn(-ahead)
    // Everybody votes for every game, and waits no longer than a person does.
    expect(await gameOf(`Ann ${ahead}`)).toBe(game)
    expect(await gameOf(`Bob ${ahead}`, clock.iso())).toBe(game)
    await Bun.sleep(SECOND)
    const next = await play(++nth)
    expect(await gameOf(`Ann ${ahead}`)).toBe(next)
    expect(await gameOf(`Bob ${ahead}`, clock.iso())).toBe(next)
  }
  const { body: log } = await admin("GET", "/api/events?limit=1000")
  const seqs = log.events.map(({ seq }: Body) => seq)
  expect(seqs).toEqual(seqs.map((_: number, at: number) => at + 1))
  const { body: rows } = await admin("GET", `/api/sessions/${session.id}/games`)
  expect(rows.map(({ game_id }: Body) => game_id)).toEqual(games.slice(1, nth + 1).map(({ id }: Body) => id))
  expect(rows.map(({ upvotes }: Body) => upvotes)).toEqual(rows.map(() => 2))
}

const TIMEOUT_MS = 2 * SECOND

async function idleTimeCounts(
  clock: WallClock,
  start: (options: StartOptions) => Promise<TestServer>,
): Promise<void> {
  const server = await start({ env: { ...UNLIMITED, GAMENIGHT_SESSION_TIMEOUT: `${TIMEOUT_MS / SECOND}s` } })
  const admin = await lastingAdmin(server)
  const { body: session } = await admin("POST", "/api/sessions")
  const [game] = (await admin("GET", "/api/games")).body
  await admin("POST", `/api/sessions/${session.id}/games`, { game_id: game.id })
  const bot = await followingBot(server, admin.token, session.id)
  const { promise: ended, resolve } = Promise.withResolvers<number>()
  void until(bot, "session.ended").then(() => resolve(performance.now()))

  const turns = [13 * HOUR, 3 * YEAR, -4 * YEAR, -HOUR, YEAR]
  let last = 0
  for (let i = 0; i < 2 * turns.length; i++) {
    clock.turn(turns[i % turns.length] ?? 0)
    last = performance.now()
    expect((await admin("POST", "/api/votes/live", { username: `voter ${i}`, vote: "up" })).status).toBe(200)
    await Bun.sleep(TIMEOUT_MS / turns.length)
  }
  for (const ms of turns) {
    clock.turn(ms)
    await Bun.sleep(TIMEOUT_MS / turns.length / 2)
  }
  const idle = (await within<number>("the end of a session", (done) => void ended.then(done))) - last
  expect(idle).toBeGreaterThanOrEqual(TIMEOUT_MS - 50)
  expect(idle).toBeLessThan(TIMEOUT_MS + 2 * SECOND)
}

/** How the clock is turned while a service runs, and then while none does. */
const RESTARTS = [
  { running: 0, away: 11 * HOUR },
  { running: 2 * YEAR, away: -2 * YEAR },
  { running: -HOUR, away: -HOUR },
  { running: 0, away: 0 },
]

/** Nothing that was stored under a clock far ahead closes a session, and no shorter absence than the timeout. */
async function restartBehind(
  clock: WallClock,
  start: (options?: StartOptions) => Promise<TestServer>,
): Promise<void> {
  let server = await start()
  const { token } = await lastingAdmin(server)
  const { dataDir } = server
  const { body: session } = await createApi(server, token)("POST", "/api/sessions")
  const games: Body[] = (await createApi(server, token)("GET", "/api/games")).body
  let resume: Body = {}
  for (const { running, away } of RESTARTS) {
    clock.turn(running)
    const api = createApi(server, token)
    const bot = await openBot(server)
    bot.send({ type: "auth", token, resume, follow: true })
    const { epoch, recovered = true, active_session } = await bot.next("auth_success")
    expect({ recovered, id: active_session.id }).toEqual({ recovered: true, id: session.id })
    const wish = { game_id: games.shift()?.id }
    expect((await api("POST", `/api/sessions/${session.id}/games`, wish)).status).toBe(201)
    const heard = await bot.drain()
    expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, at) => (resume.seq ?? 1) + 1 + at))
    resume = { epoch, seq: heard.at(-1)?.seq, sessions: [session.id] }
    expect(
      (await api("POST", "/api/votes/live", { username: `Ann ${running} ${away}`, vote: "up" })).status,
    ).toBe(200)
    expect(await server.stop()).toBe(0)
    clock.turn(away)
    server = await start({ env: UNLIMITED, dataDir })
  }
}

async function keysAreKnown(clock: WallClock, start: () => Promise<TestServer>): Promise<void> {
  const admin = await lastingAdmin(await start())
  const open = () => admin("POST", "/api/sessions", { notes: "once" }, { "idempotency-key": "the-same" })
  const first = await open()
  expect(first.status).toBe(201)
  for (const ms of [25 * HOUR, 2 * YEAR, -3 * YEAR]) {
    clock.turn(ms)
    expect(await open()).toMatchObject({ status: 201, body: first.body })
  }
}

const lastingAdmin = async (server: TestServer): Promise<Api> =>
  asRole(await asAdmin(server), "admin", TOKEN_DAYS)

async function until(bot: Bot, type: string): Promise<Body> {
  for (;;) {
    const message = await bot.next()
    if (message.type === type) return message
  }
}
