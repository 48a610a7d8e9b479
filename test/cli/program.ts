/** Runs the compiled file as somebody at a terminal would, and reads what it prints. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { cleanEnv, within } from "../support/server.ts"

export type Ended = { exitCode: number; stdout: string; stderr: string }

export type Running = {
  /** Resolves with all of standard output so far once `text` stands in it. */
  printed(text: string): Promise<string>
  kill(signal: NodeJS.Signals): void
  ended: Promise<Ended>
}

export type RunOptions = { env?: Record<string, string>; cwd?: string }

const ROOT = join(import.meta.dir, "../..")
const PROGRAM = join(ROOT, "dist/gamenight")

/** The compiled file, built first when there is none. */
export function compiled(): string {
  if (existsSync(PROGRAM)) return PROGRAM
  const { success, stderr } = Bun.spawnSync([process.execPath, "build.ts"], { cwd: ROOT })
  if (!success) throw new Error(`Cannot build ${PROGRAM}: ${stderr}`)
  return PROGRAM
}

export function start(args: readonly string[], options: RunOptions = {}): Running {
  return startCommand([compiled(), ...args], options)
}

export function startCommand(command: readonly string[], { env = {}, cwd }: RunOptions = {}): Running {
  const child = Bun.spawn([...command], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: cleanEnv(env),
    ...(cwd !== undefined && { cwd }),
  })
  let stdout = ""
  let changed = () => {}
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stdout) {
      stdout += decoder.decode(chunk, { stream: true })
      changed()
    }
  })()
  const complaint = new Response(child.stderr).text()
  const ended = (async () => {
    const exitCode = await child.exited
    await reading
    return { exitCode, stdout, stderr: await complaint }
  })()
  return {
    printed: (text) =>
      within(`"${text}" on standard output`, (done) => {
        changed = () => {
          if (stdout.includes(text)) done(stdout)
        }
        changed()
      }),
    kill: (signal) => child.kill(signal),
    ended,
  }
}

/** Runs to the end. */
export const run = (args: readonly string[], options?: RunOptions): Promise<Ended> =>
  start(args, options).ended

/** Runs something that must succeed, and gives what it printed, without the line end. */
export async function outputOf(args: readonly string[], options?: RunOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await run(args, options)
  if (exitCode !== 0) throw new Error(`gamenight ${args.join(" ")} ended with ${exitCode}: ${stderr}`)
  return stdout.replace(/\n$/, "")
}
