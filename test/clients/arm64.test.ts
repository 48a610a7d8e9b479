/** The file for a Raspberry Pi, run on this machine by an emulator. */
import { describe, expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { asAdmin } from "../support/api.ts"
import { followingBot } from "../support/bot.ts"
import { missingFiles } from "../support/packages.ts"
import { newFolder, startServer } from "../support/server.ts"

const ROOT = join(import.meta.dir, "..", "..")
const FILE = join(ROOT, "dist", "gamenight-linux-arm64")
const OLDER = join(ROOT, "dist", "gamenight-older")
const EMULATOR = "/usr/bin/qemu-aarch64-static"
const LIBRARIES = "/usr/aarch64-linux-gnu"

const missing =
  process.arch === "arm64"
    ? undefined
    : missingFiles([EMULATOR, join(LIBRARIES, "lib")], "qemu-user-static", "libc6-arm64-cross")

describe.skipIf(missing !== undefined)(missing ? `linux-arm64 (${missing})` : "linux-arm64", () => {
  test("opens its database, serves REST and a socket, and keeps what it was told", async () => {
    writeFileSync(OLDER, "a file of an older build")
    const build = Bun.spawnSync([process.execPath, "build.ts", "--targets", "linux-arm64"], { cwd: ROOT })
    rmSync(OLDER)
    expect(build.stderr.toString()).toBe("")
    const sum = createHash("sha256").update(readFileSync(FILE)).digest("hex")
    expect(readFileSync(join(ROOT, "dist", "SHA256SUMS"), "utf8")).toBe(`${sum}  gamenight-linux-arm64\n`)

    const dataDir = join(newFolder(), "data")
    const command = process.arch === "arm64" ? [FILE] : [EMULATOR, "-L", LIBRARIES, FILE]
    const server = await startServer(command, { dataDir })
    const host = await asAdmin(server)
    expect((await host("GET", "/health/ready")).status).toBe(200)
    const { body: session } = await host("POST", "/api/sessions", { notes: "on a Pi" })
    const bot = await followingBot(server, host.token, session.id)
    const { body: games } = await host("GET", "/api/games")
    await host("POST", `/api/sessions/${session.id}/games`, { game_id: games[0].id })
    await host("POST", "/api/votes/live", { username: "ann", vote: "up" })
    await host("POST", `/api/sessions/${session.id}/close`)
    expect((await bot.drain()).map(({ type }) => type)).toEqual([
      "game.added",
      "vote.received",
      "session.ended",
    ])
    await server.stop("SIGKILL")

    const again = await startServer(command, { dataDir })
    const { body: kept } = await (await asAdmin(again))("GET", `/api/sessions/${session.id}`)
    expect(kept).toMatchObject({ notes: "on a Pi", games_played: 1, is_active: 0 })
    expect(await again.stop()).toBe(0)
  }, 120_000)
})
