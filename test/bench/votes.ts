/** Durable votes: many clients voting at once, every answer counted and found again. */
import { existsSync, mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { asAdmin } from "../support/api.ts"
import { type Program, start } from "./programs.ts"

export type VoteFigures = { clients: number; votesPerSecond: number; votesPerSync: number | undefined }

const STRACE = "/usr/bin/strace"

/** Throws when an answered vote is missing from the tally. */
export async function measureVotes(program: Program, clients: number, rounds: number): Promise<VoteFigures> {
  const votesPerSecond = await vote(program, clients, rounds)
  if (!existsSync(STRACE)) return { clients, votesPerSecond, votesPerSync: undefined }
  const trace = join(mkdtempSync(join(tmpdir(), "gamenight-bench-")), "trace")
  const options = ["-D", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace]
  const syncs = () => readFileSync(trace, "utf8").match(/(fsync|fdatasync)\(/g)?.length ?? 0
  let before = 0
  let spent = 0
  await vote({ ...program, command: [STRACE, ...options, ...program.command] }, clients, rounds, {
    begin: () => {
      before = syncs()
    },
    end: () => {
      spent = syncs() - before
    },
  })
  return { clients, votesPerSecond, votesPerSync: (clients * rounds) / spent }
}

type Marks = { begin(): void; end(): void }

async function vote(program: Program, clients: number, rounds: number, marks?: Marks): Promise<number> {
  const server = await start(program)
  try {
    const host = await asAdmin(server)
    const { body: running } = await host("GET", "/api/sessions/active")
    if (running) await host("POST", `/api/sessions/${running.id}/close`)
    const { body: session } = await host("POST", "/api/sessions")
    await host("POST", `/api/sessions/${session.id}/games`, { game_id: 1 })
    marks?.begin()
    const begun = performance.now()
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let round = 0; round < rounds; round++) {
          const username = `voter ${client} in ${round}`
          const { status, text } = await host("POST", "/api/votes/live", { username, vote: "up" })
          if (status !== 200) throw new Error(`Cannot measure votes: one was answered ${text}`)
        }
      }),
    )
    const seconds = (performance.now() - begun) / 1000
    marks?.end()
    const { body: tally } = await host("GET", `/api/sessions/${session.id}/votes`)
    const counted = tally.votes[0]?.upvotes
    if (counted !== clients * rounds) {
      throw new Error(`${clients * rounds} votes were answered and ${counted} are in the tally`)
    }
    return (clients * rounds) / seconds
  } finally {
    await server.stop()
  }
}
