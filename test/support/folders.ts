/** Data folders in the states that backups and restores meet them in. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Store } from "../../src/store/open.ts"
import { openDatabase, openFolder } from "./night.ts"
import { newFolder } from "./server.ts"

export const EVENT = "INSERT INTO events (session_id, type, frame, created_at) VALUES (1, 'x', '{}', 'now')"

/** A token as SQL stores it; `revoked` is a time or null. */
export const tokenRow = (id: string, revoked: string | null): string =>
  `INSERT INTO tokens VALUES ('${id}', 'bot', 'bot', 'then', 'later', ${revoked === null ? "NULL" : `'${revoked}'`}, NULL)`

/** Runs statements on the database at `path` through a connection of their own. */
export function change(path: string, ...statements: string[]): void {
  const raw = openDatabase(path, { readonly: false })
  for (const statement of statements) raw.exec(statement)
  raw.close()
}

/** The rows of a query on the database at `path`; the file is left as it is. */
export function rowsIn(path: string, query: string): unknown[] {
  const raw = openDatabase(path, { readonly: true })
  try {
    return raw.prepare(query).all([]) as unknown[]
  } finally {
    raw.close()
  }
}

/** A folder that was used and left in order. */
export async function usedFolder(...statements: string[]): Promise<string> {
  const dataDir = join(newFolder(), "data")
  await openFolder(dataDir).close()
  change(join(dataDir, "gamenight.db"), ...statements)
  return dataDir
}

/** What a crash leaves: what the statements changed stands in the write-ahead log alone. */
export async function crashedFolder(from: string, ...statements: string[]): Promise<string> {
  const dataDir = join(newFolder(), "data")
  mkdirSync(dataDir)
  const store: Store = openFolder(from)
  change(join(from, "gamenight.db"), ...statements)
  for (const name of ["gamenight.db", "gamenight.db-wal"]) {
    copyFileSync(join(from, name), join(dataDir, name))
  }
  await store.close()
  return dataDir
}

/** Fills pages of a database with noise. */
export function spoil(path: string, page = 3, pages = 4): void {
  writeFileSync(path, readFileSync(path).fill(0xa5, 4_096 * page, 4_096 * (page + pages)))
}

/** The files of a database with their bytes, and of no other. */
export const bytesOf = (path: string): Record<string, Buffer> =>
  Object.fromEntries(
    ["", "-wal"].filter((end) => existsSync(path + end)).map((end) => [end, readFileSync(path + end)]),
  )

/** Names in a folder, hidden ones too. */
export const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
