/** Keeps prepared statements: preparing one costs more than running it. */

/** Statements kept per database; the program has fewer different ones than this. */
const KEPT = 256

type Prepared<S> = { prepare(sql: string): S; dropAll(): void }

/** `prepare` with a memory: the oldest statement goes when there are too many. */
export function keepPrepared<S>(prepare: (sql: string) => S, drop: (statement: S) => void): Prepared<S> {
  const kept = new Map<string, S>()
  return {
    prepare(sql) {
      const known = kept.get(sql)
      if (known) return known
      const statement = prepare(sql)
      const [oldest] = kept
      if (oldest && kept.size >= KEPT) {
        kept.delete(oldest[0])
        drop(oldest[1])
      }
      kept.set(sql, statement)
      return statement
    },
    dropAll() {
      for (const statement of kept.values()) drop(statement)
      kept.clear()
    },
  }
}
