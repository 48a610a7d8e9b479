/**
 * Group commit: all units of work waiting in one turn of the event loop share one transaction and one fsync, a
 * savepoint each, so that one failing unit fails alone. No caller gets its answer before the commit is on disk.
 */
import { CompiledQuery, type ControlledTransaction, type Kysely } from "kysely"
import { AppError } from "../errors.ts"
import type { Database, Trx } from "./schema.ts"
import { isDiskFailure, isDiskFull } from "./sqlite-error.ts"

export type WriteContext = {
  trx: Trx
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
  actions: (() => void)[]
  settle: { resolve: (value: unknown) => void; reject: (error: unknown) => void }
  outcome: { value: unknown } | { error: unknown } | undefined
}

/** Units that one transaction takes at most, so that a flood cannot keep the first of them waiting. */
const UNITS_PER_COMMIT = 512

const SAVEPOINT = CompiledQuery.raw("savepoint unit")
const RELEASE = CompiledQuery.raw("release unit")
const ROLLBACK_TO = CompiledQuery.raw("rollback to unit")

type Listeners = {
  /** Hears of a commit the disk did not take: what follows it cannot be trusted, the process must end. */
  onBroken: (error: unknown) => void
  /** Hears of an action after a commit that failed; what was committed stays and is answered. */
  onDefect: (error: unknown) => void
  /** Called after each commit with the number of its units. */
  onCommit: (units: number) => void
}

export function createWriter(db: Kysely<Database>, { onBroken, onDefect, onCommit }: Listeners): Writer {
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
      waiting.push({ unit, actions: [], settle, outcome: undefined })
      if (running) return
      running = true
      setImmediate(drain)
    })
  }

  async function drain(): Promise<void> {
    const jobs = waiting.splice(0, UNITS_PER_COMMIT)
    try {
      await commitTogether(db, jobs)
    } catch (error) {
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

async function commitTogether(db: Kysely<Database>, jobs: Job[]): Promise<void> {
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

async function runUnit(trx: ControlledTransaction<Database>, job: Job): Promise<void> {
  await trx.executeQuery(SAVEPOINT)
  try {
    const value = await job.unit({ trx, afterCommit: (action) => job.actions.push(action) })
    job.outcome = { value }
  } catch (error) {
    if (isDiskFull(error) || isDiskFailure(error)) throw error
    await trx.executeQuery(ROLLBACK_TO)
    job.actions = []
    job.outcome = { error }
  }
  await trx.executeQuery(RELEASE)
}

function settle({ outcome, settle: { resolve, reject } }: Job): void {
  if (!outcome) return reject(new Error("Cannot settle a unit of work: it never ran"))
  if ("error" in outcome) reject(outcome.error)
  else resolve(outcome.value)
}

const diskFull = () =>
  new AppError("disk_full", "Cannot store this: the disk is full; free some space and try again")
