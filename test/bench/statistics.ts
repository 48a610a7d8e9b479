/** Numbers of a process as Linux counts them, and what many measurements say together. */
import { readFileSync } from "node:fs"

/** `getconf CLK_TCK` of every Linux that Bun runs on. */
const TICKS_PER_SECOND = 100

/** Processor time of all threads of a process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8")
  // The name in parentheses may hold spaces; user and system time are the 14th and the 15th field.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident memory in MB. */
export function residentMemory(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return (Number(kilobytes) * 1024) / 1e6
}

/** Milliseconds, and parts of them, of a clock that all processes of the machine share. */
export const milliseconds = (): number => performance.timeOrigin + performance.now()

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 ? high : (low + high) / 2
}

/** The value that this share of all stays below, such as 0.99. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** What the straight line closest to values at even distances rises by, from the first to the last. */
export function fitted(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  let both = 0
  let square = 0
  for (const [at, value] of values.entries()) {
    both += (at - middle) * (value - mean)
    square += (at - middle) ** 2
  }
  return (both / square) * (values.length - 1)
}

/** A whole number with its thousands apart. */
export const grouped = (value: number): string => Math.round(value).toLocaleString("en")
