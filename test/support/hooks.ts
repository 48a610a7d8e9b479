/** A game night in memory with webhooks, and real receivers on loopback. */
import { onTestFinished } from "bun:test"
import { createPost } from "../../src/webhook-post.ts"
import { createWebhooks, type NewWebhook, type Webhooks } from "../../src/webhooks.ts"
import { type Night, openNight } from "./night.ts"
import { openReceiver } from "./receiver.ts"
import { within } from "./server.ts"

type Options = { firstWaitMs?: number; timeoutMs?: number; random?: () => number }

/** A night with webhooks; `service` stands for the process, of which a test may start a second one. */
export async function openHooks(options: Options = {}) {
  const night = await openNight()
  const logged: string[] = []
  const startService = () => serviceOf(night, logged, options)
  return { ...night, logged, startService, ...startService() }
}

function serviceOf(night: Night, logged: string[], { timeoutMs, ...options }: Options) {
  const hooks = createWebhooks({
    store: night.store,
    events: night.events,
    log: (line) => logged.push(line),
    now: night.clock.now,
    ...(timeoutMs !== undefined && { post: createPost({ timeoutMs }) }),
    ...options,
  })
  onTestFinished(hooks.stop)
  return { hooks }
}

export function receiver(options: Parameters<typeof openReceiver>[0] = {}) {
  const opened = openReceiver(options)
  onTestFinished(opened.stop)
  return opened
}

export const wishFor = (url: string, more: Partial<NewWebhook> = {}): NewWebhook => ({
  name: "bot",
  url,
  secret: "secret",
  events: ["session.started", "vote.received", "session.ended"],
  enabled: true,
  ...more,
})

/** The log of one, once it has so many lines. */
export const lines = (hooks: Webhooks, id: number, count: number) =>
  within(`${count} lines`, async (done: (found: Awaited<ReturnType<Webhooks["logs"]>>) => void) => {
    for (let asked = 0; asked < 500; asked++) {
      const found = await hooks.logs(id, 200)
      if (found.length >= count) return done(found)
      await Bun.sleep(10)
    }
  })

export const placeOf = async ({ store }: Pick<Night, "store">, id: number) =>
  (await store.db.selectFrom("webhooks").select("seq").where("id", "=", id).executeTakeFirstOrThrow()).seq
