/**
 * Whether a database is still as a clean stop left it: the lock file then bears the time of its last change. Whoever
 * writes to it or puts another in its place gives it a new one.
 */
import { disk } from "../disk.ts"
import { databaseIn, lockIn } from "./folder.ts"

/** Milliseconds at which a file was last written to. */
export type ChangedAt = (path: string) => number

/** What rounding between two file systems and two runtimes may come to. */
const ROUNDED_BY_MS = 1

export const isAsLeft = (changedAt: ChangedAt, dataDir: string): boolean =>
  Math.abs(changedAt(databaseIn(dataDir)) - changedAt(lockIn(dataDir))) <= ROUNDED_BY_MS

/** After the last connection is closed. */
export function markAsLeft(dataDir: string): void {
  const { statSync, utimesSync } = disk()
  try {
    const { mtime } = statSync(databaseIn(dataDir))
    utimesSync(lockIn(dataDir), mtime, mtime)
  } catch {
    // The next start checks it once more.
  }
}
