/** Loads the webhooks when somebody asks for them, or a moment after a start that finds one to be told of events. */
import type { Store } from "./store/open.ts"
import type { Webhooks } from "./webhooks.ts"

export type WebhookLoader = {
  get(): Promise<Webhooks>
  /** Looks for one that is turned on, once the start is over. */
  begin(): void
  /** Resolves once nothing moves any more; called again it waits for the same. */
  stop(): Promise<void>
}

type Deps = { store: Pick<Store, "hasWebhook">; load: () => Promise<Webhooks>; log: (line: string) => void }

/** A start has other things to do, and whoever waits for its first answer pays for none of this. */
const AFTER_START_MS = 250

export function createWebhookLoader({ store, load, log }: Deps): WebhookLoader {
  let loading: Promise<Webhooks> | undefined
  let looking: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopping: Promise<void> | undefined

  const get = () => {
    loading ??= load()
    return loading
  }

  async function look(): Promise<void> {
    if (store.hasWebhook()) await (await get()).begin()
  }

  async function end(): Promise<void> {
    clearTimeout(timer)
    await looking
    await (await loading)?.stop()
  }

  return {
    get,
    begin() {
      timer = setTimeout(() => {
        looking = look().catch((error) =>
          log(`[Webhooks] Internal error: ${error instanceof Error ? error.stack : error}`),
        )
      }, AFTER_START_MS)
      timer.unref()
    },
    stop() {
      stopping ??= end()
      return stopping
    },
  }
}
