/** Every limit of the service is reached somewhere: here those that take several addresses, or a small machine. */
import { afterAll, describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { CLOSE, LIMITS } from "../../src/protocol.ts"
import { openConnection } from "../crash/connection.ts"
import { asAdmin, asRole, createApi } from "../support/api.ts"
import { type Bot, followingBot, openBot } from "../support/bot.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import { type Guest, openFrom } from "../support/raw-socket.ts"
import { type StartOptions, startServer, type TestServer } from "../support/server.ts"

const HERE = "siege/limits.test.ts"
const SOCKETS = "conformance/parts/socket-limits.ts"
const HUB = "live.test.ts"

/** Where each limit of the socket is reached: the file below `test/`, and the sentence in it. */
const PROOFS: Record<keyof typeof LIMITS, readonly [file: string, sentence: string]> = {
  frameBytes: [SOCKETS, "a frame may have 8 KiB before auth and 64 KiB after it"],
  frameBytesBeforeAuth: [SOCKETS, "a frame may have 8 KiB before auth and 64 KiB after it"],
  authWithinMs: [SOCKETS, "a socket without auth is closed after ten seconds, even when it drips"],
  pingEveryMs: [HUB, "is asked for a sign of life every 25 seconds"],
  silentAfterMs: [HUB, "a peer from which nothing comes is cut after 90 seconds"],
  clockToleranceSeconds: [HUB, "a token that ends takes its sockets along, and no other"],
  subscriptions: [SOCKETS, "a socket follows 128 sessions at most"],
  messageBurst: [SOCKETS, "a burst of messages is answered, a flood is refused, a lasting flood is cut"],
  messagesPerMinute: [SOCKETS, "a burst of messages is answered, a flood is refused, a lasting flood is cut"],
  waitingMessages: [SOCKETS, "messages that pile up behind one that takes time close the socket"],
  invalidMessages: [SOCKETS, "repeated nonsense closes the socket"],
  writeBufferBytes: ["siege/write-buffer.test.ts", "a reader that stops is cut once 64 KiB wait for it"],
  replayBatch: ["conformance/parts/resume-seam.ts", "a client that reads slowly gets all it missed"],
  socketsBeforeAuth: [HERE, "sixty-four sockets may be without auth, from wherever they come"],
  socketsBeforeAuthPerAddress: [SOCKETS, "eight sockets of one address may be without auth"],
  socketsPerAddress: [HERE, "one address has fifty sockets, another one its own fifty"],
  socketsPerToken: [SOCKETS, "a token carries twenty sockets"],
}

test.each(Object.entries(PROOFS))("the limit %s has a test that reaches it", (_name, [file, sentence]) => {
  const source = readFileSync(join(import.meta.dir, "..", file), "utf8")
  expect(source).toMatch(new RegExp(`(test|\\))\\(\\s*"[^"]*${sentence}`))
})

const running: TestServer[] = []
afterAll(async () => {
  for (const server of running) expect(await server.stop()).toBe(0)
})

async function start(command: readonly string[], options: StartOptions = {}): Promise<TestServer> {
  const server = await startServer(command, options)
  running.push(server)
  return server
}

/** What a stranger says to be answered and let stay a stranger. */
const HELLO = { type: "ping" }

const strangers = async (server: TestServer, address: string, count: number): Promise<Guest[]> => {
  const guests: Guest[] = []
  for (let i = 0; i < count; i++) guests.push(await openFrom(server, address, HELLO))
  return guests
}

const codes = (guests: readonly Guest[]) => new Set(guests.map(({ code }) => code))
const LET_IN = new Set([undefined])
const TURNED_AWAY = new Set([CLOSE.tooMany])

describe.each([
  ["the compiled file", COMPILED],
  ["the Node bundle", NODE_BUNDLE],
])("%s", (_name, command) => {
  test("sixty-four sockets may be without auth, from wherever they come", async () => {
    const server = await start(command)
    const { token } = await asAdmin(server)
    const perAddress = LIMITS.socketsBeforeAuthPerAddress
    const addresses = LIMITS.socketsBeforeAuth / perAddress
    const guests: Guest[] = []
    for (let i = 1; i <= addresses; i++) guests.push(...(await strangers(server, `127.0.1.${i}`, perAddress)))
    expect(codes(guests)).toEqual(LET_IN)
    expect(codes(await strangers(server, "127.0.2.1", 2))).toEqual(TURNED_AWAY)
    guests[0]?.say({ type: "auth", token })
    await until(async () => (await openFrom(server, "127.0.2.1", HELLO)).code === undefined)
    for (const { stream } of guests) stream.destroy()
  })

  test("one address has fifty sockets, another one its own fifty", async () => {
    const server = await start(command)
    const admin = await asAdmin(server)
    const guests: Guest[] = []
    for (const address of ["127.0.0.2", "127.0.0.3"]) {
      const own: Guest[] = []
      while (own.length < LIMITS.socketsPerAddress) {
        const { token } = await asRole(admin, "viewer")
        for (let i = 0; i < LIMITS.socketsPerToken && own.length < LIMITS.socketsPerAddress; i++) {
          own.push(await openFrom(server, address, { type: "auth", token }))
        }
      }
      expect(codes(own)).toEqual(LET_IN)
      expect(codes(await strangers(server, address, 2))).toEqual(TURNED_AWAY)
      guests.push(...own)
    }
    for (const { stream } of guests) stream.destroy()
  })

  test("behind a proxy that is trusted each client counts by its own address, an IPv6 network as one", async () => {
    const server = await start(command, { env: { GAMENIGHT_TRUSTED_PROXIES: "127.0.0.1" } })
    const enough = LIMITS.socketsBeforeAuthPerAddress
    const networks: ((nth: number) => string)[] = [
      () => "192.0.2.7",
      () => "192.0.2.8",
      (nth) => `203.0.113.${nth}, 192.0.2.9`,
      (nth) => `2001:db8:1:2::${nth}`,
      (nth) => `2001:db8:1:3:${nth}::1`,
    ]
    for (const address of networks) {
      const bots: Bot[] = []
      for (let i = 0; i < enough; i++) bots.push(await openBot(server, { "X-Forwarded-For": address(i) }))
      for (const bot of bots) bot.send(HELLO)
      for (const bot of bots) expect((await bot.next()).code).toBe("unauthenticated")
      const refused = await openBot(server, { "X-Forwarded-For": address(enough) })
      expect(await refused.closed).toMatchObject({ code: CLOSE.tooMany })
    }
  })

  test("the word of a proxy that is not trusted counts for nothing", async () => {
    const server = await start(command)
    const { url } = server
    const open = (nth: number) => openBot(server, { "X-Forwarded-For": `192.0.2.${nth}` })
    for (let i = 0; i < LIMITS.socketsBeforeAuthPerAddress; i++) await open(i)
    expect(await (await open(99)).closed).toMatchObject({ code: CLOSE.tooMany })
    const login = (nth: number) =>
      createApi({ url })("POST", "/api/auth/login", { key: "wrong" }, { "X-Forwarded-For": `192.0.2.${nth}` })
    for (let i = 0; i < 5; i++) expect((await login(i)).status).toBe(401)
    expect((await login(5)).status).toBe(429)
  })

  test("two thousand votes of a token may come at once, and five hundred in each second", async () => {
    const server = await start(command)
    const admin = await asAdmin(server)
    const bot = await asRole(admin, "bot")
    const crowd = await Promise.all(
      Array.from({ length: 8 }, () => openConnection(server.url, bot.token ?? "")),
    )
    const begun = performance.now()
    let passed = 0
    // Without a session a vote is refused by the product, and costs no time on disk; the limit comes before that.
    const flood = crowd.map(async (connection) => {
      for (;;) {
        const reply = await connection.call("POST", "/api/votes/live", { username: "Ann", vote: "up" })
        if (reply?.status !== 404) return reply
        passed++
      }
    })
    const refused = await Promise.all(flood)
    const earned = ((performance.now() - begun) / 1_000) * 500
    expect(new Set(refused.map((reply) => reply?.status))).toEqual(new Set([429]))
    expect(refused[0]?.head).toMatch(/^retry-after: 1$/im)
    expect(passed).toBeGreaterThanOrEqual(2_000)
    expect(passed).toBeLessThanOrEqual(2_000 + earned)
    const { status } = await admin("POST", "/api/votes/live", { username: "Ann", vote: "up" })
    expect(status).toBe(404)
    for (const connection of crowd) connection.close()
  })

  test("sockets leave 64 of the files the system allows, and the service answers with all of them open", async () => {
    const files = 160
    const limited = ["/bin/sh", "-c", `ulimit -n ${files} && exec "$@"`, "sh", ...command]
    const server = await start(limited, { env: { GAMENIGHT_RATE_LIMITS: "off" } })
    const possible = files - 64
    await server.logged(`[Start] ${possible} sockets instead of 1000: the system allows ${files} open files`)
    const admin = await asAdmin(server)
    const bots: Bot[] = []
    for (let i = 0; i < possible; i++) bots.push(await followingBot(server, admin.token))
    expect(await (await openBot(server)).closed).toMatchObject({ code: CLOSE.tooMany })
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin("GET", "/health")))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await admin("POST", "/api/sessions")).status).toBe(201)
    for (const bot of bots) expect((await bot.next()).type).toBe("session.started")
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(1)
}
