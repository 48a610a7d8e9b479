/** One data folder through many crashes: under load, killed in some way, started again, and held against the history. */
import { type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { COMPILED } from "../support/programs.ts"
import { ADMIN_KEY, cleanEnv, startServer, type TestServer } from "../support/server.ts"
import { createChecker } from "./checker.ts"
import { openConnection } from "./connection.ts"
import {
  createResumingFollower,
  type Follower,
  openPlainFollower,
  type ResumingFollower,
} from "./followers.ts"
import { createHistory, type Outcome, type Write } from "./history.ts"
import { createLoad, type Load, type RunningLoad, requestOf } from "./load.ts"
import type { Random } from "./random.ts"
import { integrityOf, readState } from "./state.ts"

/** Lifts the rates: one machine plays the whole crowd. */
const ENV = { GAMENIGHT_RATE_LIMITS: "off" }
/** Few games, so that their counters grow over many sessions. */
const GAMES = 12

export type CrashNight = {
  /** Starts the program and checks what the crash before has left. */
  start(command?: readonly string[]): Promise<TestServer>
  /** Starts the program and kills it after so many milliseconds, wherever it is then. */
  killStart(afterMs: number): Promise<void>
  /** Puts the server under load, with bots that listen. */
  load(server: TestServer): Promise<RunningLoad & { heardAll(): Promise<unknown> }>
  /** Asks for one write and no more. */
  ask(server: TestServer, write: Write): Promise<Outcome>
  /** The running session, if there is one. */
  activeId(server: TestServer): Promise<number | undefined>
  /** Whatever the server says from now on until the next start counts for nothing. */
  deafen(): void
  /** Starts once more, checks everything from the first event on, and stops as the owner would. */
  finish(): Promise<void>
  /** What was found wrong so far. */
  readonly violations: string[]
  counts(): Counts
}

export type Counts = {
  answered: number
  refused: number
  /** Those of them that were refused because the disk was full. */
  diskFull: number
  unknown: number
  /** Frames heard by all bots. */
  heard: number
  events: number
}

/** Longer than any clock of a night is set ahead. */
const TOKEN_DAYS = 3_650

export type CrashNightOptions = {
  /** It does not have to exist yet. */
  dataDir: string
  random: Random
  /** How the program is started where nothing else is said. */
  command?: readonly string[]
}

export function createCrashNight({ dataDir, random, command = COMPILED }: CrashNightOptions): CrashNight {
  const history = createHistory()
  const checker = createChecker()
  const violations: string[] = []
  let bots: Follower[] = []
  let heard = 0
  let resuming: ResumingFollower | undefined
  let admin: Api | undefined
  let loadOf: Load | undefined
  let crashes = 0

  /** The token of the first start serves to the end: it must outlive every crash. */
  async function apiOf(server: TestServer): Promise<Api> {
    admin ??= await asRole(await asAdmin(server), "admin", TOKEN_DAYS)
    return createApi(server, admin.token)
  }

  async function activeId(server: TestServer): Promise<number | undefined> {
    const { body } = await (await apiOf(server))("GET", "/api/sessions/active")
    return body?.id
  }

  async function start(startedAs = command): Promise<TestServer> {
    const server = await startServer(startedAs, { dataDir, env: ENV })
    const api = await apiOf(server)
    const { status, text } = await api("GET", "/api/tokens")
    if (status !== 200) violations.push(`The token of the first start is refused: ${text}`)
    resuming ??= createResumingFollower({ name: "The bot that resumes", token: api.token ?? "" })
    await resuming.resume(server.url)
    const state = await readState(dataDir, api, checker.position())
    // The plain bots were cut off by the crash; what they heard until then must be true.
    const streams = [...bots.map(({ stream }) => stream), resuming.stream]
    const lines = checker.check(state, history.operations, streams, [resuming.stream])
    violations.push(...[...lines, ...resuming.lost].map((line) => `After crash ${crashes}: ${line}`))
    heard += bots.reduce((sum, { stream }) => sum + stream.heard.length, 0)
    bots = []
    return server
  }

  async function load(server: TestServer) {
    const api = await apiOf(server)
    const token = api.token ?? ""
    if (!loadOf) {
      const { body: games } = await api("GET", "/api/games")
      const gameIds = games.slice(0, GAMES).map(({ id }: Body) => id)
      loadOf = createLoad({ history, random, token, gameIds })
    }
    const name = `The bot of crash ${++crashes}`
    const bot = { name, url: server.url, token, tick: history.tick, activeId: await activeId(server) }
    bots = [await openPlainFollower(bot)]
    // Resolves once the bots have had an answer to a ping, and so everything before it.
    const heardAll = () => Promise.all([...bots, resuming].map((bot) => bot?.caughtUp()))
    return { ...loadOf.run(server.url), heardAll }
  }

  async function finish(): Promise<void> {
    const server = await start()
    const whole = createChecker()
    const state = await readState(dataDir, await apiOf(server), whole.position())
    violations.push(...whole.check(state, history.operations, [], []).map((line) => `In the end: ${line}`))
    const code = await server.stop()
    if (code !== 0) violations.push(`It stopped with exit code ${code}: ${server.stderr()}`)
    violations.push(...integrityOf(dataDir))
  }

  return {
    start,
    async killStart(afterMs) {
      const options = { env: cleanEnv({ ...ENV, GAMENIGHT_ADMIN_KEY: ADMIN_KEY }) }
      const child = Bun.spawn([...command, "--port", "0", "--data-dir", dataDir], {
        ...options,
        stdio: ["ignore", "ignore", "ignore"],
      })
      await Bun.sleep(afterMs)
      child.kill("SIGKILL")
      await child.exited
    },
    load,
    activeId,
    async ask(server, write) {
      const { token = "" } = await apiOf(server)
      const connection = await openConnection(server.url, token)
      const { path, body } = requestOf(write)
      const settle = history.begin(write)
      const outcome = settle(await connection.call("POST", path, body))
      connection.close()
      return outcome
    },
    deafen() {
      history.deafen()
      for (const bot of [...bots, resuming]) bot?.close()
    },
    finish,
    violations,
    counts() {
      const of = (outcome: Outcome) => history.operations.filter((one) => one.outcome === outcome)
      const refused = of("failed")
      return {
        answered: history.answered(),
        refused: refused.length,
        diskFull: refused.filter(({ answer }) => answer?.code === "disk_full").length,
        unknown: of("unknown").length,
        heard: heard + (resuming?.stream.heard.length ?? 0),
        events: checker.position().seq,
      }
    },
  }
}
