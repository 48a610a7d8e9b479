/**
 * Whole lines to standard output and standard error, written at once. `process.stdout` would load the streams, which
 * costs more than the rest of a start; and what it still holds is lost when the process exits.
 */
import { disk } from "../disk.ts"
import { StartError } from "../errors.ts"

const STDOUT = 1
const STDERR = 2
const RETRY_MS = 1

/** Throws `StartError` when the line cannot be written, unless the reader just went away, as `head` does. */
export function printLine(line: string): void {
  try {
    writeAll(STDOUT, `${line}\n`)
  } catch (error) {
    if (codeOf(error) === "EPIPE") return
    throw new StartError(`Cannot print: ${error instanceof Error ? error.message : error}`, 1)
  }
}

/** A log nobody can read is no reason to stop. */
export function logLine(line: string): void {
  try {
    writeAll(STDERR, `${line}\n`)
  } catch {}
}

/** A pipe may be full and set not to block; then this waits until it has room. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  let at = 0
  while (at < bytes.length) {
    try {
      at += disk().writeSync(file, bytes, at)
    } catch (error) {
      if (codeOf(error) !== "EAGAIN") throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined
