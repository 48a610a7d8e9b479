/** How many sockets the system lets this process hold. */

/** Files kept free for the database, the log and requests: at the limit itself nothing is answered any more. */
const KEPT_FREE = 64

/** Linux tells the limits of a process here; elsewhere there is no such file, and the limit is not known. */
export const LIMITS_FILE = "/proc/self/limits"

/** `wanted`, or less where the file limit is lower, which is said once. `limits` is the text of `LIMITS_FILE`. */
export function socketsWithinFileLimit(
  wanted: number,
  limits: string | undefined,
  log: (line: string) => void,
): number {
  const soft = /^Max open files\s+(\d+)/m.exec(limits ?? "")?.[1]
  if (soft === undefined || wanted <= Number(soft) - KEPT_FREE) return wanted
  const possible = Math.max(1, Number(soft) - KEPT_FREE)
  log(`[Start] ${possible} sockets instead of ${wanted}: the system allows ${soft} open files`)
  return possible
}
