/** Closes a poll at its time, which is read from a clock that nobody can set. */

/** The end of one poll. `endsAt` is what its row says: a deadline that was changed meanwhile is none any more. */
export type Deadline = { pollId: number; endsAt: string; at: number }

export type PollClock = {
  /** One poll runs at a time, so there is one deadline; undefined for none. */
  set(deadline: Deadline | undefined): void
  /** Closes the poll if its time has come. Throws what closing it threw. */
  settle(): Promise<void>
  /** The same, or waits until then; a poll that could not be closed, on a full disk for one, is tried again. */
  check(): Promise<void>
  stop(): void
}

type Deps = {
  close: (deadline: Deadline) => Promise<void>
  log: (line: string) => void
  elapsed: () => number
  retryMs?: number
}

export function createPollClock({ close, log, elapsed, retryMs = 5_000 }: Deps): PollClock {
  let deadline: Deadline | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function wait(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(check, Math.max(0, ms))
    timer.unref()
  }

  function set(next: Deadline | undefined): void {
    clearTimeout(timer)
    deadline = next
    if (next) wait(next.at - elapsed())
  }

  async function settle(): Promise<void> {
    const due = deadline
    if (!due || elapsed() < due.at) return
    await close(due)
    if (deadline === due) set(undefined)
  }

  async function check(): Promise<void> {
    try {
      await settle()
      if (deadline) wait(deadline.at - elapsed())
    } catch (error) {
      log(`[Polls] Cannot close poll ${deadline?.pollId}: ${error instanceof Error ? error.message : error}`)
      wait(retryMs)
    }
  }

  return { set, settle, check, stop: () => set(undefined) }
}
