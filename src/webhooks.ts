/** Webhooks: other programs that are told of a night over HTTP, each with its choice of events and a log of its own. */
import type { Selectable } from "kysely"
import { AppError } from "./errors.ts"
import { type Events, type EventType, newestSeq } from "./events.ts"
import { keptResult, type Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database } from "./store/schema.ts"
import { createJournal, dropOld, keepLine } from "./webhook-journal.ts"
import { createPost } from "./webhook-post.ts"
import { createRunner, type Runner, type RunnerDeps, type Target } from "./webhook-runner.ts"

/** Without its secret, which nobody is told again. */
export type Webhook = {
  id: number
  name: string
  url: string
  events: EventType[]
  enabled: boolean
  created_at: string
}

export type NewWebhook = Pick<Webhook, "name" | "url" | "enabled"> & {
  events: readonly EventType[]
  secret: string
}

/** A try, a test, or what is in the event log no more. */
export type Delivery = Selectable<Database["webhook_deliveries"]>

export type Webhooks = {
  list(): Promise<Webhook[]>
  /** Throws `not_found`, as all that are about one. */
  get(id: number): Promise<Webhook>
  /** It hears of what happens from now on. */
  add(webhook: NewWebhook, once?: Once): Promise<Webhook>
  /** Changes what is named. One that is turned on hears of what happens from then on. */
  change(id: number, changes: { [K in keyof NewWebhook]?: NewWebhook[K] | undefined }): Promise<Webhook>
  remove(id: number): Promise<void>
  /** The newest first. */
  logs(id: number, limit: number): Promise<Delivery[]>
  /** Sends a message of its own at once and gives what became of it, as its log has it. */
  test(id: number, once?: Once): Promise<Delivery>
  /** Goes on where the process before this one ended. */
  begin(): Promise<void>
  /** Resolves once nothing moves any more and all that was delivered is on disk. */
  stop(): Promise<void>
}

type Deps = {
  store: Store
  events: Events
  log: (line: string) => void
  now?: () => number
} & Partial<Pick<RunnerDeps, "post" | "random" | "firstWaitMs">>

/** How long messages on their way may take once the service stops, in milliseconds. */
const STOP_WITHIN_MS = 1_000
const TEST = "webhook.test"
const RESTORED = "log.restored"

export function createWebhooks(deps: Deps): Webhooks {
  const { store, events, log, now = Date.now } = deps
  const { post = createPost(), random = Math.random, firstWaitMs } = deps
  const { db, write } = store
  const journal = createJournal({ store, log })
  const runners = new Map<number, Runner>()
  const tests = new Map<string | symbol, Promise<Delivery>>()
  const cut = new AbortController()
  let stopped = false
  const running: RunnerDeps = {
    ...{ db, events, post, journal, log, now, random },
    ...(firstWaitMs !== undefined && { firstWaitMs }),
  }
  const iso = () => new Date(now()).toISOString()

  const rowOf = (id: number) => db.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst()

  async function existing(id: number, action: string): Promise<Row> {
    const row = await rowOf(id)
    if (!row) throw missing(id, action)
    return row
  }

  function turnOn(row: Row): void {
    if (stopped || runners.has(row.id)) return runners.get(row.id)?.change(targetOf(row))
    if (row.epoch !== events.epoch) tellRestored(row.id)
    const place = row.epoch === events.epoch ? row.seq : events.head()
    runners.set(row.id, createRunner(targetOf(row), place, running))
  }

  /** What a restored backup holds is another history: it may have been delivered, or be long over. */
  function tellRestored(id: number): void {
    const error = "Cannot deliver what happened before a backup was restored"
    const line = { webhook_id: id, event: RESTORED, attempt: 0, duration_ms: 0, error }
    journal.note({ ...line, seq: events.head(), created_at: iso() }, events.head())
  }

  function turnOff(id: number): void {
    void runners.get(id)?.stop(0)
    runners.delete(id)
  }

  /** Does what its row says by now. */
  async function follow(id: number): Promise<void> {
    const row = await rowOf(id)
    if (row?.enabled) turnOn(row)
    else turnOff(id)
  }

  /** Behind all that has happened, also within the same transaction. */
  const present = async (trx: Parameters<typeof newestSeq>[0]) => ({
    epoch: events.epoch,
    seq: Math.max(events.head(), await newestSeq(trx)),
  })

  async function test(id: number, once: Once | undefined): Promise<Delivery> {
    const kept = once && (await write((context) => keptResult(context, once)))
    if (kept) return JSON.parse(kept.result)
    const row = await existing(id, "test")
    const created_at = iso()
    const data = { webhook: { id, name: row.name }, message: "gamenight can reach this receiver" }
    const body = JSON.stringify({ event: TEST, timestamp: created_at, data })
    const message = { event: TEST, delivery: crypto.randomUUID(), attempt: 1, body }
    const outcome = await post(row, message, cut.signal)
    if (cut.signal.aborted)
      throw new AppError("shutting_down", "Cannot test the webhook: the service is stopping")
    if (outcome.error === null) runners.get(id)?.retry()
    const line = { webhook_id: id, event: TEST, seq: null, attempt: 1, ...outcome, created_at }
    return write(({ run }) => {
      const stored = keepLine(run, line)
      if (!stored) throw missing(id, "test")
      dropOld(run, id)
      return stored
    }, once)
  }

  return {
    async list() {
      return (await db.selectFrom("webhooks").selectAll().orderBy("id").execute()).map(shown)
    },

    get: async (id) => shown(await existing(id, "read")),

    async add({ events: asked, enabled, ...wish }, once) {
      const added = await write(async ({ trx }) => {
        const row = {
          ...wish,
          events: textOf(asked),
          enabled: enabled ? (1 as const) : (0 as const),
          ...(await present(trx)),
          created_at: iso(),
        }
        return shown(await trx.insertInto("webhooks").values(row).returningAll().executeTakeFirstOrThrow())
      }, once)
      await follow(added.id)
      return added
    },

    async change(id, { events: asked, enabled, name, url, secret }) {
      const changed = await write(async ({ trx }) => {
        const row = await trx.selectFrom("webhooks").selectAll().where("id", "=", id).executeTakeFirst()
        if (!row) throw missing(id, "change")
        const next: Row = {
          ...row,
          name: name ?? row.name,
          url: url ?? row.url,
          secret: secret ?? row.secret,
          events: asked ? textOf(asked) : row.events,
          enabled: enabled === undefined ? row.enabled : enabled ? 1 : 0,
          ...(enabled && !row.enabled && (await present(trx))),
        }
        await trx.updateTable("webhooks").set(next).where("id", "=", id).execute()
        return shown(next)
      })
      await follow(id)
      return changed
    },

    async remove(id) {
      await write(async ({ trx }) => {
        const { numDeletedRows } = await trx.deleteFrom("webhooks").where("id", "=", id).executeTakeFirst()
        if (numDeletedRows === 0n) throw missing(id, "remove")
      })
      turnOff(id)
    },

    async logs(id, limit) {
      await existing(id, "read the log of")
      return db
        .selectFrom("webhook_deliveries")
        .selectAll()
        .where("webhook_id", "=", id)
        .orderBy("id", "desc")
        .limit(limit)
        .execute()
    },

    test(id, once) {
      // The same request again waits for what it asked for the first time.
      const key = once ? JSON.stringify([id, once]) : Symbol()
      const under = tests.get(key) ?? test(id, once).finally(() => tests.delete(key))
      tests.set(key, under)
      return under
    },

    async begin() {
      const rows = await db.selectFrom("webhooks").selectAll().where("enabled", "=", 1).execute()
      for (const row of rows) if (!runners.has(row.id)) turnOn(row)
    },

    async stop() {
      stopped = true
      const timer = setTimeout(() => cut.abort(), STOP_WITHIN_MS)
      await Promise.all([...runners.values()].map((runner) => runner.stop(STOP_WITHIN_MS)))
      await Promise.allSettled(tests.values())
      clearTimeout(timer)
      await journal.stop()
    },
  }
}

type Row = Selectable<Database["webhooks"]>

/** Each type once, as the row holds them. */
const textOf = (types: readonly EventType[]): string => JSON.stringify([...new Set(types)])

const typesIn = ({ events }: Row): EventType[] => JSON.parse(events)

const shown = (row: Row): Webhook => ({
  id: row.id,
  name: row.name,
  url: row.url,
  events: typesIn(row),
  enabled: row.enabled === 1,
  created_at: row.created_at,
})

const targetOf = (row: Row): Target => ({
  id: row.id,
  url: row.url,
  secret: row.secret,
  events: typesIn(row),
})

const missing = (id: number, action: string) =>
  new AppError("not_found", `Cannot ${action} webhook ${id}: there is no such webhook`)
