/** The programs that are measured side by side, and how one is started and stopped. */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { COMPILED, NODE } from "../support/programs.ts"
import { ADMIN_KEY, cleanEnv } from "../support/server.ts"

export type Program = {
  name: string
  command(dataDir: string): readonly string[]
  /** Its database in the data folder, with a table `votes` that has a `username`. */
  database: string
  /** How its live socket frames what it says. */
  dialect: "plain" | "socket.io"
  file?: string
}

export type Started = {
  url: string
  pid: number
  dataDir: string
  /** Milliseconds from the spawn to the first answer 200 of `/health`. */
  ready: number
  stop(signal?: NodeJS.Signals): Promise<void>
}

const PEERS = join(import.meta.dir, "peers")
const TMPFS = 0x01021994

/** On a real disk, since a sync of memory costs nothing. */
const base = statfsSync(tmpdir()).type === TMPFS ? join(import.meta.dir, "..", "..", "dist") : tmpdir()
mkdirSync(base, { recursive: true })
const root = mkdtempSync(join(base, "gamenight-bench-"))
const running = new Set<Bun.Subprocess>()
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL")
  rmSync(root, { recursive: true, force: true })
})
process.on("SIGINT", () => process.exit(130))

let folders = 0
export function newFolder(): string {
  const folder = join(root, String(++folders))
  mkdirSync(folder)
  return folder
}

export type Programs = Awaited<ReturnType<typeof buildPrograms>>

/** Compiles the bare peers as `build.ts` compiles gamenight, and names all. */
export async function buildPrograms() {
  const bareFile = await compile("bare")
  const emptyFile = await compile("empty")
  const [own = ""] = COMPILED
  const flags = ["--port", "0", "--host", "127.0.0.1", "--rate-limits", "off", "--max-sockets", "20000"]
  const peer = { database: "votes.db", dialect: "plain" } as const
  return {
    gamenight: {
      name: "gamenight",
      file: own,
      command: (dataDir) => [...COMPILED, ...flags, "--data-dir", dataDir],
      database: "gamenight.db",
      dialect: "plain",
    },
    bare: { ...peer, name: "bare Bun", command: (dataDir) => [bareFile, dataDir] },
    group: { ...peer, name: "Bun, group commit", command: (dataDir) => [bareFile, dataDir, "--group"] },
    classic: {
      ...peer,
      name: "Express and ws",
      command: (dataDir) => [NODE, join(PEERS, "classic.mjs"), dataDir],
    },
    socketIo: {
      ...peer,
      name: "Socket.IO",
      dialect: "socket.io",
      command: (dataDir) => [NODE, join(PEERS, "socket-io.mjs"), dataDir],
    },
    empty: { ...peer, name: "empty Bun.serve", file: emptyFile, command: () => [emptyFile] },
  } satisfies Record<string, Program>
}

async function compile(name: string): Promise<string> {
  const outfile = join(root, name)
  const built = await Bun.build({
    entrypoints: [join(PEERS, `${name}.ts`)],
    target: "bun",
    format: "esm",
    minify: true,
    bytecode: true,
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
  })
  if (!built.success) throw new Error(`Cannot build ${name}: ${built.logs.join("\n")}`)
  return outfile
}

export async function start(program: Program, dataDir = newFolder()): Promise<Started> {
  const begun = performance.now()
  const env = cleanEnv({ ADMIN_KEY, NODE_ENV: "production" })
  const child = Bun.spawn([...program.command(dataDir)], { stdout: "pipe", stderr: "ignore", env })
  running.add(child)
  void child.exited.then(() => running.delete(child))
  let text = ""
  for await (const chunk of child.stdout) {
    text += new TextDecoder().decode(chunk)
    if (text.includes("\n")) break
  }
  const url = /Listening on (http:\/\/[^\s/]+)/.exec(text)?.[1]
  if (!url) throw new Error(`Cannot start ${program.name}: it printed ${text}`)
  const { status } = await fetch(`${url}/health`)
  const ready = performance.now() - begun
  if (status !== 200) throw new Error(`Cannot measure ${program.name}: /health answered ${status}`)
  return {
    url,
    pid: child.pid,
    dataDir,
    ready,
    async stop(signal = "SIGTERM") {
      child.kill(signal)
      await child.exited
    },
  }
}
