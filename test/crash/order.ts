/** In what order the kernel saw it: first the fsync, then the answer and the frames of followers. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Api, asAdmin } from "../support/api.ts"
import { COMPILED } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder, startServer } from "../support/server.ts"
import { createResumingFollower, openPlainFollower } from "./followers.ts"
import { missingStrace } from "./strace.ts"
import { passagesIn } from "./trace.ts"

const WRITERS = 16
/** Every write is sent as an answer, to a plain follower, and with a number to one that resumes. */
const SENDS = 3
const WORD = /order-\d{6}/g

export const scenario: Scenario = {
  name: "order",
  promise: "Nothing is published before it is durable",
  needs: missingStrace,
  short: 400,
  long: 5_000,
  async run({ count }): Promise<Figure[]> {
    const trace = join(newFolder(), "trace")
    const calls = "trace=fsync,fdatasync,pwrite64,sendto,sendmsg,writev,write"
    const options = ["-D", "-f", "-qq", "-s", "70000", "-o", trace, "-e", calls]
    const server = await startServer(["/usr/bin/strace", ...options, ...COMPILED], {
      env: { GAMENIGHT_RATE_LIMITS: "off" },
    })
    const host = await asAdmin(server)
    const { body: session } = await host("POST", "/api/sessions")
    await host("POST", `/api/sessions/${session.id}/games`, { game_id: 1 })
    const token = host.token ?? ""
    const resuming = createResumingFollower({ name: "resuming", token })
    await resuming.resume(server.url)
    const plain = await openPlainFollower({
      name: "plain",
      url: server.url,
      token,
      tick: () => 0,
      activeId: session.id,
    })
    await plain.caughtUp()
    await write(host, session.id, count)
    await Promise.all([plain.caughtUp(), resuming.caughtUp()])
    await server.stop()

    const passages = [...passagesIn(readFileSync(trace, "latin1").split("\n"), WORD).values()]
    const sent = passages.reduce((sum, passage) => sum + passage.sent, 0)
    const early = passages.filter((passage) => passage.early > 0).length
    return [
      {
        name: `${sent} answers and frames of ${count} writes`,
        value: `${early} sent before the fsync`,
        goal: "0 sent before",
        met: early === 0,
      },
      {
        name: `${count} writes: sent as answer and as two frames`,
        value: `${passages.filter(({ sent }) => sent === SENDS).length} writes`,
        goal: `${count} writes`,
        met: passages.length === count && sent === count * SENDS,
      },
    ]
  },
}

/** Every so many writes one adds a game, the others are votes. */
const GAME_EVERY = 20

async function write(host: Api, sessionId: number, count: number): Promise<void> {
  let next = 0
  const writers = Array.from({ length: WRITERS }, async () => {
    while (next < count) {
      const isGame = next % GAME_EVERY === 0
      const word = `order-${String(next++).padStart(6, "0")}`
      const { status, text } = isGame
        ? await host("POST", `/api/sessions/${sessionId}/games`, { game_id: 1, room_code: word })
        : await host("POST", "/api/votes/live", { username: word, vote: "up" })
      if (status >= 300) throw new Error(`Cannot write: ${text}`)
    }
  })
  await Promise.all(writers)
}
