/** Copies of the database. Each is whole, checked and on disk before it bears its name, and replaces no other file. */
import { disk, syncFile, syncFolder } from "../disk.ts"
import { StartError } from "../errors.ts"
import { damageIn, one, refuseForeign, refuseNewer, schemaOf } from "./check.ts"
import { BUSY_MS } from "./checkpoint.ts"
import {
  type Action,
  backupsIn,
  databaseIn,
  type FileSize,
  type OpenDatabase,
  prepareFolder,
  type RawDatabase,
  startError,
} from "./folder.ts"
import { takeLock } from "./lock.ts"

/** It holds the events of the history `epoch` up to number `seq`. */
export type Backup = { file: string; bytes: number; epoch: string; seq: number; created_at: string }

export type Files = { openDatabase: OpenDatabase; fileSize: FileSize }

/** Without a name the file is named after the time, without a folder it goes to `backups`. */
type Place = { folder?: string | undefined; name?: string | undefined }
type Options = Files & { dataDir: string; to?: Place; now?: () => number }

/** Copies the database of a folder, whether a service uses it or not. Throws `StartError`. */
export function backUp({ openDatabase, fileSize, dataDir, to = {}, now = Date.now }: Options): Backup {
  const source = databaseIn(dataDir)
  const files = { openDatabase, fileSize }
  const none = () =>
    new StartError(`Cannot back up ${dataDir}: it holds no gamenight database; check --data-dir`, 1)
  if (fileSize(source) === 0) throw none()
  const folder = to.folder ?? backupsIn(dataDir)
  const lock = takeLock(openDatabase, fileSize, dataDir, "copy")
  try {
    withDatabase(files, source, (raw) => {
      refuseForeign(raw, "back up", dataDir)
      if (schemaOf(raw) === 0) throw none()
      refuseNewer(raw, "back up", `the database ${source}`, "back it up with the newer program")
    })
    if (to.folder === undefined) prepareBackups(dataDir, "back up")
    const named = to.name === undefined ? undefined : `${folder}/${to.name}`
    const names = named === undefined ? numbered(`${folder}/gamenight-${stamp(now())}`) : only(named)
    // Said before the work is done, too.
    if (named !== undefined && disk().existsSync(named)) names(2)
    return copyTo(files, source, folder, names, now())
  } catch (error) {
    throw startError(error, dataDir, "back up", folder)
  } finally {
    lock.release()
  }
}

/** The copy that stays behind when this database becomes one of schema `version`; made once as long as nothing changes. */
export function backUpBefore(files: Files, dataDir: string, version: number): void {
  const source = databaseIn(dataDir)
  const folder = backupsIn(dataDir)
  const present = withDatabase(files, source, contents)
  prepareBackups(dataDir, "start")
  const names = numbered(`${folder}/before-schema-${version}`)
  for (let attempt = 1; files.fileSize(names(attempt)) > 0; attempt++) {
    if (sameContents(files, names(attempt), present)) return
  }
  copyTo(files, source, folder, names, Date.now())
}

/** Makes the folder `backups` where there is none. */
export function prepareBackups(dataDir: string, action: Action): void {
  if (disk().existsSync(backupsIn(dataDir))) return
  prepareFolder(backupsIn(dataDir), action)
  syncFolder(dataDir)
}

/** Copies the database `source` into `folder`, under the first of `names` that is free. */
export function copyTo(files: Files, source: string, folder: string, names: Names, now: number): Backup {
  removeStaleParts(folder)
  const part = `${folder}/${partOf(process.pid)}`
  try {
    copyDatabase(files, source, part)
    const held = withDatabase(files, part, contents)
    syncFile(part)
    const file = giveName(part, names)
    syncFolder(folder)
    return { file, bytes: files.fileSize(file), ...held, created_at: new Date(now).toISOString() }
  } catch (error) {
    for (const end of PART_ENDS) disk().rmSync(part + end, { force: true })
    throw error
  }
}

/** Writes what is committed in `source` into the new file `copy`. Throws an error of SQLite's if either is damaged. */
export function copyDatabase(files: Files, source: string, copy: string): void {
  disk().closeSync(disk().openSync(copy, "wx", 0o600))
  withDatabase(files, source, (raw) => raw.prepare("VACUUM INTO ?").run([copy]))
  const damage = withDatabase(files, copy, (raw) => damageIn(raw, "integrity_check"))
  if (damage !== undefined) throw Object.assign(new Error(damage), { code: "SQLITE_CORRUPT" })
}

/** Opens a database for `act` alone. Where it has a log it must be read-only: closing it would write the log back. */
export function withDatabase<T>(files: Files, path: string, act: (raw: RawDatabase) => T): T {
  const { openDatabase, fileSize } = files
  const raw = openDatabase(path, { readonly: fileSize(`${path}-wal`) > 0 })
  try {
    raw.exec(`PRAGMA busy_timeout=${BUSY_MS}`)
    raw.exec("PRAGMA trusted_schema=OFF")
    raw.exec("PRAGMA cell_size_check=ON")
    return act(raw)
  } finally {
    raw.close()
  }
}

export function contents(raw: RawDatabase): { epoch: string; seq: number } {
  const epoch = one(raw, "SELECT value FROM meta WHERE key = 'epoch'", "value")
  const seq = one(raw, "SELECT seq FROM sqlite_sequence WHERE name = 'events'", "seq")
  return { epoch: String(epoch ?? ""), seq: Number(seq ?? 0) }
}

function sameContents(files: Files, path: string, { epoch, seq }: { epoch: string; seq: number }): boolean {
  try {
    const held = withDatabase(files, path, contents)
    return held.epoch === epoch && held.seq === seq
  } catch {
    return false
  }
}

/** `"20251101T200000Z"`. */
export const stamp = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")

/** The path to try first, second and so on; it throws once there is none left. */
export type Names = (attempt: number) => string

/** `stem.db`, `stem-2.db` and so on. */
export const numbered =
  (stem: string): Names =>
  (attempt) =>
    attempt === 1 ? `${stem}.db` : `${stem}-${attempt}.db`

const only =
  (file: string): Names =>
  (attempt) => {
    if (attempt === 1) return file
    throw new StartError(`Cannot back up: the file ${file} exists already; choose another name`, 1)
  }

/** A link is refused where the name is taken, which a rename is not. */
function giveName(part: string, names: Names): string {
  const { existsSync, renameSync, rmSync } = disk()
  for (let attempt = 1; ; attempt++) {
    const name = names(attempt)
    if (linked(part, name)) {
      rmSync(part)
      return name
    }
    if (existsSync(name)) continue
    // A file system without links, as on many a USB stick.
    renameSync(part, name)
    return name
  }
}

function linked(from: string, to: string): boolean {
  try {
    disk().linkSync(from, to)
    return true
  } catch {
    return false
  }
}

const partOf = (pid: number): string => `.gamenight-${pid}.part`
const PART = /^\.gamenight-(\d+)\.part(-journal)?$/
const PART_ENDS = ["", "-journal"]

/** What a backup that was killed left behind; one that is still being made stays. */
function removeStaleParts(folder: string): void {
  const { readdirSync, rmSync } = disk()
  for (const name of readdirSync(folder)) {
    const [, pid] = PART.exec(name) ?? []
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid)))) {
      rmSync(`${folder}/${name}`, { force: true })
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}
