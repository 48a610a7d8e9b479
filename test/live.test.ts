/** The hub and peers that say nothing more: who is cut, when, and who is not. */
import { expect, onTestFinished, test } from "bun:test"
import { sql } from "kysely"
import { createLive } from "../src/live.ts"
import { createAdmissions } from "../src/live-admission.ts"
import { createAudience } from "../src/live-audience.ts"
import type { Connection, Socket } from "../src/live-connection.ts"
import { CLOSE, LIMITS } from "../src/protocol.ts"
import { createSnapshot } from "../src/snapshot.ts"
import { createClock, openNight } from "./support/night.ts"

/** How often the hub looks after its sockets, in seconds. */
const SWEEP = 5

/** The far end of a socket, which answers nothing by itself, not even a goodbye. */
type Peer = {
  connection: Connection
  /** The types of all messages it was sent. */
  heard: string[]
  pings: number
  closed: number | undefined
  cut: boolean
}

/** `restarted` opens it while a session runs that was announced before. */
async function openHub({ restarted = false } = {}) {
  const night = await openNight()
  const { store, events, tokens, sessions, clock } = night
  const wasRunning = restarted ? (await sessions.start(null)).id : 0
  night.announced.length = 0
  const uptime = createClock()
  const topics = new Map<string, Set<Peer>>()
  const audience = createAudience({
    publish(topic, frame) {
      for (const peer of topics.get(topic) ?? []) peer.heard.push(JSON.parse(frame).type)
    },
    log() {},
    wasRunning,
  })
  const live = createLive({
    audience,
    events,
    snapshot: createSnapshot(store, events),
    verify: tokens.verify,
    existing: sessions.existing,
    startedBy: sessions.startedBy,
    admissions: createAdmissions({ rates: true, maxSockets: 1_000 }),
    rates: true,
    log() {},
    now: clock.now,
    elapsed: uptime.now,
  })
  onTestFinished(live.stop)

  function open(): Peer {
    const peer: Omit<Peer, "connection"> = { heard: [], pings: 0, closed: undefined, cut: false }
    const socket: Socket = {
      send: (frame) => peer.heard.push(JSON.parse(frame).type),
      getBufferedAmount: () => 0,
      cork: (act) => act(),
      ping: () => peer.pings++,
      subscribe: (topic) => topics.set(topic, (topics.get(topic) ?? new Set()).add(peer as Peer)),
      unsubscribe: (topic) => topics.get(topic)?.delete(peer as Peer),
      close(code) {
        peer.closed = code
      },
      terminate() {
        peer.cut = true
        for (const peers of topics.values()) peers.delete(peer as Peer)
        live.closed((peer as Peer).connection)
      },
    }
    return Object.assign(peer, { connection: live.open(socket, "192.0.2.1") })
  }

  function announceAll(): void {
    for (const event of night.announced.splice(0)) audience.announce(event)
  }

  return {
    ...night,
    wasRunning,
    live,
    open,
    announceAll,
    /** A peer that comes in with this token and, unless told otherwise, follows every session. */
    async enter(token: string, follow = true): Promise<Peer> {
      const peer = open()
      live.message(peer.connection, JSON.stringify({ type: "auth", token, follow }))
      await until(() => peer.heard.length > 0 || peer.closed !== undefined)
      return peer
    },
    /** Lets both clocks run, sweep by sweep. */
    async wait(seconds: number, meanwhile: () => unknown = () => {}) {
      for (let passed = 0; passed < seconds; passed += SWEEP) {
        clock.pass(SWEEP)
        uptime.pass(SWEEP)
        await meanwhile()
        announceAll()
        live.sweep()
      }
    },
    /** A token that outlives every jump of the clock here. */
    lasting: async () => (await tokens.create("bot", "viewer", 3_650)).token,
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(1)
}

test("a peer from which nothing comes is cut after 90 seconds, although it is sent every vote", async () => {
  const { enter, wait, lasting, sessions, play, cast } = await openHub()
  const peer = await enter(await lasting())
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  let votes = 0
  await wait(90, () => cast(`voter ${++votes}`, "up"))
  expect(peer.heard).toEqual([
    ...["auth_success", "session.started", "game.added"],
    ...Array.from({ length: votes }, () => "vote.received"),
  ])
  expect(peer).toMatchObject({ cut: false, closed: undefined })
  await wait(SWEEP, () => cast(`voter ${++votes}`, "up"))
  expect(peer.cut).toBeTrue()
})

test("a stranger that says nothing is cut as well, whatever its deadline", async () => {
  const { open, wait } = await openHub()
  const peer = open()
  await wait(90 + SWEEP)
  expect(peer.cut).toBeTrue()
})

test.each<[string, (hub: Awaited<ReturnType<typeof openHub>>, peer: Peer) => void]>([
  ["answers pings", ({ live }, { connection }) => live.seen(connection)],
  ["says something", ({ live }, { connection }) => live.message(connection, '{"type":"ping"}')],
  ["talks nonsense", ({ live }, { connection }) => live.message(connection, "?")],
])(
  "a peer that %s now and then stays, and is asked for a sign of life every 25 seconds",
  async (_what, act) => {
    const hub = await openHub()
    const peer = await hub.enter(await hub.lasting())
    for (let i = 0; i < 10; i++) {
      await hub.wait(90)
      act(hub, peer)
    }
    expect(peer).toMatchObject({ cut: false, closed: undefined, pings: 900_000 / LIMITS.pingEveryMs })
  },
)

test("a token that ends takes its sockets along, and no other", async () => {
  const { enter, wait, tokens, lasting, clock, live } = await openHub()
  const [short, long] = [await enter(await tokens.issue("Ann", "host")), await enter(await lasting())]
  clock.pass(24 * 60 * 60 + LIMITS.clockToleranceSeconds - 1)
  live.sweep()
  expect(short.closed).toBeUndefined()
  clock.pass(1)
  live.sweep()
  expect(short.closed).toBe(CLOSE.tokenExpired)
  const { pings } = short
  await wait(25)
  expect(short.pings).toBe(pings)
  expect(long).toMatchObject({ closed: undefined, cut: false, pings: pings + 1 })
})

test.each(["2035-01-01T00:00:00.000Z", "1970-01-02T00:00:00.000Z"])(
  "a wall clock that jumps to %s makes nobody silent",
  async (time) => {
    const { enter, open, wait, lasting, clock } = await openHub()
    const peers = [await enter(await lasting()), open()]
    clock.set(time)
    await wait(90)
    for (const peer of peers) expect(peer).toMatchObject({ cut: false, closed: undefined })
    await wait(SWEEP)
    for (const peer of peers) expect(peer.cut).toBeTrue()
  },
)

test("the places of silent peers are free again once they are cut", async () => {
  const { enter, wait, lasting } = await openHub()
  const token = await lasting()
  const fill = async () => {
    for (let i = 0; i < LIMITS.socketsPerToken; i++) expect((await enter(token)).closed).toBeUndefined()
  }
  await fill()
  expect((await enter(token)).closed).toBe(CLOSE.tooMany)
  await wait(90 + SWEEP)
  await fill()
})

test("a stranger too many is not looked after", async () => {
  const { open, wait } = await openHub()
  const welcome = Array.from({ length: LIMITS.socketsBeforeAuthPerAddress }, open)
  const refused = open()
  expect(refused.closed).toBe(CLOSE.tooMany)
  await wait(90 + SWEEP)
  expect(welcome.every(({ cut }) => cut)).toBeTrue()
  expect(refused.cut).toBeFalse()
})

test("a peer that does not answer a goodbye is cut a second later", async () => {
  const { enter, tokens, live } = await openHub()
  const { id, token } = await tokens.create("bot", "viewer", 1)
  const peer = await enter(token)
  const told = performance.now()
  live.tokenRevoked(id)
  expect(peer).toMatchObject({ closed: CLOSE.tokenRefused, cut: false })
  await until(() => peer.cut)
  expect(performance.now() - told).toBeGreaterThan(900)
})

test("a message that fails is told to its client, and those behind it are answered", async () => {
  const { enter, lasting, live, store } = await openHub()
  const peer = await enter(await lasting())
  await store.write(({ trx }) => sql`ALTER TABLE sessions RENAME TO broken`.execute(trx))
  for (const message of [{ type: "subscribe", sessionId: 7 }, { type: "ping" }]) {
    live.message(peer.connection, JSON.stringify(message))
  }
  await until(() => peer.heard.includes("pong"))
  expect(peer.heard).toEqual(["auth_success", "error", "pong"])
})

test("one that fails at once is told to its client as well", async () => {
  const { enter, live, lasting, wasRunning } = await openHub({ restarted: true })
  const { connection, heard } = await enter(await lasting(), false)
  connection.socket.subscribe = () => JSON.parse("broken")
  live.message(connection, JSON.stringify({ type: "subscribe", sessionId: wasRunning }))
  live.message(connection, JSON.stringify({ type: "ping" }))
  expect(heard).toEqual(["auth_success", "error", "pong"])
})

test.each([
  ["began", false],
  ["was running already", true],
])("a session that %s is followed in the same turn, until it is over", async (_how, restarted) => {
  const { enter, lasting, live, sessions, announceAll, wasRunning } = await openHub({ restarted })
  const id = wasRunning || (await sessions.start(null)).id
  announceAll()
  const [early, late] = [await enter(await lasting(), false), await enter(await lasting(), false)]
  const wish = JSON.stringify({ type: "subscribe", sessionId: id })
  live.message(early.connection, wish)
  expect(early.heard).toEqual(["auth_success", "subscribed"])
  await sessions.close(id)
  announceAll()
  live.message(late.connection, wish)
  expect(late.heard).toEqual(["auth_success"])
  await until(() => late.heard.length > 1)
  expect([early.heard.at(-1), late.heard.at(-1)]).toEqual(["session.ended", "subscribed"])
})
