/** The backups beside the database, for owners who have no shell at hand: listed, made, read and removed. */
import { disk } from "./disk.ts"
import { AppError } from "./errors.ts"
import type { Host } from "./hosts/host.ts"
import { backupsIn } from "./store/folder.ts"
import { keptResult, type Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"

/** A file of the folder `backups`, under its name there. */
export type BackupFile = { name: string; bytes: number; created_at: string }

export type Backups = {
  /** The newest first. */
  list(): BackupFile[]
  /** Throws `conflict` while another one is being made. */
  make(once?: Once): Promise<BackupFile>
  /** The bytes of a listed one, read as they are sent. Throws `not_found`. */
  read(name: string): Promise<BackupFile & { body: Blob }>
  /** Throws `not_found`. */
  remove(name: string): void
  /** Ends the one that is being made. */
  stop(): void
}

type Deps = { store: Pick<Store, "write">; command: Host["command"]; dataDir: string }

/** What is being made or restored begins with a dot, what SQLite puts beside a database ends otherwise. */
const NAME = /^[^.\p{Cc}][^\p{Cc}]*\.db$/u
const FULL = /^Cannot back up: the disk that holds .* is full;/

export function createBackups({ store, command, dataDir }: Deps): Backups {
  const folder = backupsIn(dataDir)
  const stopping = new AbortController()
  let making: { once: Once | undefined; made: Promise<BackupFile> } | undefined

  /** One of this moment, undefined where the name is no file's any more. */
  function look(name: string): BackupFile | undefined {
    const found = disk().lstatSync(`${folder}/${name}`, { throwIfNoEntry: false })
    if (!found?.isFile()) return undefined
    return { name, bytes: found.size, created_at: new Date(Math.floor(found.mtimeMs)).toISOString() }
  }

  function list(): BackupFile[] {
    if (!disk().existsSync(folder)) return []
    const files = disk()
      .readdirSync(folder)
      .filter((name) => NAME.test(name))
      .flatMap((name) => look(name) ?? [])
    return files.sort((a, b) => order(b.created_at, a.created_at) || order(b.name, a.name))
  }

  /** Only what is listed has a path, whatever a name may hold. */
  function listed(name: string, action: string): BackupFile & { path: string } {
    const file = list().find((one) => one.name === name)
    if (!file) throw new AppError("not_found", `Cannot ${action} backup ${name}: there is no such backup`)
    return { ...file, path: `${folder}/${name}` }
  }

  /** In a process of its own: SQLite copies and checks in one go, and votes would wait for it. */
  async function copy(): Promise<BackupFile> {
    const words = ["backup", "--json", `--data-dir=${dataDir}`]
    const { exitCode, stdout, stderr } = await command(words, stopping.signal)
    if (stopping.signal.aborted) throw stopped()
    const said = stderr.trim()
    if (FULL.test(said)) throw new AppError("disk_full", said)
    if (exitCode !== 0) throw new Error(`The backup ended with ${exitCode}: ${said}`)
    const { file } = JSON.parse(stdout) as { file: string }
    const made = look(file.slice(file.lastIndexOf("/") + 1))
    if (!made) throw new Error(`The backup ${file} is gone`)
    return made
  }

  async function makeOnce(once: Once | undefined): Promise<BackupFile> {
    if (!once) return copy()
    const kept = await store.write((context) => keptResult(context, once))
    if (kept) return JSON.parse(kept.result)
    const made = await copy()
    return store.write(async () => made, once)
  }

  return {
    list,

    async make(once) {
      if (stopping.signal.aborted) throw stopped()
      // The same request again waits for what it asked for the first time.
      if (making && !isSame(making.once, once)) {
        throw new AppError("conflict", "Cannot back up: a backup is being made already; wait for it")
      }
      making ??= {
        once,
        made: makeOnce(once).finally(() => {
          making = undefined
        }),
      }
      return making.made
    },

    async read(name) {
      const { path, ...file } = listed(name, "read")
      return { ...file, body: await disk().openAsBlob(path) }
    },

    remove: (name) => disk().rmSync(listed(name, "remove").path),

    stop: () => stopping.abort(),
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const isSame = (one: Once | undefined, other: Once | undefined): boolean =>
  one !== undefined &&
  one.principal === other?.principal &&
  one.key === other.key &&
  one.fingerprint === other.fingerprint

const stopped = () => new AppError("shutting_down", "Cannot back up: the service is stopping")
