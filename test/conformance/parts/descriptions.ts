/** Every answer of the whole suite against the OpenAPI document, and each route asked in all the wrong ways. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { assets } from "#assets"
import manifest from "../../../package.json" with { type: "json" }
import { routes } from "../../../src/describe/documents.ts"
import { type OpenApi, type Operation, openApi, operationsOf } from "../../../src/describe/openapi.ts"
import { createDescribed, type Described } from "../../support/described.ts"
import { overhear } from "../../support/exchanges.ts"
import { sendRaw } from "../../support/raw-http.ts"
import { ADMIN_KEY } from "../../support/server.ts"
import { type Command, expectProblem, type Night, openSession, startNight } from "../night.ts"

/** What no client can bring about. */
const SELDOM = / 5\d\d$/

type Heard = { document: OpenApi; described: Described; faults: Set<string>; count: number }

/** Holds every exchange of the suite against the document, from its first test on. */
export function listenToAll(): Heard {
  const heard = { faults: new Set(), count: 0 } as unknown as Heard
  let stop = () => {}
  beforeAll(async () => {
    heard.document = await openApi(routes(), manifest.version)
    heard.described = createDescribed(heard.document)
    stop = overhear((exchange) => {
      heard.count++
      for (const fault of heard.described.faults(exchange)) heard.faults.add(fault)
    })
  })
  afterAll(() => stop())
  return heard
}

export function descriptionsPart(command: Command, heard: Heard): void {
  describe("the OpenAPI document", () => {
    const night = startNight(command, {
      env: {
        GAMENIGHT_PUBLIC_READS: "false",
        GAMENIGHT_ALLOWED_ORIGINS: "https://overlay.example",
        GAMENIGHT_VOTE_BURST: "10",
        GAMENIGHT_VOTE_RATE: "1",
      },
    })

    test("is what the service gives out", async () => {
      const { body } = await night.anyone("GET", "/api/openapi.json")
      expect(body).toEqual(JSON.parse(JSON.stringify(heard.document)))
    })

    test("knows every refusal of every route", async () => {
      for (const { route, operation } of operationsOf(heard.document)) {
        for (const [status, call] of refusals(night, route, operation)) {
          if (!(status in operation.responses)) continue
          expect([route, (await call()).status]).toEqual([route, status])
        }
      }
    })

    test("knows what a key gets that comes with another request", async () => {
      const { id } = await openSession(night)
      const games = [{ title: "Charades", pack_name: "House games", min_players: 4, max_players: 20 }]
      const wishes: [path: string, body: object][] = [
        ["/api/auth/login", { key: ADMIN_KEY }],
        ["/api/games/import/json", { games }],
        [`/api/sessions/${id}/chat-import`, { chatData: [] }],
        [`/api/sessions/${id}/voting/start`, { options: ["Yes", "No"], seconds: 60 }],
        [`/api/sessions/${id}/voting/cancel-end`, {}],
        [`/api/sessions/${id}/voting/end`, {}],
        [`/api/sessions/${id}/game-selection`, { game_id: 1 }],
        [`/api/sessions/${id}/close`, {}],
        [`/api/sessions/${id}/unarchive`, {}],
      ]
      for (const [path, body] of wishes) {
        const again = { "idempotency-key": `again ${path}`.replaceAll(" ", "-") }
        const { status } = await night.admin("POST", path, body, again)
        expect([path, status < 300]).toEqual([path, true])
        const other = await night.admin("POST", path, { ...body, another: true }, again)
        expectProblem(other, { status: 409, code: "idempotency_key_reused" })
      }
    })

    test("knows that votes in a poll have a rate, too", async () => {
      const cast = () => night.bot("POST", "/api/votes/poll", { username: "ann", choice: 1 })
      const answers = await Promise.all(Array.from({ length: 20 }, cast))
      expect(answers.map(({ status }) => status)).toContain(429)
    })

    test("knows every answer that the whole suite got, and every body that was taken", () => {
      expect([...heard.faults]).toEqual([])
      expect(heard.count).toBeGreaterThan(1_000)
      expect(heard.described.unseen().filter((pair) => !SELDOM.test(pair))).toEqual([])
    })
  })
}

/** Its name changes with its content. */
const SCRIPT = Object.keys(assets).find((path) => path.startsWith("/assets/")) ?? ""

type Refusal = [status: number, call: () => Promise<{ status: number }>]

/** Each way in which any route refuses, where the document says that this one does. */
function refusals({ server, anyone, admin }: Night, route: string, operation: Operation): Refusal[] {
  const [method = "", path = ""] = route.split(" ")
  const { security, requestBody, parameters = [] } = operation
  const nobody = path.replace(/\{\w+\}/g, "999")
  const [type = "", media] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const body = media && (typeof media.example === "string" ? media.example : JSON.stringify(media.example))
  const as = { "content-type": type }
  /** `fetch` gives a GET no body, but others tell of one. */
  const claimed = () => {
    const length = `Content-Length: ${sizeAbove(operation)}`
    return sendRaw(server, `${method} ${nobody} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`)
  }
  const all: Refusal[] = [
    [421, () => sendRaw(server, `${method} ${nobody} HTTP/1.1\r\nHost: evil.example\r\n\r\n`)],
    [403, () => admin(method, nobody, undefined, { origin: "https://evil.example" })],
    [413, () => (method === "GET" ? claimed() : admin(method, nobody, " ".repeat(sizeAbove(operation))))],
    [415, () => admin(method, nobody, "x", { "content-type": "text/plain" })],
  ]
  if (security.length > 0) all.push([401, () => anyone(method, nobody)])
  if (path.includes("{")) all.push([404, () => admin(method, nobody, body, body ? as : {})])
  if (/\{(id|gameRow)\}/.test(path)) all.push([400, () => admin(method, path.replace(/\{\w+\}/g, "0"))])
  else if (requestBody) all.push([400, () => admin(method, nobody, "[", as)])
  else if (parameters.length === 1 && parameters[0]?.name === "Idempotency-Key")
    all.push([400, () => admin(method, nobody, undefined, { "idempotency-key": "no key" })])
  else if (parameters.length > 0) all.push([400, () => admin(method, `${nobody}?${nonsense(operation)}`)])
  all.push([
    304,
    async () => {
      const known = path === "/assets/{name}" ? SCRIPT : nobody
      const { headers } = await admin(method, known)
      return admin(method, known, undefined, { "if-none-match": headers.get("etag") ?? "" })
    },
  ])
  return all
}

const sizeAbove = ({ description = "" }: Operation): number =>
  description.includes("5 MiB") ? 5 * 1024 * 1024 + 1 : 64 * 1024 + 1

/** A query in which nothing makes sense. */
const nonsense = ({ parameters = [] }: Operation): string =>
  parameters.map(({ name }) => `${name}=%00`).join("&")
