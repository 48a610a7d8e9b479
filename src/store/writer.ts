/**
 * Group commit: all units of work waiting in one turn of the event loop share one transaction and one fsync, a
 * savepoint each, so that one failing unit fails alone. No caller gets its answer before the commit is on disk.
 */
import type { Kysely } from "kysely"
import { AppError } from "../errors.ts"
import type { Run } from "./query.ts"
import type { Database, Trx } from "./schema.ts"
import { isDiskFailure, isDiskFull } from "./sqlite-error.ts"

export type WriteContext = {
  /** The whole transaction. Whoever takes it may change anything: what is remembered of the database is forgotten. */
  readonly trx: Trx
  /** Runs one query that is known to change nothing that is remembered, or only what `kept` then corrects. */
  run: Run
  /** Runs once the unit is part of the transaction, and before the next unit. */
  kept(action: () => void): void
  /** Runs once the unit is on disk, in commit order and before the answer of the unit. */
  afterCommit(action: () => void): void
}

export type Unit<T> = (context: WriteContext) => Promise<T>

export type Writer = {
  /** Carries out `unit` in the next transaction. Throws what the unit throws, `disk_full`, or `internal`. */
  write<T>(unit: Unit<T>): Promise<T>
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>
  /** Carries out what waits and refuses what comes later with `shutting_down`. */
  close(): Promise<void>
  /** Refuses everything from now on, and tells that the process must end. */
  fail(error: unknown): void
  broken(): boolean
  /** How many units and how many transactions there were since the start. */
  counts(): { units: number; commits: number }
}

type Job = {
  unit: Unit<unknown>
  onKept: (() => void)[]
  actions: (() => void)[]
  settle: { resolve: (value: unknown) => void; reject: (error: unknown) => void }
  outcome: { value: unknown } | { error: unknown } | undefined
}

/** Units that one transaction takes at most, so that a flood cannot keep the first of them waiting. */
const UNITS_PER_COMMIT = 512

type Listeners = {
  /** Hears of a commit the disk did not take: what follows it cannot be trusted, the process must end. */
  onBroken: (error: unknown) => void
  /** Hears of an action after a commit that failed; what was committed stays and is answered. */
  onDefect: (error: unknown) => void
  /** Called after each commit with the number of its units. */
  onCommit: (units: number) => void
  /** Called when what was read of the database before may be wrong now. */
  onTouched: () => void
}

/** What a writer needs of its connection beside Kysely. */
type Connection = { run: Run; exec: (sql: string) => void }

export function createWriter(
  db: Kysely<Database>,
  connection: Connection,
  { onBroken, onDefect, onCommit, onTouched }: Listeners,
): Writer {
  const { run, exec } = connection
  const waiting: Job[] = []
  let running = false
  let closed = false
  let broken = false
  const whenIdle: (() => void)[] = []
  const counts = { units: 0, commits: 0 }

  function write<T>(unit: Unit<T>): Promise<T> {
    if (broken) return Promise.reject(new AppError("shutting_down", "Cannot write: the disk failed"))
    if (closed) return Promise.reject(new AppError("shutting_down", "Cannot write: the service is stopping"))
    return new Promise<T>((resolve, reject) => {
      const settle = { resolve: resolve as (value: unknown) => void, reject }
      waiting.push({ unit, onKept: [], actions: [], settle, outcome: undefined })
      if (running) return
      running = true
      setImmediate(drain)
    })
  }

  async function drain(): Promise<void> {
    const jobs = waiting.splice(0, UNITS_PER_COMMIT)
    try {
      await commitTogether(jobs)
    } catch (error) {
      onTouched()
      if (isDiskFailure(error)) fail(error)
      const answer = isDiskFull(error) ? diskFull() : error
      for (const job of [...jobs, ...(broken ? waiting.splice(0) : [])]) job.settle.reject(answer)
      return next()
    }
    counts.units += jobs.length
    counts.commits++
    onCommit(jobs.length)
    for (const job of jobs) for (const action of job.actions) announce(action)
    for (const job of jobs) settle(job)
    next()
  }

  async function commitTogether(jobs: Job[]): Promise<void> {
    const trx = await db.startTransaction().execute()
    try {
      for (const job of jobs) await runUnit(trx, job)
      await trx.commit().execute()
    } catch (error) {
      // SQLite may have rolled back by itself (full disk, I/O error); a second rollback then fails and says nothing new.
      await trx
        .rollback()
        .execute()
        .catch(() => undefined)
      throw error
    }
  }

  async function runUnit(trx: Trx, job: Job): Promise<void> {
    exec("savepoint unit")
    try {
      job.outcome = { value: await job.unit(contextOf(trx, job)) }
    } catch (error) {
      if (isDiskFull(error) || isDiskFailure(error)) throw error
      exec("rollback to unit")
      job.onKept = []
      job.actions = []
      job.outcome = { error }
    }
    exec("release unit")
    for (const action of job.onKept) action()
  }

  const contextOf = (trx: Trx, job: Job): WriteContext => ({
    get trx() {
      onTouched()
      return trx
    },
    run,
    kept: (action) => void job.onKept.push(action),
    afterCommit: (action) => void job.actions.push(action),
  })

  function fail(error: unknown): void {
    if (broken) return
    broken = true
    onBroken(error)
  }

  function announce(action: () => void): void {
    try {
      action()
    } catch (error) {
      onDefect(error)
    }
  }

  function next(): void {
    if (waiting.length > 0) return void setImmediate(drain)
    running = false
    for (const resolve of whenIdle.splice(0)) resolve()
  }

  const idle = (): Promise<void> =>
    running ? new Promise((resolve) => whenIdle.push(resolve)) : Promise.resolve()

  return {
    write,
    idle,
    close() {
      closed = true
      return idle()
    },
    fail,
    broken: () => broken,
    counts: () => ({ ...counts }),
  }
}

function settle({ outcome, settle: { resolve, reject } }: Job): void {
  if (!outcome) return reject(new Error("Cannot settle a unit of work: it never ran"))
  if ("error" in outcome) reject(outcome.error)
  else resolve(outcome.value)
}

const diskFull = () =>
  new AppError("disk_full", "Cannot store this: the disk is full; free some space and try again")
