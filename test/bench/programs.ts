/** The programs that are measured side by side, and how one is started and stopped. */
import { mkdtempSync, readFileSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { COMPILED } from "../support/programs.ts"
import { ADMIN_KEY, cleanEnv } from "../support/server.ts"

export type Program = { name: string; file: string; command: readonly string[]; env: Record<string, string> }

export type Started = {
  url: string
  pid: number
  /** Milliseconds from the spawn to the first answer 200 of `/health`. */
  ready: number
  stop(): Promise<void>
}

/** Compiles the bare server as `build.ts` compiles gamenight, and names both. */
export async function programs(): Promise<{ bare: Program; gamenight: Program }> {
  const folder = mkdtempSync(join(tmpdir(), "gamenight-bench-"))
  const file = join(folder, "bare")
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, "bare.ts")],
    target: "bun",
    format: "esm",
    minify: true,
    bytecode: true,
    compile: { outfile: file, autoloadDotenv: false, autoloadBunfig: false },
  })
  if (!built.success) throw new Error(`Cannot build the bare server: ${built.logs.join("\n")}`)
  const [own = ""] = COMPILED
  const flags = ["--port", "0", "--host", "127.0.0.1", "--data-dir", join(folder, "data")]
  return {
    bare: { name: "bare Bun.serve", file, command: [file], env: {} },
    gamenight: {
      name: "gamenight",
      file: own,
      command: [...COMPILED, ...flags],
      env: { GAMENIGHT_ADMIN_KEY: ADMIN_KEY, GAMENIGHT_RATE_LIMITS: "off" },
    },
  }
}

export async function start({ command, env }: Program): Promise<Started> {
  const begun = performance.now()
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "ignore", env: cleanEnv(env) })
  let text = ""
  for await (const chunk of child.stdout) {
    text += new TextDecoder().decode(chunk)
    if (text.includes("\n")) break
  }
  const url = /Listening on (http:\/\/[^\s/]+)/.exec(text)?.[1]
  if (!url) throw new Error(`Cannot start ${command[0]}: it printed ${text}`)
  const { status } = await fetch(`${url}/health`)
  const ready = performance.now() - begun
  if (status !== 200) throw new Error(`Cannot measure ${command[0]}: /health answered ${status}`)
  return {
    url,
    pid: child.pid,
    ready,
    async stop() {
      child.kill()
      await child.exited
    },
  }
}

export const megabytes = (bytes: number): number => bytes / 1e6
export const sizeOf = ({ file }: Program): number => megabytes(statSync(file).size)

/** Resident memory in MB, as Linux counts it. */
export function residentMemory(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
  return megabytes(Number(kilobytes) * 1024)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
