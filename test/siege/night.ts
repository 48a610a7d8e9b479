/** A running service under siege: callers of each role, a session, a game, and votes that flow. */

import type { Command } from "../conformance/night.ts"
import { type Api, asAdmin, asRole, type Body } from "../support/api.ts"
import { type StartOptions, startServer, type TestServer } from "../support/server.ts"

export type SiegeNight = {
  server: TestServer
  admin: Api
  host: Api
  bot: Api
  viewer: Api
  session: Body
  /** The log as clients read it, from its beginning or after a place. */
  log(since?: number): Promise<Body[]>
  /** Ends the service and gives what was wrong with it: its exit code and defects in its log. */
  end(): Promise<string[]>
}

const LIFTED = { GAMENIGHT_RATE_LIMITS: "off", GAMENIGHT_MAX_SOCKETS: "12000" }

/** Starts a service without rates, opens a session in it and plays a game. */
export async function openSiege(command: Command, options: StartOptions = {}): Promise<SiegeNight> {
  const server = await startServer(command, { ...options, env: { ...LIFTED, ...options.env } })
  const admin = await asAdmin(server)
  const [host, bot, viewer] = [
    await asRole(admin, "host"),
    await asRole(admin, "bot"),
    await asRole(admin, "viewer"),
  ]
  const running = (await admin("GET", "/api/sessions/active")).body
  const session = running ?? (await host("POST", "/api/sessions", { notes: "Under siege" })).body
  const [game] = (await admin("GET", "/api/games")).body
  await host("POST", `/api/sessions/${session.id}/games`, { game_id: game.id })
  return {
    server,
    admin,
    host,
    bot,
    viewer,
    session,
    log: (since = 0) => wholeLog(viewer, since),
    async end() {
      const alive = await admin("GET", "/health").then(
        ({ status }) => (status === 200 ? [] : [`/health answered ${status}`]),
        (error) => [`/health did not answer: ${error}`],
      )
      const code = await server.stop()
      return [...alive, ...(code === 0 ? [] : [`exit code ${code}`]), ...defects(server)]
    },
  }
}

/** Lines of the log that tell of a defect. */
export const defects = (server: Pick<TestServer, "stderr">): string[] =>
  server
    .stderr()
    .split("\n")
    .filter((line) => /Internal error|[Uu]nhandled|panic|^\s+at |Segmentation/.test(line))

async function wholeLog(reader: Api, since: number): Promise<Body[]> {
  const events: Body[] = []
  for (let next = since; ; ) {
    const { body } = await reader("GET", `/api/events?since=${next}&limit=1000`)
    events.push(...body.events)
    if (body.events.length === 0 || body.next === next) return events
    next = body.next
  }
}

export type Flow = {
  /** Votes that were answered with 200, by their voter. */
  answered: string[]
  /** When the request of a voter went out, on the monotonic clock. */
  sentAt: Map<string, number>
  refused: string[]
  /** Lets the votes on their way come to their end. */
  stop(): Promise<void>
}

/** Casts votes of ever new voters, `perSecond` of them, until it is stopped. */
export function voteOn({ bot }: Pick<SiegeNight, "bot">, perSecond: number): Flow {
  const flow = { answered: [] as string[], sentAt: new Map<string, number>(), refused: [] as string[] }
  const open = new Set<Promise<void>>()
  const began = performance.now()
  let cast = 0
  async function vote(username: string): Promise<void> {
    flow.sentAt.set(username, performance.now())
    const body = { username, vote: cast % 3 === 0 ? "down" : "up" }
    const { status, text } = await bot("POST", "/api/votes/live", body)
    if (status === 200) flow.answered.push(username)
    else flow.refused.push(`${status} ${text}`)
  }
  const timer = setInterval(() => {
    const due = ((performance.now() - began) / 1000) * perSecond
    for (; cast < due; cast++) {
      const one = vote(`voter ${cast}`).catch((error) => void flow.refused.push(String(error)))
      open.add(one)
      void one.then(() => open.delete(one))
    }
  }, 5)
  return {
    ...flow,
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
    },
  }
}
