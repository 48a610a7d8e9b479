/** How measurements become figures of a report. */
import { readdirSync, readFileSync } from "node:fs"
import type { Figure } from "../support/scenario.ts"

const written = (value: number, unit: string): string =>
  `${Number.isInteger(value) ? value : value.toFixed(value < 10 ? 2 : 1)}${unit && ` ${unit}`}`

/** A figure that must stay below its goal. */
export const below = (name: string, value: number, goal: number, unit = ""): Figure => ({
  name,
  value: written(value, unit),
  goal: `under ${written(goal, unit)}`,
  met: value < goal,
})

/** A figure that must be this one. */
export const exactly = (name: string, value: number, goal: number, unit = ""): Figure => ({
  name,
  value: written(value, unit),
  goal: written(goal, unit),
  met: value === goal,
})

/** A figure that must reach its goal. */
export const atLeast = (name: string, value: number, goal: number, unit = ""): Figure => ({
  name,
  value: written(value, unit),
  goal: `${written(goal, unit)} or more`,
  met: value >= goal,
})

/** Failures, the first of which are told: there must be none. */
export const none = (name: string, failures: readonly string[]): Figure => ({
  name,
  value: failures.length === 0 ? "0" : `${failures.length}: ${failures.slice(0, 3).join("; ")}`,
  goal: "0",
  met: failures.length === 0,
})

/** The value that this share of all stays below, such as 0.99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return Number(kilobytes) / 1024
}

/** Files and sockets that a process holds open. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

/** Why a scenario that looks into /proc, or opens this many sockets, cannot run here. */
export function missingLinux(files = 0): string | undefined {
  if (process.platform !== "linux") return "needs Linux and its /proc"
  const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? []
  return Number(soft) >= files ? undefined : `needs ${files} open files (ulimit -n), not ${soft}`
}

/** Looks again and again until `test` holds; false once `ms` have passed. */
export async function until(
  test: () => boolean | Promise<boolean>,
  ms: number,
  everyMs = 50,
): Promise<boolean> {
  const end = performance.now() + ms
  while (!(await test())) {
    if (performance.now() > end) return false
    await Bun.sleep(everyMs)
  }
  return true
}
