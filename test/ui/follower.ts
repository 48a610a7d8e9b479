/** A bot in the chat that follows the night with the product's own client, over every loss. */
import { follow } from "../../src/client/follow.ts"
import type { GameNightEvent } from "../../src/server-messages.ts"
import { asRole } from "../support/api.ts"
import { within } from "../support/server.ts"
import type { Stage } from "./browser.ts"

export type Follower = {
  /** The data of the next event, which must be of this type. */
  next<T extends GameNightEvent["type"]>(type: T): Promise<Extract<GameNightEvent, { type: T }>["data"]>
  /** Resolves once an event of this type has come. */
  until(type: GameNightEvent["type"]): Promise<void>
  close(): void
}

export async function openFollower({ server, admin }: Stage): Promise<Follower> {
  const bot = await asRole(admin, "bot")
  const events: GameNightEvent[] = []
  let look = () => {}
  const ready = Promise.withResolvers<void>()
  const following = follow({
    url: server.socketUrl,
    token: async () => bot.token,
    onSnapshot: () => ready.resolve(),
    onEvent: (event) => {
      events.push(event)
      look()
    },
  })
  await ready.promise
  const event = (what: string) =>
    within<GameNightEvent>(what, (done) => {
      look = () => {
        const first = events.shift()
        if (!first) return
        look = () => {}
        done(first)
      }
      look()
    })
  return {
    async next(type) {
      const first = await event(type)
      if (first.type !== type) throw new Error(`Expected ${type}, got ${JSON.stringify(first)}`)
      return first.data as never
    },
    async until(type) {
      while ((await event(type)).type !== type);
    },
    close: following.stop,
  }
}
