/** What a database is asked before it is trusted. */
import { StartError } from "../errors.ts"
import { type Action, databaseIn, type RawDatabase } from "./folder.ts"
import { SCHEMA_VERSION } from "./migrations.ts"

/** One column of the first row. */
export function one(
  raw: RawDatabase,
  sql: string,
  column: string,
  parameters: readonly unknown[] = [],
): unknown {
  const [row] = raw.prepare(sql).all(parameters)
  return typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined
}

/** A value of the table `meta`. */
export function metaIn(raw: RawDatabase, key: string): string | undefined {
  const value = one(raw, "SELECT value FROM meta WHERE key = ?", "value", [key])
  return typeof value === "string" ? value : undefined
}

export const schemaOf = (raw: RawDatabase): number => Number(one(raw, "PRAGMA user_version", "user_version"))

/** Marks the databases of gamenight; older ones bear none and are known by a table of theirs. */
export const APPLICATION_ID = 0x67_6d_6e_74

/** Refuses the database of another program. One without tables may become ours. */
export function refuseForeign(raw: RawDatabase, action: Action, dataDir: string): void {
  if (one(raw, "PRAGMA application_id", "application_id") === APPLICATION_ID) return
  const tables = one(raw, "SELECT count(*) AS tables FROM sqlite_schema", "tables")
  const own = "SELECT count(*) AS own FROM sqlite_schema WHERE name = 'catalogue_keys'"
  if (tables === 0 || (schemaOf(raw) > 0 && one(raw, own, "own") === 1)) return
  throw new StartError(
    `Cannot ${action}: the database ${databaseIn(dataDir)} is not one of gamenight; move it away or choose another folder with --data-dir`,
    2,
  )
}

/** Refuses what this program must not touch; `what` names it, and `remedy` what to do then. */
export function refuseNewer(raw: RawDatabase, action: Action, what: string, remedy: string): void {
  const version = schemaOf(raw)
  if (version <= SCHEMA_VERSION) return
  throw new StartError(
    `Cannot ${action}: ${what} was made by a newer gamenight (schema ${version}, this program knows ${SCHEMA_VERSION}); ${remedy}`,
    2,
  )
}

/** What is wrong with the pages; undefined if nothing is. `quick_check` leaves out the indexes. */
export function damageIn(raw: RawDatabase, check: "quick_check" | "integrity_check"): string | undefined {
  const verdict = one(raw, `PRAGMA ${check}(1)`, check)
  return verdict === "ok" ? undefined : String(verdict)
}
