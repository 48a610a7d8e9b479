/**
 * Carries the events of the log to one receiver, in their order and one at a time. The log is the queue: what is not
 * delivered yet stays there, and the place is kept only after the receiver took an event, so that none is lost.
 */
import type { Kysely } from "kysely"
import { defectIn } from "./errors.ts"
import type { Events, EventType, StoredEvent } from "./events.ts"
import type { Database } from "./store/schema.ts"
import type { Journal } from "./webhook-journal.ts"
import type { Message, Post, Receiver } from "./webhook-post.ts"

export type Target = Receiver & { id: number; events: readonly EventType[] }

export type Runner = {
  /** From now on another address, secret or choice of events; what waited for its next try is tried at once. */
  change(target: Target): void
  /** Tries at once what waits for its next try. */
  retry(): void
  /** Takes up nothing new. A message on its way may arrive within `graceMs`; resolves once nothing moves any more. */
  stop(graceMs: number): Promise<void>
}

export type RunnerDeps = {
  db: Kysely<Database>
  events: Pick<Events, "since" | "head" | "prunedThrough" | "onNext" | "epoch">
  post: Post
  journal: Journal
  log: (line: string) => void
  now: () => number
  random: () => number
  /** How long the first failure waits, in milliseconds; each further one twice as long. */
  firstWaitMs?: number
}

/** Events in memory at once, and rows that one read of the log looks at. */
const BATCH = 20
const WINDOW = 5_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 15 * 60_000
/** About a day. */
export const MOST_TRIES = 100
/** After a defect of our own. */
const DEFECT_WAIT_MS = 60_000

/** The event as receivers know it: the frame of the live socket, with its type under another name. */
export const bodyOf = (frame: string): string => frame.replace('{"type":', '{"event":')

/** `place` is the last `seq` that is dealt with. */
export function createRunner(first: Target, place: number, deps: RunnerDeps): Runner {
  const { events, post, journal, log, now, random, firstWaitMs = FIRST_WAIT_MS } = deps
  const cut = new AbortController()
  let target = first
  let seq = place
  let toldLost = 0
  let tried: Tried | undefined
  let stopped = false
  /** Ends the wait that is under way, or spares the one that a try under way would be followed by. */
  let wake = () => {}

  function pause(ms: number): Promise<void> {
    if (stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Until there is an event that is asked for; the others are passed without a look into the log. */
  function news(): Promise<void> {
    if (stopped) return Promise.resolve()
    return new Promise((resolve) => {
      let takeBack = () => {}
      const hear = (event: StoredEvent) => {
        if (target.events.includes(event.type)) return resolve()
        pass(event.seq)
        takeBack = events.onNext(hear)
      }
      takeBack = events.onNext(hear)
      wake = () => {
        takeBack()
        resolve()
      }
    })
  }

  function pass(next: number): void {
    if (next <= seq) return
    seq = next
    journal.passed(target.id, seq)
  }

  /** A line of the log that tells of no try: it has no status. */
  function tellLost(): void {
    const pruned = events.prunedThrough()
    if (seq >= pruned || toldLost >= pruned) return
    toldLost = pruned
    const error = `Cannot deliver some events up to ${pruned}: they are in the event log no more`
    journal.note({ ...line("log.pruned", pruned, 0), duration_ms: 0, error })
  }

  const line = (event: string, seq: number, attempt: number) => ({
    webhook_id: target.id,
    event,
    seq,
    attempt,
    created_at: new Date(now()).toISOString(),
  })

  /** True once the event is dealt with. */
  async function deliver({ seq: at, type, frame }: StoredEvent): Promise<boolean> {
    tried ??= await lastTry(deps.db, target.id, seq)
    const attempt = tried.seq === at ? tried.times + 1 : 1
    const delivery = `${events.epoch}-${target.id}-${at}`
    const message: Message = { event: type, delivery, attempt, seq: at, body: bodyOf(frame) }
    const receiver = target
    let urged = false
    wake = () => {
      urged = true
    }
    const { error, ...outcome } = await post(receiver, message, cut.signal)
    if (cut.signal.aborted) return false
    if (target === receiver) tried = { seq: at, times: attempt }
    const done = error === null || attempt >= MOST_TRIES
    const last = error !== null && done ? `; given up after ${attempt} tries` : ""
    journal.note(
      { ...line(type, at, attempt), ...outcome, error: error && error + last },
      done ? at : undefined,
    )
    if (done) seq = at
    else if (!urged) await pause(waitAfter(attempt))
    return done
  }

  /** Twice as long after each try, and some more or less, so that receivers of many are not asked by all at once. */
  const waitAfter = (tries: number): number =>
    Math.min(firstWaitMs * 2 ** (tries - 1), LONGEST_WAIT_MS) * (0.8 + 0.4 * random())

  async function step(): Promise<void> {
    tellLost()
    const through = Math.min(events.head(), seq + WINDOW)
    if (through <= seq) return news()
    const batch = await events.since(seq, BATCH, { through, types: target.events })
    for (const event of batch) if (stopped || !(await deliver(event))) return
    if (batch.length < BATCH) pass(through)
  }

  async function run(): Promise<void> {
    while (!stopped) {
      await step().catch(async (error) => {
        log(`[Webhooks] ${defectIn(error)}`)
        await pause(DEFECT_WAIT_MS)
      })
    }
  }

  const running = run()
  return {
    change(next) {
      target = next
      tried = { seq: 0, times: 0 }
      wake()
    },
    retry: () => wake(),
    async stop(graceMs) {
      stopped = true
      wake()
      const timer = setTimeout(() => cut.abort(), graceMs)
      await running
      clearTimeout(timer)
    },
  }
}

type Tried = { seq: number; times: number }

/** The last try that failed, made before a restart: the next one goes on counting. */
async function lastTry(db: Kysely<Database>, webhookId: number, place: number): Promise<Tried> {
  const last = await db
    .selectFrom("webhook_deliveries")
    .select(["seq", "attempt"])
    .where("webhook_id", "=", webhookId)
    .where("seq", ">", place)
    .where("attempt", ">", 0)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst()
  return { seq: last?.seq ?? 0, times: last?.attempt ?? 0 }
}
