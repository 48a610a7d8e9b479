/**
 * Who may use a data folder at one time, by SQLite's locks on a file beside the database: one service, commands and
 * backups beside it, a restore only alone. The system lets go of them however a process ends.
 */
import { disk, syncFolder } from "../disk.ts"
import { StartError } from "../errors.ts"
import { one } from "./check.ts"
import {
  databaseIn,
  type FileSize,
  lockIn,
  type OpenDatabase,
  type RawDatabase,
  restoredIn,
  startError,
} from "./folder.ts"
import { sqliteCode } from "./sqlite-error.ts"

export type Lock = {
  /** True where no other process serves the folder: its holder may repair and migrate it. */
  owner: boolean
  release(): void
}

/** `serve` is refused beside a service, `beside` and `copy` are not, `restore` is refused beside anybody. */
export type Use = "serve" | "beside" | "copy" | "restore"

/** Throws `StartError` where the folder is taken. A restore that was cut off is brought to its end first. */
export function takeLock(openDatabase: OpenDatabase, fileSize: FileSize, dataDir: string, use: Use): Lock {
  const path = lockIn(dataDir)
  let held: RawDatabase | undefined
  try {
    held = openDatabase(path, { readonly: false })
    const lock = held
    lock.exec("PRAGMA busy_timeout=0")
    lock.exec("PRAGMA journal_mode=MEMORY")
    const owner = acquire(lock, use)
    if (fileSize(restoredIn(dataDir)) > 0) {
      if (!owner) throw busy(dataDir, use)
      finishRestore(dataDir)
    }
    return { owner, release: () => lock.close() }
  } catch (error) {
    held?.close()
    const code = sqliteCode(error)
    if (code.startsWith("SQLITE_BUSY")) throw busy(dataDir, use)
    if (!code.startsWith("SQLITE_NOTADB")) throw startError(error, dataDir, actionOf(use))
    throw new StartError(
      `Cannot ${actionOf(use)}: the file ${path} is not the lock of a gamenight; remove it and ${actionOf(use)} again`,
      1,
    )
  }
}

/** A service reserves, whoever works beside it shares, a restore excludes. True for the owner of the folder. */
function acquire(lock: RawDatabase, use: Use): boolean {
  try {
    if (use !== "copy") {
      lock.exec(use === "restore" ? "BEGIN EXCLUSIVE" : "BEGIN IMMEDIATE")
      return true
    }
  } catch (error) {
    if (use !== "beside" || !sqliteCode(error).startsWith("SQLITE_BUSY")) throw error
  }
  lock.exec("BEGIN")
  one(lock, "SELECT count(*) AS tables FROM sqlite_schema", "tables")
  return false
}

/**
 * Puts the restored database in the place of the present one, which was kept before. Its log goes first, since SQLite
 * would write it into whatever file has that name; a kill in between leaves the restored file for the next start.
 */
export function finishRestore(dataDir: string): void {
  const { renameSync, rmSync } = disk()
  const database = databaseIn(dataDir)
  for (const end of ["-wal", "-journal", "-shm"]) rmSync(database + end, { force: true })
  syncFolder(dataDir)
  renameSync(restoredIn(dataDir), database)
  syncFolder(dataDir)
}

const actionOf = (use: Use) => (use === "copy" ? "back up" : use === "restore" ? "restore" : "start")

function busy(dataDir: string, use: Use): StartError {
  switch (use) {
    case "serve":
      return new StartError(
        `Cannot start: another gamenight already uses the folder ${dataDir}; stop it or choose another with --data-dir`,
        1,
      )
    case "restore":
      return new StartError(
        `Cannot restore: another gamenight uses the folder ${dataDir}; stop it and restore again`,
        1,
      )
    case "beside":
    case "copy":
      return new StartError(
        `Cannot open ${dataDir}: a restore into it is under way or was cut off; restore again, or start gamenight to end it`,
        1,
      )
  }
}
