/**
 * Keeps the write-ahead log short: it is written back every thousand pages, and emptied when nothing was written for a
 * while and at the end. SQLite would write it back by itself, and keep to itself that the disk failed under it.
 */
import type { FileSize, RawDatabase } from "./folder.ts"
import { isDiskFailure } from "./sqlite-error.ts"

export type Checkpoints = {
  /** So many units were committed together; to be called after every commit, before the next transaction begins. */
  wrote(units: number): void
  /** Empties the log before the connection closes. */
  last(): void
  stop(): void
}

type Deps = {
  /** The connection that writes. */
  raw: RawDatabase
  /** Path of the write-ahead log. */
  path: string
  fileSize: FileSize
  /** Resolves between two transactions. */
  idle: () => Promise<void>
  onBroken: (error: unknown) => void
  quietMs: number
}

/** A shorter log is left alone: emptying it costs a card more writes than it saves. */
const WORTH_BYTES = 256 * 1024
/** Pages after which the log goes back into the database: a commit takes about ten, and one more for each unit. */
const PAGES = 1_000
const PAGES_PER_COMMIT = 10
/** How long the end waits for a command that still reads. */
const LAST_WAIT_MS = 500
/** How long a write waits for one of another process. */
export const BUSY_MS = 5_000

export function createCheckpoints({ raw, path, fileSize, idle, onBroken, quietMs }: Deps): Checkpoints {
  let written = false
  let pages = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait(): void {
    written = false
    timer = setTimeout(() => void look(), quietMs)
    timer.unref()
  }

  async function look(): Promise<void> {
    await idle()
    if (timer === undefined) return
    if (written) return wait()
    timer = undefined
    if (fileSize(path) >= WORTH_BYTES) attempt("TRUNCATE")
  }

  function attempt(mode: "PASSIVE" | "TRUNCATE"): void {
    pages = 0
    try {
      // Without patience: a reader of this very process could not end while this waits for it.
      writeBack(raw, mode, 0)
    } catch (error) {
      if (isDiskFailure(error)) onBroken(error)
    }
  }

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    wrote(units) {
      written = true
      pages += PAGES_PER_COMMIT + units
      if (pages >= PAGES) attempt("PASSIVE")
      if (timer === undefined) wait()
    },
    last() {
      stop()
      writeBack(raw, "TRUNCATE", LAST_WAIT_MS)
    },
    stop,
  }
}

function writeBack(raw: RawDatabase, mode: "PASSIVE" | "TRUNCATE", waitMs: number): void {
  raw.exec(`PRAGMA busy_timeout=${waitMs}`)
  try {
    raw.exec(`PRAGMA wal_checkpoint(${mode})`)
  } finally {
    raw.exec(`PRAGMA busy_timeout=${BUSY_MS}`)
  }
}
