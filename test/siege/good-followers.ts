/** Followers that read everything, remember it and know how long it took. */

import type { Body } from "../support/api.ts"
import { openLight } from "../support/light-socket.ts"
import type { Figure } from "../support/scenario.ts"
import { exactly, none, quantile, until } from "./figures.ts"
import type { Flow, SiegeNight } from "./night.ts"

type Heard = { seq: number; voter: string | undefined; at: number; text: string }

/** By then the last event has come, or never will. */
const ARRIVED_WITHIN_MS = 5_000

export type GoodFollowers = {
  /** Milliseconds between the request of each vote and its arrival, of all followers. */
  waits(flow: Flow): number[]
  /** Each follower held against the log once it heard all of it, and whether all are still there. */
  figures(): Promise<Figure[]>
  leave(): void
}

/** Opens followers with numbered events; what they hear is the log from here on. */
export async function openGood({ server, viewer, log }: SiegeNight, count: number): Promise<GoodFollowers> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => {
      const heard: Heard[] = []
      const { promise: ready, resolve: start } = Promise.withResolvers<number>()
      let code: number | undefined
      const socket = await openLight(server, {
        onText(text) {
          const at = performance.now()
          const message: Body = JSON.parse(text)
          if (message.type === "auth_success") return start(message.seq)
          if (message.seq !== undefined)
            heard.push({ seq: message.seq, voter: message.data.vote?.username, at, text })
        },
      })
      void socket.closed.then((given) => {
        code = given
      })
      socket.send(JSON.stringify({ type: "auth", token: viewer.token, resume: {}, follow: true }))
      const since = await ready
      return { since, heard, socket, closedWith: () => code }
    }),
  )
  return {
    waits: ({ sentAt }) =>
      all
        .flatMap(({ heard }) => heard.map(({ voter = "", at }) => at - (sentAt.get(voter) ?? Number.NaN)))
        .filter((wait) => !Number.isNaN(wait)),
    async figures() {
      const wrong: string[] = []
      for (const [i, { since, heard, closedWith }] of all.entries()) {
        if (closedWith() !== undefined) wrong.push(`follower ${i} was closed with ${closedWith()}`)
        const events = (await log(since)).map((event) => JSON.stringify(event))
        await until(() => heard.length >= events.length, ARRIVED_WITHIN_MS)
        const differ = events.findIndex((event, at) => event !== heard[at]?.text)
        if (differ >= 0 || heard.length !== events.length)
          wrong.push(`follower ${i} heard ${heard.length} of ${events.length} events, another at ${differ}`)
      }
      return [exactly("good followers", all.length, count), none("whose stream is not the log", wrong)]
    },
    leave() {
      for (const { socket } of all) socket.reset()
    },
  }
}

/** The 99th of 100 waits. */
export const slowWait = (waits: readonly number[]): number => quantile(waits, 0.99)
