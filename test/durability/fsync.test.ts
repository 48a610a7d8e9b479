/** What reaches the disk before an answer goes out, as the kernel sees it. */
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { asAdmin } from "../support/api.ts"
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"
import { newFolder, startServer } from "../support/server.ts"

const missing = missingFiles(["/usr/bin/strace"], "strace")

const CLIENTS = 64
const ROUNDS = 30
const LEAST_VOTES_PER_SYNC = 15

describe.skipIf(missing !== undefined)(missing ? `fsync (${missing})` : "fsync", () => {
  test("64 clients voting at once share their fsyncs, and each answer has one before it", async () => {
    const trace = join(newFolder(), "trace")
    const command = [
      "/usr/bin/strace",
      "-D",
      "-f",
      "-qq",
      "-e",
      "trace=fsync,fdatasync",
      "-o",
      trace,
      ...COMPILED,
    ]
    const server = await startServer(command)
    const host = await asAdmin(server)
    const { body: session } = await host("POST", "/api/sessions")
    const { body: games } = await host("GET", "/api/games")
    await host("POST", `/api/sessions/${session.id}/games`, { game_id: games[0].id })
    const syncs = () => readFileSync(trace, "utf8").match(/(fsync|fdatasync)\(/g)?.length ?? 0

    const alone = syncs()
    for (let i = 0; i < 10; i++) {
      await host("POST", "/api/votes/live", { username: `alone ${i}`, vote: "up" })
      expect(syncs()).toBeGreaterThanOrEqual(alone + i + 1)
    }
    const before = syncs()
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        const statuses: number[] = []
        for (let round = 0; round < ROUNDS; round++) {
          const vote = { username: `${client} in ${round}`, vote: "up" }
          statuses.push((await host("POST", "/api/votes/live", vote)).status)
        }
        return statuses
      }),
    )
    const spent = syncs() - before
    expect(new Set(answers.flat())).toEqual(new Set([200]))
    const { body: tally } = await host("GET", `/api/sessions/${session.id}/votes`)
    expect(tally.votes[0].upvotes).toBe(CLIENTS * ROUNDS + 10)
    expect((CLIENTS * ROUNDS) / spent).toBeGreaterThanOrEqual(LEAST_VOTES_PER_SYNC)
    expect(await server.stop()).toBe(0)
  })
})
