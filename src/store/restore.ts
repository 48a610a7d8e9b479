/** Puts a backup in the place of the database: whatever moment it is cut off at, the folder holds the one or the other. */
import { disk, syncFile, syncFolder } from "../disk.ts"
import { StartError } from "../errors.ts"
import {
  contents,
  copyDatabase,
  copyTo,
  type Files,
  type Names,
  numbered,
  prepareBackups,
  stamp,
  withDatabase,
} from "./backup.ts"
import { damageIn, refuseNewer, schemaOf } from "./check.ts"
import {
  backupsIn,
  databaseIn,
  oneLine,
  prepareFolder,
  type RawDatabase,
  restoredIn,
  startError,
} from "./folder.ts"
import { finishRestore, takeLock } from "./lock.ts"
import type { Database } from "./schema.ts"
import { isDamage, sqliteCode } from "./sqlite-error.ts"

export type Restored = {
  epoch: string
  seq: number
  /** Where the database went that was there before; null if there was none. */
  kept: string | null
  /** Tokens taken over from that one, with their revocations; null if it could not be read. */
  tokens: number | null
}

type Options = Files & { dataDir: string; file: string; now?: () => number }
type Token = Database["tokens"]

/**
 * Restores `file` into a folder no service uses. Throws `StartError` with exit code 2 for a file that is no gamenight
 * database or a newer one, 3 for a damaged one; the present database is then as it was.
 */
export function restore({ openDatabase, fileSize, dataDir, file, now = Date.now }: Options): Restored {
  const files = { openDatabase, fileSize }
  checkFile(files, file)
  prepareFolder(dataDir, "restore")
  const lock = takeLock(openDatabase, fileSize, dataDir, "restore")
  try {
    return replace(files, dataDir, file, now())
  } catch (error) {
    throw startError(error, dataDir, "restore")
  } finally {
    lock.release()
  }
}

function replace(files: Files, dataDir: string, file: string, now: number): Restored {
  const fresh = `${databaseIn(dataDir)}.restoring`
  const discard = () => {
    for (const end of ["", "-journal"]) disk().rmSync(fresh + end, { force: true })
  }
  discard()
  try {
    copyDatabase(files, file, fresh)
    const present = files.fileSize(databaseIn(dataDir)) > 0
    const tokens = present ? tokensIn(files, databaseIn(dataDir)) : []
    const held = renew(files, fresh, tokens ?? [], present ? lastSeqIn(files, databaseIn(dataDir)) : 0)
    syncFile(fresh)
    const kept = present ? keepPresent(files, dataDir, now) : null
    disk().renameSync(fresh, restoredIn(dataDir))
    syncFolder(dataDir)
    finishRestore(dataDir)
    return { ...held, kept, tokens: tokens?.length ?? null }
  } catch (error) {
    discard()
    throw error
  }
}

/** Refuses what is not a whole database of gamenight. */
function checkFile(files: Files, file: string): void {
  const refuse = (why: string, exitCode: number) => new StartError(`Cannot restore ${file}: ${why}`, exitCode)
  const broken = (why: string) => refuse(`it is damaged (${oneLine(why)}); choose another backup`, 3)
  if (!disk().statSync(file, { throwIfNoEntry: false })?.isFile()) throw refuse("there is no such file", 1)
  try {
    withDatabase(files, file, (raw) => {
      if (schemaOf(raw) === 0 || contents(raw).epoch === "") throw refuse("it is no gamenight database", 2)
      refuseNewer(raw, "restore", `the file ${file}`, "restore it with the newer program")
      const damage = damageIn(raw, "integrity_check")
      if (damage !== undefined) throw broken(damage)
    })
  } catch (error) {
    if (error instanceof StartError) throw error
    const why = error instanceof Error ? error.message : String(error)
    const code = sqliteCode(error)
    if (code === "SQLITE_NOTADB" || code === "SQLITE_ERROR") throw refuse("it is no gamenight database", 2)
    if (isDamage(error)) throw broken(why)
    throw refuse(`it cannot be read (${why})`, 1)
  }
}

const TOKEN = ["id", "name", "role", "created_at", "expires_at", "revoked_at"] as const

/** The tokens of a database that may be damaged: whole rows only, undefined if they cannot be read. */
function tokensIn(files: Files, path: string): Token[] | undefined {
  const isText = (value: unknown) => typeof value === "string"
  try {
    const rows = withDatabase(files, path, (raw) =>
      raw.prepare(`SELECT ${TOKEN.join(", ")} FROM tokens`).all([]),
    ) as Token[]
    return rows.filter((row) =>
      TOKEN.every((column) => isText(row[column] ?? (column === "revoked_at" && ""))),
    )
  } catch {
    return undefined
  }
}

/**
 * Begins a new history, so that no client takes it for the one it followed. Tokens are good by their signature, so
 * those of the database before come along: one that was revoked since must not work again, and the rest must be
 * there to be revoked. A setup link works once, and may have been used since.
 */
function renew(
  files: Files,
  path: string,
  tokens: readonly Token[],
  seqBefore: number,
): { epoch: string; seq: number } {
  return withDatabase(files, path, (raw) => {
    const { seq } = contents(raw)
    // A copy that is cut off is made anew; what counts is the sync at its end.
    raw.exec("PRAGMA journal_mode=MEMORY")
    raw.exec("PRAGMA synchronous=OFF")
    raw.exec("BEGIN")
    raw.prepare("UPDATE meta SET value = ? WHERE key = 'epoch'").run([crypto.randomUUID()])
    raw.prepare("DELETE FROM meta WHERE key = 'setup_code_hash'").run([])
    const add = raw.prepare(`
      INSERT OR IGNORE INTO tokens (${TOKEN.join(", ")}) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET revoked_at = coalesce(revoked_at, excluded.revoked_at)`)
    for (const token of tokens) add.run(TOKEN.map((column) => token[column]))
    countFrom(raw, Math.max(seq, seqBefore) + BEHIND_ALL_PLACES)
    raw.exec("COMMIT")
    return { ...contents(raw), seq }
  })
}

/** A reader that knows no epoch, as a browser's EventSource, must not take its old place for one of the new history. */
function countFrom(raw: RawDatabase, seq: number): void {
  raw.prepare("DELETE FROM sqlite_sequence WHERE name = 'events'").run([])
  raw.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)").run([seq])
  raw
    .prepare(
      "INSERT INTO meta (key, value) VALUES ('pruned_through', ?) ON CONFLICT (key) DO UPDATE SET value = ?",
    )
    .run([String(seq), String(seq)])
}

/** More events than may have followed a backup that is restored where the database after it cannot be read. */
const BEHIND_ALL_PLACES = 1_000_000

function lastSeqIn(files: Files, path: string): number {
  try {
    return withDatabase(files, path, contents).seq
  } catch {
    return 0
  }
}

/** Keeps the present database as `backups/before-restore-<time>.db`: as a backup, or as it is if it is damaged or none. */
function keepPresent(files: Files, dataDir: string, now: number): string {
  const folder = backupsIn(dataDir)
  prepareBackups(dataDir, "restore")
  const stem = `${folder}/before-restore-${stamp(now)}`
  try {
    return copyTo(files, databaseIn(dataDir), folder, numbered(stem), now).file
  } catch (error) {
    if (!isDamage(error) && !/^SQLITE_(ERROR|IOERR)/.test(sqliteCode(error))) throw error
    return keepAsItIs(dataDir, folder, numbered(stem))
  }
}

/** The bytes of a database and of its log, under names of their own; the database last, so that its name means all. */
function keepAsItIs(dataDir: string, folder: string, names: Names): string {
  const { existsSync } = disk()
  const ends = ["-wal", "-journal", ""]
  let attempt = 1
  while (ends.some((end) => existsSync(names(attempt) + end))) attempt++
  for (const end of ends) {
    const from = databaseIn(dataDir) + end
    if (existsSync(from)) keepFile(from, names(attempt) + end)
  }
  syncFolder(folder)
  return names(attempt)
}

/** A link needs no reading, which a failing disk may refuse; the copy is for where there are none. */
function keepFile(from: string, to: string): void {
  const { constants, copyFileSync, linkSync } = disk()
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to, constants.COPYFILE_EXCL)
    syncFile(to)
  }
}
