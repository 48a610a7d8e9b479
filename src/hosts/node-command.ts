/** A command of this program in a process of its own, on Node. */
import type { Host } from "./host.ts"

export const runOnNode: Host["command"] = (words, signal) => {
  const { execFile } = process.getBuiltinModule("node:child_process")
  const [, program = ""] = process.argv
  const all = [...process.execArgv, program, ...words]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { signal, windowsHide: true }, (error, stdout, stderr) => {
      const exitCode = error ? Number(error.code) : 0
      // Another code than a number is that of a process that never began, or was ended by the signal.
      if (Number.isNaN(exitCode) && !signal.aborted) reject(error)
      else resolve({ exitCode, stdout, stderr })
    })
  })
}
