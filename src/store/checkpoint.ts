/** Keeps the write-ahead log short: it is written back and emptied when nothing was written for a while, and at the end. */
import type { FileSize, RawDatabase } from "./folder.ts"
import { isDiskFailure } from "./writer.ts"

export type Checkpoints = {
  /** Something was written; cheap enough to be called after every commit. */
  wrote(): void
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
/** How long the end waits for a command that still reads. */
const LAST_WAIT_MS = 500
/** How long a write waits for one of another process. */
export const BUSY_MS = 5_000

export function createCheckpoints({ raw, path, fileSize, idle, onBroken, quietMs }: Deps): Checkpoints {
  let written = false
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
    if (fileSize(path) < WORTH_BYTES) return
    try {
      // Without patience: a reader of this very process could not end while this waits for it.
      truncate(raw, 0)
    } catch (error) {
      if (isDiskFailure(error)) onBroken(error)
    }
  }

  function stop(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    wrote() {
      written = true
      if (timer === undefined) wait()
    },
    last() {
      stop()
      truncate(raw, LAST_WAIT_MS)
    },
    stop,
  }
}

function truncate(raw: RawDatabase, waitMs: number): void {
  raw.exec(`PRAGMA busy_timeout=${waitMs}`)
  try {
    raw.exec("PRAGMA wal_checkpoint(TRUNCATE)")
  } finally {
    raw.exec(`PRAGMA busy_timeout=${BUSY_MS}`)
  }
}
