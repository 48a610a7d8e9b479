/** The client that the pages use, over real sockets: it misses nothing, and knows when to stop. */
import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Following, type FollowState, follow } from "../../src/client/follow.ts"
import type { ActiveSession, GameNightEvent } from "../../src/server-messages.ts"
import { type Api, asAdmin, asRole, createApi } from "../support/api.ts"
import { COMPILED } from "../support/programs.ts"
import { startServer, type TestServer, within } from "../support/server.ts"

let server: TestServer
let admin: Api
beforeAll(async () => {
  server = await startServer(COMPILED)
  admin = await asAdmin(server)
})
afterAll(async () => {
  expect(await server.stop()).toBe(0)
})

type Told = { snapshots: (ActiveSession | null)[]; events: GameNightEvent[]; states: FollowState[] }

/** A client that follows, and what it was told; `until` waits for the day this is true of it. */
function listen(token: (refused: string | undefined) => string | undefined) {
  const told: Told = { snapshots: [], events: [], states: [] }
  let look = () => {}
  const hear =
    <T>(list: T[]) =>
    (one: T) => {
      list.push(one)
      look()
    }
  const following: Following = follow({
    url: server.socketUrl,
    token: async (refused) => token(refused),
    onSnapshot: hear(told.snapshots),
    onEvent: hear(told.events),
    onState: hear(told.states),
  })
  const until = (what: string, holds: (told: Told) => boolean) =>
    within<void>(what, (done) => {
      look = () => {
        if (holds(told)) done()
      }
      look()
    })
  return { told, following, until }
}

test("misses no event and hears none twice while the service is killed and comes back", async () => {
  const bot = await asRole(admin, "bot")
  const { told, following, until } = listen(() => bot.token)
  await until("a snapshot", ({ snapshots }) => snapshots.length === 1)
  const { body: session } = await admin("POST", "/api/sessions", { notes: "followed" })
  await admin("POST", `/api/sessions/${session.id}/games`, { game_id: 1 })
  const vote = (n: number) => bot("POST", "/api/votes/live", { username: `v${n}`, vote: "up" })
  for (let n = 0; n < 20; n++) await vote(n)

  await server.stop("SIGKILL")
  const { dataDir, url } = server
  server = await startServer(COMPILED, { dataDir, flags: ["--port", new URL(url).port] })
  admin = createApi(server, admin.token)
  const again = createApi(server, bot.token)
  for (let n = 20; n < 40; n++) await again("POST", "/api/votes/live", { username: `v${n}`, vote: "up" })
  following.nudge()
  await admin("POST", `/api/sessions/${session.id}/close`)
  await until("the end", ({ events }) => events.at(-1)?.type === "session.ended")

  const votes = told.events.flatMap((event) =>
    event.type === "vote.received" ? [event.data.vote.username] : [],
  )
  expect(votes).toEqual(Array.from({ length: 40 }, (_, n) => `v${n}`))
  const seqs = told.events.map(({ seq }) => seq)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => Number(a) - Number(b)))
  expect(told.snapshots).toEqual([null])
  expect(told.states).toContain("waiting")
  following.stop()
  await until("its end", ({ states }) => states.at(-1) === "stopped")
})

test("a token that is revoked is not used again; with another one it goes on", async () => {
  const first = await asRole(admin, "viewer")
  const second = await asRole(admin, "viewer")
  const refusals: (string | undefined)[] = []
  const { following, until } = listen((refused) => {
    refusals.push(refused)
    return refused === first.token ? second.token : first.token
  })
  await until("the first connection", ({ states }) => states.includes("live"))
  await admin("DELETE", `/api/tokens/${first.id}`)
  await until("the second one", ({ states }) => states.filter((state) => state === "live").length === 2)
  expect(refusals).toEqual([undefined, String(first.token)])
  following.stop()
})

test("without any token left it stops", async () => {
  const only = await asRole(admin, "viewer")
  const { until } = listen((refused) => (refused ? undefined : only.token))
  await until("the connection", ({ states }) => states.includes("live"))
  await admin("DELETE", `/api/tokens/${only.id}`)
  await until("the end", ({ states }) => states.at(-1) === "stopped")
})

test("where nobody answers it tries again, less and less often", async () => {
  const states: FollowState[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const following = follow({
    url: "ws://127.0.0.1:9/api/sessions/live",
    token: async () => "any",
    onSnapshot: () => {},
    onEvent: () => {},
    onState: (state) => {
      states.push(state)
      if (states.filter((one) => one === "waiting").length === 3) resolve()
    },
    random: () => 0,
  })
  await promise
  following.stop()
  expect(states.slice(0, 4)).toEqual(["connecting", "connecting", "waiting", "connecting"])
})
