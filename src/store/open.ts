/** Opens the data folder: lock, checks, PRAGMAs, migrations. Everything that can stop a start is found here. */
import type { Kysely } from "kysely"
import { StartError } from "../errors.ts"
import { backUpBefore } from "./backup.ts"
import { APPLICATION_ID, damageIn, metaIn, one, refuseForeign, refuseNewer, schemaOf } from "./check.ts"
import { BUSY_MS, createCheckpoints } from "./checkpoint.ts"
import {
  damaged,
  databaseIn,
  type FileSize,
  type OpenDatabase,
  prepareFolder,
  type RawDatabase,
  refuseEmptied,
  restoredIn,
  startError,
} from "./folder.ts"
import { kyselyOver } from "./kysely.ts"
import { type ChangedAt, isAsLeft, markAsLeft } from "./left.ts"
import { type Lock, takeLock } from "./lock.ts"
import { migrations, SCHEMA_VERSION } from "./migrations.ts"
import { type Once, onceOnly } from "./once.ts"
import { setPragmas } from "./pragmas.ts"
import { type Queries, queriesOver } from "./query.ts"
import { createReader, type Reader } from "./reader.ts"
import type { Database, Trx } from "./schema.ts"
import { sqliteCode } from "./sqlite-error.ts"
import { createWriter, type Unit } from "./writer.ts"

export type Store = {
  /** Reads only; it sees what is committed, and a transaction sees one moment. */
  db: Kysely<Database>
  /** Carries out `unit` in the next transaction; with `once`, or gives the stored result it had before. */
  write<T>(unit: Unit<T>, once?: Once): Promise<T>
  idle(): Promise<void>
  counts(): { units: number; commits: number }
  /** Names this database's history; changes when a backup is restored. */
  epoch: string
  /** The highest `seq` an event ever had when the store was opened, 0 without any. */
  lastSeq: number
  /** The session that was running when the store was opened, 0 if none was: one look that needs no query builder. */
  wasRunning: number
  /** Whether a webhook is turned on, told without the query builder, which an idle service never loads. */
  hasWebhook(): boolean
  /** A value of the table `meta`, read at once. */
  meta(key: string): string | undefined
  /** Calls back when what was read in a unit of work may be wrong by now. */
  onTouched(forget: () => void): void
  /**
   * Calls back to write what units left to be written together, before each commit and before a unit takes `trx`. It is
   * lost with its transaction, of which `onTouched` tells.
   */
  onSettling(settle: (queries: Queries) => void): void
  /** Rises when another process wrote to this database. */
  foreignWrites(): number
  close(): Promise<void>
}

export type StoreOptions = {
  openDatabase: OpenDatabase
  fileSize: FileSize
  /** With it a database that is as the last stop left it is not checked again. */
  changedAt?: ChangedAt
  /** Folder of the data, or ":memory:". */
  dataDir: string
  /** Called when a commit failed on disk: the process must end and be started anew. */
  onBroken?: (error: unknown) => void
  /** Called when announcing a stored change failed. */
  onDefect?: (error: unknown) => void
  now?: () => number
  /** How long nothing was written, in milliseconds, before the write-ahead log is emptied. */
  quietMs?: number
  /** A second process beside the server (a command): does not take the lock if the server holds it. */
  beside?: boolean
  /** Refuses a folder without a database instead of making one. */
  mustExist?: boolean
}

/** Databases up to this many bytes are checked when somebody else changed them, all after an unclean stop. */
const CHECKED_BYTES = 8 * 1024 * 1024

/** Opens the store. Throws `StartError` with one sentence and the exit code when it cannot be used. */
export function openStore(options: StoreOptions): Store {
  const { openDatabase, fileSize, dataDir, beside = false, mustExist = false } = options
  if (dataDir === ":memory:") {
    const raw = openDatabase(dataDir, { readonly: false })
    setPragmas(raw, "memory")
    migrate(raw)
    return storeOver(raw, undefined, options)
  }
  const holdsNone = () => fileSize(databaseIn(dataDir)) === 0
  if (holdsNone() && fileSize(restoredIn(dataDir)) === 0) {
    if (mustExist) {
      throw new StartError(`Cannot open ${dataDir}: it holds no gamenight database; check --data-dir`, 1)
    }
    refuseEmptied(dataDir, fileSize)
    prepareFolder(dataDir)
  }
  const lock = takeLock(openDatabase, fileSize, dataDir, beside ? "beside" : "serve")
  try {
    return openFile(options, holdsNone(), lock)
  } catch (error) {
    lock.release()
    throw startError(error, dataDir)
  }
}

function openFile(options: StoreOptions, isNew: boolean, lock: Lock): Store {
  const { openDatabase, fileSize, changedAt, dataDir } = options
  const path = databaseIn(dataDir)
  const unclean = fileSize(`${path}-wal`) > 0
  const changed = fileSize(path) <= CHECKED_BYTES && !(changedAt && isAsLeft(changedAt, dataDir))
  // Where a running server holds the lock it has checked the pages, and its log is no sign of an unclean stop.
  const checkPages = !isNew && lock.owner && (unclean || changed)
  if (unclean) inspectAndClose(openDatabase(path, { readonly: true }), dataDir, checkPages)
  const raw = openDatabase(path, { readonly: false })
  try {
    if (!unclean) inspect(raw, dataDir, checkPages)
    setPragmas(raw, "wal")
    if (lock.owner) bringUpToDate(raw, options)
    return storeOver(raw, createReader(openDatabase, path), options, lock)
  } catch (error) {
    raw.close()
    throw error
  }
}

/** Without a reader one connection does both, as in memory it must. */
function storeOver(raw: RawDatabase, reader: Reader | undefined, options: StoreOptions, lock?: Lock): Store {
  const writing = kyselyOver(() => raw)
  const db = reader ? kyselyOver(reader.connection) : writing
  const { dataDir, fileSize, onBroken = () => {}, onDefect = () => {} } = options
  const { now = Date.now, quietMs = 5_000 } = options
  const forgetters: (() => void)[] = []
  const settlers: ((queries: Queries) => void)[] = []
  const exec = (sql: string) => void raw.prepare(sql).run([])
  // The writer gives it to units only, and so inside a transaction only.
  const trx = writing as Trx
  const queries = queriesOver(raw, writing)
  const writer = createWriter(
    { ...queries, trx, exec },
    {
      onBroken,
      onDefect,
      onCommit: (units) => checkpoints?.wrote(units),
      onTouched: () => {
        for (const forget of forgetters) forget()
      },
      onSettling: () => {
        for (const settle of settlers) settle(queries)
      },
    },
  )
  const path = `${databaseIn(dataDir)}-wal`
  const { idle, fail } = writer
  // A command beside the service leaves the log to the service.
  const checkpoints = lock?.owner
    ? createCheckpoints({ raw, path, fileSize, idle, onBroken: fail, quietMs })
    : undefined
  let written = false
  /** The connection that writes sees what is not committed, once there is any. */
  const committed = () => (written && reader?.connection()) || raw
  return {
    db,
    idle,
    counts: writer.counts,
    write(unit, once) {
      written = true
      return writer.write(once ? onceOnly(unit, once, now()) : unit)
    },
    epoch: metaIn(raw, "epoch") ?? "",
    lastSeq: Number(one(raw, "SELECT seq FROM sqlite_sequence WHERE name = 'events'", "seq") ?? 0),
    wasRunning: Number(one(raw, "SELECT id FROM sessions WHERE is_active = 1", "id") ?? 0),
    hasWebhook: () => one(committed(), "SELECT 1 AS found FROM webhooks WHERE enabled = 1", "found") === 1,
    meta: (key) => metaIn(committed(), key),
    onTouched: (forget) => void forgetters.push(forget),
    onSettling: (settle) => void settlers.push(settle),
    foreignWrites: () => Number(one(raw, "PRAGMA data_version", "data_version")),
    async close() {
      await writer.close()
      checkpoints?.stop()
      // What a failed disk holds is found out by the next start; closing would write the log back over it.
      if (writer.broken()) return
      reader?.close()
      try {
        checkpoints?.last()
      } catch (error) {
        // Without room to empty it the log stays as it is, and the next start reads it.
        if (!sqliteCode(error).startsWith("SQLITE_FULL")) throw error
      } finally {
        raw.close()
        if (options.changedAt && lock?.owner) markAsLeft(dataDir)
        lock?.release()
      }
    },
  }
}

/** With a write-ahead log it must be a read-only connection: closing another one would write the log back. */
function inspectAndClose(raw: RawDatabase, dataDir: string, checkPages: boolean): void {
  try {
    inspect(raw, dataDir, checkPages)
  } finally {
    raw.close()
  }
}

/** Refuses a database this program must not touch. */
function inspect(raw: RawDatabase, dataDir: string, checkPages: boolean): void {
  raw.exec(`PRAGMA busy_timeout=${BUSY_MS}`)
  refuseForeign(raw, "start", dataDir)
  const remedy = "start the newer program or restore an older backup"
  refuseNewer(raw, "start", `the database ${databaseIn(dataDir)}`, remedy)
  const damage = checkPages ? damageIn(raw, "quick_check") : undefined
  if (damage !== undefined) throw damaged(dataDir, damage)
}

/** A database that people have used is copied before it changes its schema. */
function bringUpToDate(raw: RawDatabase, { openDatabase, fileSize, dataDir }: StoreOptions): void {
  const from = schemaOf(raw)
  if (from > 0 && from < SCHEMA_VERSION) backUpBefore({ openDatabase, fileSize }, dataDir, SCHEMA_VERSION)
  migrate(raw)
}

/** All steps in one transaction: the database has the schema it had, or this program's, and none between. */
function migrate(raw: RawDatabase): void {
  const from = schemaOf(raw)
  if (from === SCHEMA_VERSION) return
  raw.exec("BEGIN IMMEDIATE")
  try {
    for (const { version, sql } of migrations) if (version > from) raw.exec(sql)
    if (from === 0) {
      raw.exec(`PRAGMA application_id=${APPLICATION_ID}`)
      raw.prepare("INSERT INTO meta (key, value) VALUES ('epoch', ?)").run([crypto.randomUUID()])
    }
    raw.exec(`PRAGMA user_version=${SCHEMA_VERSION}`)
    raw.exec("COMMIT")
  } catch (error) {
    try {
      raw.exec("ROLLBACK")
    } catch {
      // A full disk rolls back by itself; what it said first is what counts.
    }
    throw error
  }
}
