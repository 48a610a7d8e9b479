/** The README is held to what it says: its examples run, its messages are the protocol, its tables are whole. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as v from "valibot"
import manifest from "../../package.json" with { type: "json" }
import { readConfig, SETTINGS } from "../../src/config.ts"
import { createApp } from "../../src/http/app.ts"
import type { Deps } from "../../src/http/context.ts"
import { CLOSE, clientMessage } from "../../src/protocol.ts"
import { serverMessage } from "../../src/server-messages.ts"
import { ROLES } from "../../src/tokens.ts"
import { type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { type Lines, spawnLines } from "../support/lines.ts"
import { missingFiles, missingPython } from "../support/packages.ts"
import { COMPILED, NODE } from "../support/programs.ts"
import { ADMIN_KEY, cleanEnv, newFolder, startServer, type TestServer } from "../support/server.ts"

const ROOT = join(import.meta.dir, "..", "..")
const sections = readFileSync(join(ROOT, "README.md"), "utf8").split(/^## /m)

/** The text below a heading of the second level. */
function section(heading: string): string {
  const found = sections.find((one) => one.startsWith(`${heading}\n`))
  if (found === undefined) throw new Error(`The README has no section ${heading}`)
  return found
}

/** The contents of the fenced blocks of a language. */
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block ?? "")

const firstBlock = (language: string): string => blocks(section("A first night"), language)[0] ?? ""

/** The rows of the table whose first column bears this name, as cells. */
function table(heading: string, column: string): string[][] {
  const lines = section(heading).split("\n")
  const head = lines.findIndex((line) => line.startsWith(`| ${column} |`))
  const rows = lines.slice(head + 2)
  const end = rows.findIndex((line) => !line.startsWith("|"))
  return rows.slice(0, end).map((row) => row.slice(2, -2).split(" | "))
}

const code = (text: string): string => `\`${text}\``

describe("a first night", () => {
  const noCurl = missingFiles(["/usr/bin/curl"], "curl")
  test.skipIf(noCurl !== undefined)(
    `the script opens a session, plays a game, takes two votes and closes${noCurl ? ` (${noCurl})` : ""}`,
    async () => {
      const server = await startServer(COMPILED)
      const script = Bun.spawn(["bash", "-euo", "pipefail", "-c", firstBlock("sh")], {
        env: cleanEnv({ SERVER_URL: server.url, ADMIN_KEY, NO_PROXY: "127.0.0.1" }),
        stdout: "pipe",
        stderr: "inherit",
      })
      const output = (await script.stdout.text()).trimEnd().split("\n")
      expect(await script.exited).toBe(0)

      const anyone = createApi(server)
      const [session, ...others] = (await anyone("GET", "/api/sessions")).body
      expect(others).toEqual([])
      expect(session).toMatchObject({ is_active: 0, games_played: 1, notes: "Friday Game Night" })
      expect(JSON.parse(output.at(-1) ?? "")).toEqual(session)
      const { body: page } = await anyone("GET", "/api/votes")
      expect(page.votes.map((vote: Body) => vote.vote_type)).toEqual(["down", "up"])
      const token = output.find((line) => line.startsWith("BOT_TOKEN="))?.split("=")[1]
      const { body: identity } = await createApi(server, token)("POST", "/api/auth/verify")
      expect(identity.user.role).toBe("bot")
      expect(await server.stop()).toBe(0)
    },
  )

  const BOTS = [
    { name: "the bot in Node", language: "js", file: "bot.mjs", program: NODE, missing: undefined },
    {
      name: "the bot in Python",
      language: "python",
      file: "bot.py",
      program: "/usr/bin/python3",
      missing: missingPython("websockets", "python3-websockets"),
    },
  ]
  for (const { name, language, file, program, missing } of BOTS) {
    test.skipIf(missing !== undefined)(
      `${name} follows a night, comes back after a restart and stops with its token${missing ? ` (${missing})` : ""}`,
      async () => {
        const folder = newFolder()
        writeFileSync(join(folder, file), firstBlock(language))
        symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"))
        const first = await startServer(COMPILED)
        const before = await asRole(await asAdmin(first), "bot")
        const bot = spawnLines([program, join(folder, file)], {
          SERVER_URL: first.url,
          BOT_TOKEN: String(before.token),
          NO_PROXY: "127.0.0.1",
        })
        expect(await bot.next()).toBe("Connected")
        const session = await beginNight(first, before, bot)

        expect(await first.stop()).toBe(0)
        expect(await bot.next()).toStartWith("Closed with 1012:")
        const { dataDir, url } = first
        const second = await startServer(COMPILED, { dataDir, flags: ["--port", new URL(url).port] })
        while ((await bot.next()) !== "Connected");
        await second.logged(`Client subscribed to session ${session}`)
        const admin = await asAdmin(second)
        await admin("POST", `/api/sessions/${session}/close`)
        expect(await bot.next()).toBe(`Session ${session} ended, games played: 1`)

        await admin("DELETE", `/api/tokens/${before.id}`)
        expect(await bot.next()).toStartWith("Closed with 4401:")
        expect(await bot.exited).toBe(1)
        expect(await second.stop()).toBe(0)
      },
    )
  }

  /** Opens a session that the bot follows by itself, plays a game and votes on it. */
  async function beginNight(server: TestServer, voter: Api, bot: Lines): Promise<number> {
    const admin = await asAdmin(server)
    const { body: session } = await admin("POST", "/api/sessions", { notes: "Friday Game Night" })
    expect(await bot.next()).toBe(`Session ${session.id} started: Friday Game Night`)
    await server.logged(`Client subscribed to session ${session.id}`)
    const { body: games } = await admin("GET", "/api/games")
    const game = games.find(({ ticker }: Body) => ticker === "QPL3")
    await admin("POST", `/api/sessions/${session.id}/games`, { game_id: game.id })
    expect(await bot.next()).toBe("Now playing: Quiplash 3")
    await voter("POST", "/api/votes/live", { username: "ann", vote: "up" })
    expect(await bot.next()).toBe("ann voted up: Quiplash 3 is at 1")
    return session.id
  }
})

describe("the live protocol", () => {
  const messages: Body[] = blocks(section("Live protocol"), "json").map((block) => JSON.parse(block))
  const typesOf = (schema: typeof clientMessage | typeof serverMessage): string[] =>
    schema.options.map((option) => option.entries.type.literal)

  test("every example is a message of the protocol", () => {
    for (const message of messages) {
      const ours = v.is(clientMessage, message) || v.is(serverMessage, message)
      expect({ message, ours }).toEqual({ message, ours: true })
    }
  })

  test("every message has an example", () => {
    const shown = new Set<string>(messages.map(({ type }) => type))
    expect([...shown].sort()).toEqual([...typesOf(clientMessage), ...typesOf(serverMessage)].sort())
  })

  test("the close codes are those of the socket", () => {
    const known: string[] = [...Object.values(CLOSE).map(String), "1006"]
    const listed = table("Live protocol", "close code").map(([number]) => String(number))
    expect(listed.filter((number) => !known.includes(number))).toEqual([])
  })
})

describe("the tables", () => {
  test("every setting stands there with its flag, its names, its values and its default", () => {
    const config = readConfig({}, {}, String)
    const plain = ["port", "host", "publicReads", "votePolicy", "maxSockets", "voteRate", "voteBurst"]
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
          .replace(/\{\w+\}/g, "1")
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
      const answers = [
        session,
        game,
        await post(`/api/sessions/${session.id}/games`, { game_id: game.id }),
        (await get("/api/games/packs"))[0],
        await post("/api/tokens", { name: "overlay", role: "viewer" }),
        (await get("/api/tokens"))[0],
        await post("/api/auth/login", { key: ADMIN_KEY }),
        await post("/api/votes/live", { username: "ann", vote: "up" }),
        await get(`/api/sessions/${session.id}/votes`),
        await get("/api/votes"),
        await post("/api/votes/live", { username: "ann", vote: "sideways" }),
      ]
      const written = blocks(section("HTTP API"), "jsonc").map((block) => shape(JSON.parse(block)))
      expect(written).toEqual(answers.map(shape))
    })
  })

  /** A body with its members in their order and without their values. */
  function shape(body: Body): string {
    return JSON.stringify(body, (_, value) => (typeof value === "object" && value !== null ? value : ""))
  }
})
