/**
 * Group commit: all units of work waiting in one turn of the event loop share one transaction and one fsync; one that
 * fails fails alone. No caller gets its answer before the commit is on disk.
 */
import { AppError } from "../errors.ts"
import type { Queries } from "./query.ts"
import type { Trx } from "./schema.ts"
import { isDiskFailure, isDiskFull } from "./sqlite-error.ts"

export type WriteContext = {
  /**
   * The whole transaction. Whoever takes it may change anything: what is remembered of the database is forgotten, and
   * what a failing unit did is taken back.
   */
  readonly trx: Trx
  /** Runs one query that is known to change nothing that is remembered, or only what `kept` then corrects. */
  run: Queries["run"]
  /** As `run`, for a row that is added; gives its number. */
  insert: Queries["insert"]
  /** Runs once the unit is part of the transaction, and before the next unit. */
  kept(action: () => void): void
  /** Runs once the unit is on disk, in commit order and before the answer of the unit. */
  afterCommit(action: () => void): void
}

type Marks = "marked when needed" | "all marked"

export type Unit<T> = (context: WriteContext) => T | Promise<T>

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
  /** Called when what several units leave to be written together must be: before each commit, and before `trx` is taken. */
  onSettling: () => void
}

/** The connection that writes: as Kysely sees it inside a transaction, and for what is faster without. */
type Connection = Queries & { trx: Trx; exec: (sql: string) => void }

/** A unit failed after it had changed something, and that without a savepoint. */
class HalfDone extends Error {}

export function createWriter(
  { trx, run, insert, changes, exec }: Connection,
  { onBroken, onDefect, onCommit, onTouched, onSettling }: Listeners,
): Writer {
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
      await commitTogether(jobs, "marked when needed")
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

  async function commitTogether(jobs: Job[], marks: Marks): Promise<void> {
    // Taking the write lock first, since a late upgrade could be refused.
    exec("begin immediate")
    try {
      for (const job of jobs) await runUnit(job, marks)
      onSettling()
      exec("commit")
    } catch (error) {
      rollBack()
      if (!(error instanceof HalfDone)) throw error
      onTouched()
      await commitTogether(jobs, "all marked")
    }
  }

  function rollBack(): void {
    try {
      exec("rollback")
    } catch {
      // SQLite may have done so by itself (full disk, I/O error); what it said first is what counts.
    }
  }

  /** Most units take `trx` and a savepoint, or fail before they change anything. */
  async function runUnit(job: Job, marks: Marks): Promise<void> {
    job.onKept = []
    job.actions = []
    const before = changes()
    let marked = false
    let changedBefore = false
    let over = false
    const mark = () => {
      if (over) throw new Error("Cannot take the transaction: the unit of work is over")
      if (marked) return
      changedBefore = changes() !== before
      // What the units before left to be written is theirs: it stays if this one fails.
      onSettling()
      exec("savepoint unit")
      marked = true
    }
    if (marks === "all marked") mark()
    try {
      job.outcome = { value: await job.unit(contextOf(job, mark)) }
    } catch (error) {
      if (isDiskFull(error) || isDiskFailure(error)) throw error
      if (marked ? changedBefore : changes() !== before) throw new HalfDone()
      if (marked) exec("rollback to unit")
      job.onKept = []
      job.actions = []
      job.outcome = { error }
    } finally {
      over = true
    }
    if (marked) exec("release unit")
    for (const action of job.onKept) action()
  }

  const contextOf = (job: Job, mark: () => void): WriteContext => ({
    get trx() {
      mark()
      onTouched()
      return trx
    },
    run,
    insert,
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
