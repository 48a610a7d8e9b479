/** When each token was last used: noted in memory by every request, and on disk once a minute. */
import { AppError, defectIn } from "./errors.ts"
import type { Store } from "./store/open.ts"
import { query } from "./store/query.ts"
import type { Database } from "./store/schema.ts"

export type TokenUses = {
  /** Costs a request next to nothing. */
  note(id: string): void
  /** The rows with the uses that are not on disk yet. */
  withLast<T extends Pick<Database["tokens"], "id" | "last_used_at">>(rows: readonly T[]): T[]
  /** Writes once a minute from now on, where there is something to write. */
  begin(): void
  /** Writes what is noted; what cannot be written now is tried again with the next. */
  write(): Promise<void>
  /** Resolves once all is on disk. */
  stop(): Promise<void>
}

type Deps = { store: Pick<Store, "write">; log: (line: string) => void; now?: () => number }

const MINUTE_MS = 60_000

export function createTokenUses({ store, log, now = Date.now }: Deps): TokenUses {
  /** By token the minute of a use that is not on disk; of a token that is in no table nothing gets there. */
  const noted = new Map<string, number>()
  let timer: ReturnType<typeof setInterval> | undefined

  async function write(): Promise<void> {
    const uses = [...noted]
    if (uses.length === 0) return
    try {
      await store.write(({ run }) => {
        for (const [id, minute] of uses) run(keepUse, { id, last_used_at: momentOf(minute) })
      })
      for (const [id, minute] of uses) if (noted.get(id) === minute) noted.delete(id)
    } catch (error) {
      if (error instanceof AppError) return
      log(`[Tokens] ${defectIn(error)}`)
    }
  }

  return {
    note: (id) => void noted.set(id, Math.floor(now() / MINUTE_MS)),

    withLast: (rows) =>
      rows.map((row) => {
        const minute = noted.get(row.id)
        return minute === undefined ? row : { ...row, last_used_at: momentOf(minute) }
      }),

    begin() {
      timer = setInterval(() => void write(), MINUTE_MS)
      timer.unref()
    },

    write,

    async stop() {
      clearInterval(timer)
      await write()
    },
  }
}

const momentOf = (minute: number): string => new Date(minute * MINUTE_MS).toISOString()

/** Takes no transaction: what votes remember of the running session stays true. */
const keepUse = query<{ id: string; last_used_at: string | null }>()((db, value) =>
  db
    .updateTable("tokens")
    .set({ last_used_at: value("last_used_at") })
    .where("id", "=", value("id")),
)
