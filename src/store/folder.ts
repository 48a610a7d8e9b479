/** The data folder itself: made, locked, and every way in which it can be unusable put into one sentence. */
import type { SqliteDatabase } from "kysely"
import { disk } from "../disk.ts"
import { StartError } from "../errors.ts"
import { sqliteCode } from "./writer.ts"

export type RawDatabase = SqliteDatabase & { exec(sql: string): void }
/** Bytes of a file, 0 if there is none. */
export type FileSize = (path: string) => number
export type OpenDatabase = (path: string, options: { readonly: boolean }) => RawDatabase

export const databaseIn = (dataDir: string): string => `${dataDir}/gamenight.db`

/** Makes the folder, for its owner alone. */
export function prepareFolder(dataDir: string): void {
  try {
    if (!disk().existsSync(dataDir)) disk().mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw startError(error, dataDir)
  }
}

/** Keeps a file from other users where a copy or a restored backup left it open to them. */
export async function closeToOthers(mode: (path: string) => Promise<number>, path: string): Promise<void> {
  if (process.platform === "win32" || ((await mode(path)) & 0o077) === 0) return
  disk().chmodSync(path, 0o600)
}

/** Before it is opened: SQLite gives the files beside a database the rights of the database. */
export async function closeDatabaseToOthers(
  { size, mode }: { size: FileSize; mode: (path: string) => Promise<number> },
  dataDir: string,
): Promise<void> {
  const paths = ["", "-wal", "-shm"].map((end) => `${databaseIn(dataDir)}${end}`)
  try {
    await Promise.all(paths.filter((path) => size(path) > 0).map((path) => closeToOthers(mode, path)))
  } catch (error) {
    throw startError(error, dataDir)
  }
}

/** An exclusive SQLite lock on a file beside the database: the system lets go of it however the process ends. */
export function takeLock(
  openDatabase: OpenDatabase,
  dataDir: string,
  beside: boolean,
): (() => void) | undefined {
  const path = `${dataDir}/gamenight.lock`
  let lock: RawDatabase | undefined
  try {
    lock = openDatabase(path, { readonly: false })
    lock.exec("PRAGMA busy_timeout=0")
    lock.exec("PRAGMA journal_mode=MEMORY")
    lock.exec("BEGIN EXCLUSIVE")
    const held = lock
    return () => held.close()
  } catch (error) {
    lock?.close()
    const code = sqliteCode(error)
    if (code.startsWith("SQLITE_NOTADB")) {
      throw new StartError(
        `Cannot start: the file ${path} is not the lock of a gamenight; remove it and start again`,
        1,
      )
    }
    if (!code.startsWith("SQLITE_BUSY")) throw startError(error, dataDir)
    if (beside) return undefined
    throw new StartError(
      `Cannot start: another gamenight already uses the folder ${dataDir}; stop it or choose another with --data-dir`,
      1,
    )
  }
}

export const damaged = (path: string, why: string) =>
  new StartError(
    `Cannot start: the database ${path} is damaged (${oneLine(why)}); nothing was changed, put a good copy in its place to go on`,
    3,
  )

/** SQLite's verdict begins with a heading of its own. */
const oneLine = (why: string): string =>
  why.replace(/^\*{3} in database \w+ \*{3}\s*/, "").replace(/\s+/g, " ")

/** One sentence for every way in which a data folder can be unusable. */
export function startError(error: unknown, dataDir: string): Error {
  if (error instanceof StartError) return error
  const code = sqliteCode(error)
  const why = error instanceof Error ? error.message : String(error)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return damaged(databaseIn(dataDir), why)
  if (/^(SQLITE_FULL|ENOSPC)/.test(code)) {
    return new StartError(
      `Cannot start: the disk that holds ${dataDir} is full; free some space and start again`,
      1,
    )
  }
  if (/^SQLITE_BUSY/.test(code)) {
    return new StartError(
      `Cannot start: another program holds the database in ${dataDir}; close it and start again`,
      1,
    )
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|IOERR|PERM)|E[A-Z]+)/.test(code)) {
    return new StartError(
      `Cannot start: the folder ${dataDir} cannot be written (${why}); check its owner and rights or choose another with --data-dir`,
      1,
    )
  }
  return error instanceof Error ? error : new Error(why)
}
