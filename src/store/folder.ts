/** The data folder itself: its files, and every way in which it can be unusable put into one sentence. */
import type { SqliteDatabase } from "kysely"
import { disk } from "../disk.ts"
import { StartError } from "../errors.ts"
import { isDamage, sqliteCode } from "./sqlite-error.ts"

export type RawDatabase = SqliteDatabase & { exec(sql: string): void }
/** Bytes of a file, 0 if there is none. */
export type FileSize = (path: string) => number
export type OpenDatabase = (path: string, options: { readonly: boolean }) => RawDatabase

/** What cannot be done, as a sentence says it: "Cannot restore: ...". */
export type Action = "start" | "back up" | "restore"

export const databaseIn = (dataDir: string): string => `${dataDir}/gamenight.db`
/** Who may use the folder is decided on it, see lock.ts. */
export const lockIn = (dataDir: string): string => `${dataDir}/gamenight.lock`
export const backupsIn = (dataDir: string): string => `${dataDir}/backups`
/** A restored database that is whole and on disk, and about to take the place of the present one. */
export const restoredIn = (dataDir: string): string => `${dataDir}/gamenight.db.restored`

/** Makes the folder, for its owner alone. */
export function prepareFolder(folder: string, action: Action = "start"): void {
  try {
    if (!disk().existsSync(folder)) disk().mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw startError(error, folder, action)
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
  const database = databaseIn(dataDir)
  const paths = [database, `${database}-wal`, `${database}-shm`, restoredIn(dataDir)]
  try {
    await Promise.all(paths.filter((path) => size(path) > 0).map((path) => closeToOthers(mode, path)))
  } catch (error) {
    throw startError(error, dataDir)
  }
}

export function damaged(dataDir: string, why: string, action: Action = "start"): StartError {
  const backup = newestBackup(dataDir)
  const remedy = backup
    ? "go back to the newest backup"
    : `and ${backupsIn(dataDir)} holds no backup; go back to one from elsewhere`
  const command = `gamenight restore ${backup ? quoted(backup) : "FILE"} --data-dir ${quoted(dataDir)}`
  return new StartError(
    `Cannot ${action}: the database ${databaseIn(dataDir)} is damaged (${oneLine(why)}); nothing was changed, ${remedy} with: ${command}`,
    3,
  )
}

/** SQLite's verdict begins with a heading of its own. */
export const oneLine = (why: string): string =>
  why.replace(/^\*{3} in database \w+ \*{3}\s*/, "").replace(/\s+/g, " ")

/** As a shell reads it. */
const quoted = (path: string): string =>
  /^[\w./:@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`

/** A folder that was in use and has lost its database is not begun anew over what may be saved. */
export function refuseEmptied(dataDir: string, fileSize: FileSize): void {
  const emptied = fileSize(`${dataDir}/secret`) > 0 && disk().existsSync(databaseIn(dataDir))
  if (!emptied && newestBackup(dataDir) === undefined) return
  throw damaged(dataDir, "it is empty or gone; to begin anew choose another folder")
}

/** What a restore put aside is no candidate: it may be the damaged one. */
export function newestBackup(dataDir: string): string | undefined {
  const { readdirSync, statSync } = disk()
  const folder = backupsIn(dataDir)
  try {
    const names = readdirSync(folder).filter((name) => /^(?!before-restore-)[^.].*\.db$/.test(name))
    const times = names.map((name) => ({ name, time: statSync(`${folder}/${name}`).mtimeMs }))
    const [newest] = times.sort((a, b) => b.time - a.time)
    return newest && `${folder}/${newest.name}`
  } catch {
    return undefined
  }
}

/** One sentence for every way in which a data folder, or another `folder` that is written to, can be unusable. */
export function startError(
  error: unknown,
  dataDir: string,
  action: Action = "start",
  folder: string = dataDir,
): Error {
  if (error instanceof StartError) return error
  const code = sqliteCode(error)
  const why = error instanceof Error ? error.message : String(error)
  if (isDamage(error)) return damaged(dataDir, why, action)
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) {
    return new StartError(
      `Cannot ${action}: the disk that holds ${folder} is full; free some space and ${action} again`,
      1,
    )
  }
  if (/^SQLITE_BUSY/.test(code)) {
    return new StartError(
      `Cannot ${action}: another program holds the database in ${dataDir}; close it and ${action} again`,
      1,
    )
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|IOERR|PERM)|E[A-Z]+)/.test(code)) {
    const other = folder === dataDir ? " or choose another with --data-dir" : ""
    return new StartError(
      `Cannot ${action}: the folder ${folder} cannot be written (${why}); check its owner and rights${other}`,
      1,
    )
  }
  return error instanceof Error ? error : new Error(why)
}
