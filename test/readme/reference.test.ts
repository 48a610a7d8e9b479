/** The README is held to what it says: its messages are the protocol, its tables are whole. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import * as v from "valibot"
import manifest from "../../package.json" with { type: "json" }
import { readConfig } from "../../src/config.ts"
import * as examples from "../../src/describe/examples.ts"
import { eventPage, FROM_CLIENT, FROM_SERVER } from "../../src/describe/messages.ts"
import * as pollExamples from "../../src/describe/poll-examples.ts"
import { createApp } from "../../src/http/app.ts"
import type { Deps } from "../../src/http/context.ts"
import { CLOSE, clientMessage } from "../../src/protocol.ts"
import { serverMessage } from "../../src/server-messages.ts"
import { SETTINGS } from "../../src/settings.ts"
import { ROLES } from "../../src/tokens.ts"
import { type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { followingBot } from "../support/bot.ts"
import { COMPILED } from "../support/programs.ts"
import { ADMIN_KEY, startServer, type TestServer } from "../support/server.ts"
import { blocks, code, section, table } from "./page.ts"

describe("the live protocol", () => {
  const messages: Body[] = blocks(section("Live protocol"), "json").map((block) => JSON.parse(block))

  test("every example is a message of the protocol", () => {
    for (const message of messages) {
      const ours = v.is(clientMessage, message) || v.is(serverMessage, message)
      expect({ message, ours }).toEqual({ message, ours: true })
    }
  })

  test("the examples are those of the documents", () => {
    const known = [...FROM_CLIENT, ...FROM_SERVER].map((message) => JSON.stringify(message))
    expect(messages.map((message) => JSON.stringify(message)).sort()).toEqual(known.sort())
  })

  test("every message has an example, with and without what a client may ask for", () => {
    for (const option of [...clientMessage.options, ...serverMessage.options]) {
      const shown = messages.some((message) => v.is(option, message))
      expect({ type: option.entries.type.literal, shown }).toEqual({
        type: option.entries.type.literal,
        shown: true,
      })
    }
  })

  test("the close codes are those of the socket", () => {
    const known: string[] = [...Object.values(CLOSE).map(String), "1006"]
    const listed = table("Live protocol", "close code").map(([number]) => String(number))
    expect(listed.filter((number) => !known.includes(number))).toEqual([])
  })
})

test("the rows are the examples of the documents", () => {
  const { token: _, ...rows } = examples
  const shown = blocks(section("HTTP API"), "jsonc").map((block) => JSON.parse(block))
  const { POLL_EVENTS: _events, ...polls } = pollExamples
  const known = [...Object.values(rows), ...Object.values(polls), eventPage]
  const order = (all: readonly unknown[]) => all.map((row) => JSON.stringify(row)).sort()
  expect(order(shown)).toEqual(order(known))
})

describe("the tables", () => {
  test("every setting stands there with its flag, its names, its values and its default", () => {
    const config = readConfig({}, {}, String)
    const plain = [
      "port",
      "host",
      "publicReads",
      "phoneVotes",
      "votePolicy",
      "maxSockets",
      "voteRate",
      "voteBurst",
      "logDays",
    ]
    const rows = table("Configuration", "flag")
    expect(rows.map(([flag, names, value]) => [flag, names, value])).toEqual(
      Object.values(SETTINGS).map(({ flag, env, hint }) => [
        code(`--${flag}`),
        env.map(code).join(", "),
        hint,
      ]),
    )
    for (const [at, key] of (Object.keys(SETTINGS) as (keyof typeof SETTINGS)[]).entries()) {
      if (plain.includes(key)) expect([key, rows[at]?.[3]]).toEqual([key, String(config[key])])
    }
  })

  const routes = table("HTTP API", "route")

  test("every route stands there, and no other", () => {
    const app = createApp({ config: readConfig({}, {}, String) } as Deps)
    const known = app.routes.filter(({ method }) => method !== "ALL")
    const written = known.map(({ method, path }) => code(`${method} ${path.replace(/:(\w+)/g, "{$1}")}`))
    expect(routes.map(([route]) => String(route)).sort()).toEqual([...new Set(written)].sort())
  })

  test("every dependency stands there, and no other", () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies }
    const named = table("Develop", "dependency").map(([name]) => String(name))
    expect(named.sort()).toEqual(Object.keys(all).map(code).sort())
  })

  describe("beside a service with closed reads", () => {
    let server: TestServer
    let admin: Api
    beforeAll(async () => {
      server = await startServer(COMPILED, { flags: ["--public-reads", "false"] })
      admin = await asAdmin(server)
    })
    afterAll(async () => {
      expect(await server.stop()).toBe(0)
    })

    test("each route asks for the role of its row, and for no more", async () => {
      const callers = new Map<string, Api>([["-", createApi(server)]])
      for (const role of ROLES) callers.set(role, await asRole(admin, role))
      const ranks = ["-", ...ROLES]
      for (const [route = "", role] of routes) {
        const [method = "", path = ""] = route
          .replaceAll("`", "")
          .replace(/\{\w+\}/g, "999999")
          .split(" ")
        const rank = ranks.indexOf(role === "read" ? "viewer" : String(role))
        const answerTo = async (at: number) => (await callers.get(String(ranks[at]))?.(method, path))?.body
        const enough = (await answerTo(rank))?.code
        expect([route, enough === "unauthenticated" || enough === "forbidden"]).toEqual([route, false])
        if (rank === 0) continue
        const less = rank === 1 ? "unauthenticated" : "forbidden"
        expect([route, (await answerTo(rank - 1))?.code]).toEqual([route, less])
      }
    })

    test("the bodies have the members that the service sends", async () => {
      const get = async (path: string) => (await admin("GET", path)).body
      const post = async (path: string, body: Body) => (await admin("POST", path, body)).body
      const running = await get("/api/sessions/active")
      const session = running ?? (await post("/api/sessions", {}))
      const [game] = await get("/api/games")
      const bot = await followingBot(server, admin.token, session.id)
      const voting = (verb: string, body: Body) => post(`/api/sessions/${session.id}/voting/${verb}`, body)
      const played = await post(`/api/sessions/${session.id}/games`, { game_id: game.id })
      await voting("start", { options: [game.id, "Other"] })
      const vote = await post("/api/votes/poll", { username: "ann", choice: 1 })
      const poll = { vote, ended: await voting("end", {}) }
      const answers = [
        session,
        game,
        played,
        (await get("/api/games/packs"))[0],
        await post("/api/tokens", { name: "overlay", role: "viewer" }),
        (await get("/api/tokens"))[0],
        await post("/api/auth/login", { key: ADMIN_KEY }),
        await post("/api/votes/live", { username: "ann", vote: "up" }),
        await post("/api/pick", { seed: "friday", playerCount: 5 }),
        await post("/api/plan", { seed: "friday", minutes: 20 }),
        await post("/api/games/import/csv?dry_run=true", {
          csv: "Game Pack,Game Title,Min. Players,Max. Players\nHouse games,Charades,4,20",
        }),
        await get("/api/sessions/active/now"),
        (await get("/api/sockets"))[0],
        poll.ended,
        poll.vote,
        await get(`/api/sessions/${session.id}/game-selection`),
        await post("/api/voters/links", { usernames: ["ann", "Ann_on_Twitch"] }),
        await post(`/api/sessions/${session.id}/chat-import`, [
          { username: "ann", message: "QPL9++", timestamp: "2025-11-01T20:15:00.000Z" },
        ]),
        await get(`/api/sessions/${session.id}/votes`),
        await get("/api/votes"),
        await get("/api/stats"),
        await post("/api/votes/live", { username: "ann", vote: "sideways" }),
        await get("/api/events?types=session.started&limit=1"),
      ]
      const written = blocks(section("HTTP API"), "jsonc").map((block) => shape(JSON.parse(block)))
      expect(written).toEqual(answers.map(shape))
      bot.close()
    })
  })

  /** A body with its members in their order and without their values. */
  function shape(body: Body): string {
    return JSON.stringify(body, (_, value) => (typeof value === "object" && value !== null ? value : ""))
  }
})
