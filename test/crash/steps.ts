/** The steps of a command: the system calls with which it makes something durable or changes a name. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { COMPILED } from "../support/programs.ts"
import { cleanEnv, newFolder } from "../support/server.ts"
import { withFaults } from "./strace.ts"

/** The `nth` call of this name. */
export type Step = { call: string; nth: number }

const CALLS = "fsync fdatasync rename renameat renameat2 link linkat unlink unlinkat ftruncate mkdir".split(
  " ",
)

/** Runs `gamenight` with these words to its end and gives every step it took, in their order. */
export async function stepsOf(words: readonly string[]): Promise<Step[]> {
  const trace = join(newFolder(), "trace")
  const strace = ["/usr/bin/strace", "-D", "-f", "-qq", "-o", trace, "-e", `trace=${CALLS.join()}`]
  const { exitCode, complaint } = await end([...strace, ...COMPILED, ...words])
  if (exitCode !== 0)
    throw new Error(`Cannot trace ${words.join(" ")}: it ended with ${exitCode}: ${complaint}`)
  const counts = new Map<string, number>()
  return [...readFileSync(trace, "utf8").matchAll(/^\d+ +(\w+)\(/gm)].map(([, call = ""]) => {
    const nth = (counts.get(call) ?? 0) + 1
    counts.set(call, nth)
    return { call, nth }
  })
}

/** Runs the same, killed before this step. */
export async function killBefore({ call, nth }: Step, words: readonly string[]): Promise<void> {
  const { signal, complaint } = await end([
    ...withFaults({ inject: [`${call}:signal=KILL:when=${nth}`] }),
    ...words,
  ])
  if (signal !== "SIGKILL")
    throw new Error(`Cannot kill ${words.join(" ")} before ${call} ${nth}: ${complaint}`)
}

async function end(command: readonly string[]) {
  const child = Bun.spawn([...command], { stdout: "ignore", stderr: "pipe", env: cleanEnv() })
  const complaint = await child.stderr.text()
  const exitCode = await child.exited
  return { exitCode, signal: child.signalCode, complaint }
}
