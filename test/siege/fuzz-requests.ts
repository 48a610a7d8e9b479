/** Requests of every kind, many at once on each connection: each gets an answer that the contract knows. */

import fc from "fast-check"
import { assets } from "#assets"
import type { Command } from "../conformance/night.ts"
import { newSeed } from "../crash/random.ts"
import type { Body } from "../support/api.ts"
import { openPipeline, type Pipeline, type RawAnswer } from "../support/pipeline.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { within } from "../support/server.ts"
import { atLeast, none } from "./figures.ts"
import { holdUntil } from "./holding.ts"
import { createLedger, type Ledger } from "./ledger.ts"
import { openSiege, type SiegeNight } from "./night.ts"
import { METHODS, type Places, ROUTES, type Wish, wishes } from "./requests.ts"
import { HOOK, SURE } from "./sure.ts"

const WORKERS = 8
/** Requests on their way on one connection. */
const IN_FLIGHT = 16
/** By then any request is answered or cut. */
const LONGEST_WAIT_MS = 20_000

export async function run(command: Command, count: number, log: (line: string) => void): Promise<Figure[]> {
  const night = await openSiege(command, { env: { GAMENIGHT_VOTE_POLICY: "every" } })
  const seed = newSeed()
  log(`TORTURE_SEED=${seed}`)
  const ledger = createLedger(night)
  const fuzz = createFuzz(night, ledger)
  const failures = await holdUntil(() => fuzz.asked() >= count, {
    seed,
    workers: WORKERS,
    cases: fc.array(wishes, { minLength: 1, maxLength: 48, size: "max" }),
    holds: fuzz.converse,
    tell: (all) => all.map(({ method, path }) => `${method} ${path.slice(0, 200)}`).join(", "),
  })
  const lost = await ledger.check()
  fuzz.mayUndo()
  for (const wish of SURE) await fuzz.converse([wish]).catch((error) => failures.push(String(error)))
  await fuzz.converse(everyMethod()).catch((error) => failures.push(String(error)))
  log(
    `answers ${[...fuzz.statuses]
      .sort()
      .map(([status, times]) => `${status} ${times}x`)
      .join(", ")}`,
  )
  const silent = ROUTES.filter((route) => !fuzz.succeeded.has(route))
  return [
    none("broken answers", failures),
    atLeast("stored texts that were looked for again", ledger.size(), 10),
    none("stored texts that came back changed or not at all", lost),
    none(
      "routes that never succeeded",
      silent.filter((route) => !ONCE.includes(route)),
    ),
    none("defects of the service", await night.end()),
    atLeast("requests", fuzz.asked(), count),
  ]
}

/** Need what no fuzz guesses: the one-time code, the name of a script, a handshake, that no session runs (the fuzz itself opens them). */
const ONCE = ["POST /api/auth/setup", "GET /assets/:name", "GET /api/sessions/live", "POST /api/sessions"]

const everyMethod = (): Wish[] =>
  ROUTES.flatMap((route) =>
    METHODS.map((method) => ({ method, path: route.split(" ")[1] ?? "/", caller: "admin" as const, route })),
  )

function createFuzz(night: SiegeNight, ledger: Ledger) {
  let asked = 0
  const statuses = new Map<number, number>()
  const succeeded = new Set<string>()
  let careful = true
  const tokens = {
    admin: night.admin.token,
    host: night.host.token,
    bot: night.bot.token,
    viewer: night.viewer.token,
    nobody: undefined,
    stranger: "eyJhbGciOiJub25lIn0.e30.",
  }

  async function ask(connection: Pipeline, wish: Wish, places: Places): Promise<boolean> {
    const token = tokens[careful && undoes(wish) ? "bot" : wish.caller]
    const path = wish.path.replace(/\{(session|row|token|backup|webhook)\}/g, (_, place: keyof Places) =>
      String(places[place]),
    )
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...wish.headers }
    const request = { ...wish, path, headers }
    const told = `${wish.method} ${path.slice(0, 200)} ${JSON.stringify(wish.headers)}`
    const answer = await within<RawAnswer | undefined>(
      `an answer to ${told}`,
      (done) => void connection.ask(request).then(done),
      LONGEST_WAIT_MS,
    )
    if (!answer) return false
    asked++
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    if (answer.status < 400 && wish.method === wish.route.split(" ")[0]) succeeded.add(wish.route)
    const wrong = [...faults(wish, answer), ...ledger.note(request, answer)]
    if (wrong.length > 0) throw new Error(`${told}: ${wrong.join("; ")}`)
    return true
  }

  return {
    asked: () => asked,
    statuses,
    succeeded,
    /** From now on what was stored may be removed again. */
    mayUndo() {
      careful = false
    },
    async converse(conversation: readonly Wish[]) {
      const places = await keepRunning(night)
      let connection = await openPipeline(night.server)
      for (let at = 0; at < conversation.length; at += IN_FLIGHT) {
        const window = conversation.slice(at, at + IN_FLIGHT)
        const answered = await Promise.all(window.map((wish) => ask(connection, wish, places)))
        // A request that ends the connection takes those around it along: each of them must get through alone.
        for (const wish of window.filter((_, i) => !answered[i])) {
          const alone = await openPipeline(night.server)
          const got = await ask(alone, wish, places)
          alone.close()
          if (!got)
            throw new Error(`No answer to ${wish.method} ${wish.path} ${JSON.stringify(wish.headers)}`)
        }
        if (!connection.isOpen) connection = await openPipeline(night.server)
      }
      connection.close()
    },
  }
}

/** Whether it would take away or change what an earlier one stored. */
const undoes = ({ method, path }: Wish): boolean =>
  (method === "DELETE" && /sessions|games/.test(path)) || /room-code|bulk|import/.test(path)

/** Sees to it that there is something to vote on and to revoke. */
async function keepRunning({ admin }: SiegeNight): Promise<Places> {
  const { body: active } = await admin("GET", "/api/sessions/active")
  const started = active ?? (await admin("POST", "/api/sessions")).body
  const session = started.id ?? started.activeSessionId
  const game = { game_id: 1, room_code: "FUZZ" }
  const { body: rows } = await admin("GET", `/api/sessions/${session}/games`)
  const row = rows[0]?.id ?? (await admin("POST", `/api/sessions/${session}/games`, game)).body.id
  const tokens = (await admin("GET", "/api/tokens")).body
  const spare = tokens.find(({ name, revoked_at }: Body) => name === SPARE && revoked_at === null)
  const token = spare ?? (await admin("POST", "/api/tokens", { name: SPARE, role: "viewer" })).body
  const [backup] = (await admin("GET", "/api/backups")).body
  const [known] = (await admin("GET", "/api/webhooks")).body
  const webhook = known ?? (await admin("POST", "/api/webhooks", HOOK)).body
  return {
    session,
    row: row ?? 1,
    token: token.id,
    backup: backup?.name ?? "none.db",
    webhook: webhook.id,
  }
}

const SPARE = "spare of the fuzz"

/** What an export or a recap may be. */
const DOCUMENT = /^(text\/(csv|markdown|plain)|image\/svg\+xml)/

const BY_THE_HOST = new Set([400, 413, 431])
const PROBLEM = ["code", "detail", "error", "status", "title", "type"]

/** What an answer has that the contract does not know. */
function faults({ method, path }: Wish, { status, headers, body }: RawAnswer): string[] {
  const type = headers.get("content-type") ?? ""
  const text = body.toString("utf8")
  if (!(status >= 200 && status < 500)) return [`status ${status}: ${text}`]
  if (method === "HEAD" || status === 204 || status === 304)
    return text === "" ? [] : ["a body where none may be"]
  if (/event-stream|ndjson/.test(type)) return []
  const embedded = assets[path.replace(/\/?([?#].*)?$/, "")]
  if (status < 400 && embedded) return type === embedded.type ? [] : [`${path} as ${type}`]
  if (status < 400 && type.startsWith("text/html")) return path.startsWith("/api/") ? ["a page"] : []
  if (status < 400 && DOCUMENT.test(type)) return /\/(export|recap)\b/.test(path) ? [] : ["a document"]
  if (status < 400 && type === "application/vnd.sqlite3")
    return path.startsWith("/api/backups/") ? [] : ["a backup"]
  // What is not HTTP for the runtime never reaches the program.
  if (BY_THE_HOST.has(status) && type === "" && text === "") return []
  const json = parsed(text)
  if (json === undefined) return [`${status} ${type} without JSON: ${text.slice(0, 200)}`]
  if (status < 400) return type === "application/json" ? [] : [`${status} as ${type}`]
  const missing = PROBLEM.filter((member) => !Object.hasOwn(Object(json), member))
  const said = String(Reflect.get(Object(json), "error"))
  return [
    ...(type === "application/problem+json" ? [] : [`${status} as ${type}`]),
    ...missing.map((member) => `a problem without ${member}`),
    ...(Reflect.get(Object(json), "status") === status ? [] : ["another status in the body"]),
    ...(/undefined|\[object|SQLITE|\n +at /.test(said) && !/undefined|\[object/.test(path)
      ? [`says ${said}`]
      : []),
    ...(status === 401 && !headers.has("www-authenticate") ? ["401 without WWW-Authenticate"] : []),
    ...(status === 405 && !headers.has("allow") ? ["405 without Allow"] : []),
  ]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const scenario: Scenario = {
  name: "fuzz-requests",
  promise:
    "100,000 fuzzed requests: no crash, no 5xx, every answer as documented, texts come back as they were sent",
  short: 5_000,
  long: 100_000,
  run: ({ count, log }) => run(COMPILED, count, log),
}
