/** How many sockets the system lets this process hold. */
import { readFileSync } from "node:fs"

/** Files kept free for the database, the log and requests: at the limit itself nothing is answered any more. */
const KEPT_FREE = 64

/** `wanted`, or less where the file limit is lower, which is said once. */
export function socketsWithinFileLimit(wanted: number, log: (line: string) => void): number {
  const limit = fileLimit()
  if (limit === undefined || wanted <= limit - KEPT_FREE) return wanted
  const possible = Math.max(1, limit - KEPT_FREE)
  log(`[Start] ${possible} sockets instead of ${wanted}: the system allows ${limit} open files`)
  return possible
}

/** Linux tells in /proc; elsewhere it is not known. */
function fileLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]
    return soft === undefined ? undefined : Number(soft)
  } catch {
    return undefined
  }
}
