/** Followers that only listen cost little memory, and the service stays quick beside them. */
import { spawnLines } from "../support/lines.ts"
import { COMPILED } from "../support/programs.ts"
import type { Scenario } from "../support/scenario.ts"
import { below, exactly, missingLinux, openFiles, quantile, residentMb } from "./figures.ts"
import { openSiege, type SiegeNight } from "./night.ts"

/** Followers of one process: more than one keeps the side that is measured from waiting for the other. */
const PER_PROCESS = 5_000
/** Requests for the health of the service. */
const LOOKS = 200

export const FOLLOWERS = [process.execPath, `${import.meta.dir}/followers.ts`] as const

/** Starts a process of followers and resolves once all of them are in. */
export async function followers({ server, viewer, session }: SiegeNight, count: number, subscribed = true) {
  const sessions = subscribed ? [session.id] : []
  const wish = { url: server.url, token: viewer.token, count, sessions }
  const lines = spawnLines([...FOLLOWERS, JSON.stringify(wish)])
  const first = await lines.next(60_000)
  if (first !== "ready") throw new Error(`Cannot open ${count} followers: ${first}`)
  return lines
}

export const scenario: Scenario = {
  name: "idle-followers",
  promise: "10,000 authenticated sockets take under 100 MB in all, and /health answers under 50 ms",
  needs: () => missingLinux(11_000),
  short: 1_000,
  long: 10_000,
  async run({ count, log }) {
    const night = await openSiege(COMPILED)
    const { pid } = night.server
    const files = openFiles(pid)
    const shares = Array.from({ length: Math.ceil(count / PER_PROCESS) }, (_, i) =>
      Math.min(PER_PROCESS, count - i * PER_PROCESS),
    )
    const processes = await Promise.all(shares.map((share) => followers(night, share)))
    log(`${count} followers are in`)
    const memory: number[] = []
    const waits: number[] = []
    for (let i = 0; i < LOOKS; i++) {
      const asked = performance.now()
      await night.admin("GET", "/health")
      waits.push(performance.now() - asked)
      memory.push(residentMb(pid))
      await Bun.sleep(25)
    }
    const open = openFiles(pid) - files
    for (const one of processes) one.kill()
    const wrong = await night.end()
    return [
      exactly("followers in at the end", Math.min(open, count), count),
      below("resident memory at most", Math.max(...memory), 100, "MB"),
      below("/health at the 99th of 100", quantile(waits, 0.99), 50, "ms"),
      exactly("defects", wrong.length, 0),
    ]
  },
}
