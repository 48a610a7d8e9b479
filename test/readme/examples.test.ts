/** The examples of the README run as they stand there. */
import { describe, expect, test } from "bun:test"
import { symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Api, asAdmin, asRole, type Body, createApi } from "../support/api.ts"
import { type Lines, spawnLines } from "../support/lines.ts"
import { missingFiles, missingPython } from "../support/packages.ts"
import { COMPILED, NODE } from "../support/programs.ts"
import { ADMIN_KEY, cleanEnv, newFolder, startServer, type TestServer } from "../support/server.ts"
import { blocks, ROOT, section } from "./page.ts"

const firstBlock = (language: string): string => blocks(section("A first night"), language)[0] ?? ""

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

  const BOB = { username: "bob", vote: "up" }
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
        const missed = await createApi(second, before.token)("POST", "/api/votes/live", BOB)
        expect(missed.status).toBe(200)
        while ((await bot.next()) !== "Connected");
        expect(await bot.next()).toBe("bob voted up: Quiplash 3 is at 2")
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
