/** What an error of SQLite tells, by the codes that both bindings put on it. */

/** The code, such as `SQLITE_FULL`; empty for any other error. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
}

export const isDiskFull = (error: unknown): boolean => sqliteCode(error).startsWith("SQLITE_FULL")

export const isDiskFailure = (error: unknown): boolean =>
  /^SQLITE_(IOERR|CORRUPT|NOTADB)/.test(sqliteCode(error))

/** SQLite found bytes that are no database, or no longer one. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error))
