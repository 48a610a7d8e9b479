/** What the parts of the suite share: a service of its own for each, callers of every role, and how answers are read. */
import { afterAll, beforeAll, expect } from "bun:test"
import type { Role } from "../../src/store/schema.ts"
import { type Answer, type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { type StartOptions, startServer, type TestServer } from "../support/server.ts"

/** How the program under test is started, such as `["dist/gamenight"]`. */
export type Command = readonly string[]

/** Where the two hosts differ by their parsers alone, the tests say so. */
export const isNodeBundle = (command: Command): boolean => command.some((word) => word.endsWith(".mjs"))

/** A running service and one caller per role; filled before the first test of the part. */
export type Night = Record<Role | "anyone", Api> & { server: TestServer }

/** Starts a service for the tests of one part and stops it after them. */
export function startNight(command: Command, options: StartOptions = {}): Night {
  const night = {} as Night
  beforeAll(async () => {
    const server = await startServer(command, options)
    const admin = await asAdmin(server)
    Object.assign(night, { server, anyone: createApi(server), admin })
    for (const role of ["viewer", "bot", "host"] as const) night[role] = await asRole(admin, role)
  })
  afterAll(async () => {
    expect(await night.server.stop()).toBe(0)
  })
  return night
}

/** Opens a session, after closing the one that may be running. */
export async function openSession({ host }: Pick<Night, "host">, notes?: string): Promise<Body> {
  const { body: running } = await host("GET", "/api/sessions/active")
  if (running) await host("POST", `/api/sessions/${running.id}/close`)
  const { status, body } = await host("POST", "/api/sessions", { notes })
  expect(status).toBe(201)
  return body
}

/** Plays the game with this ticker and gives its session-game row. */
export async function play({ host }: Pick<Night, "host">, sessionId: number, ticker: string): Promise<Body> {
  const { body: games } = await host("GET", "/api/games")
  const game = games.find((one: Body) => one.ticker === ticker)
  const { status, body } = await host("POST", `/api/sessions/${sessionId}/games`, { game_id: game.id })
  expect(status).toBe(201)
  return body
}

/** The members of an object in the order of the alphabet. */
export const keys = (object: Body): string[] => Object.keys(object).sort()

export const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** A moment `ms` after another one, as clients write it. */
export const after = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString()

/** Checks that a refusal is a problem document with these parts and nothing of the inside of the program. */
export function expectProblem(
  { status, headers, body, text }: Answer,
  wanted: { status: number; code: string; error?: string; path?: string },
): void {
  expect({ status, code: body.code, text }).toMatchObject({ status: wanted.status, code: wanted.code })
  expect(headers.get("content-type")).toBe("application/problem+json")
  const { type, title, status: inBody, detail, code, error, errors, ...rest } = body
  expect({ type, inBody, code }).toEqual({ type: "about:blank", inBody: wanted.status, code: wanted.code })
  expect(title).toMatch(/^[A-Z][A-Za-z ]+$/)
  expect(detail).toBe(error)
  expect(error).toMatch(/^[A-Z]/)
  expect(error).not.toMatch(/\.$|\n|\bat \/|SQLITE|undefined|\[object|[Ee]xpected |[Rr]eceived /)
  expect(Object.keys(rest).filter((member) => member !== "activeSessionId")).toEqual([])
  if (wanted.error !== undefined) expect(error).toBe(wanted.error)
  if (status === 401) expect(headers.get("www-authenticate")).toBe("Bearer")
  if (wanted.path !== undefined) {
    expect(errors.map(({ path }: Body) => path)).toContain(wanted.path)
    expect(error).toContain(wanted.path)
  }
}
