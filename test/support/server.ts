/** Starts a gamenight of its own for a test, on a free port and in a folder of its own. */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SOCKET_PATH } from "../../src/protocol.ts"

export const ADMIN_KEY = "test-admin-key-0123456789"

/** What a stop may take from the signal to the end of the process, in milliseconds. */
export const STOPPED_WITHIN_MS = 5_000

export type TestServer = {
  url: string
  socketUrl: string
  dataDir: string
  pid: number
  stderr(): string
  /** Resolves once this text stands in the log. */
  logged(text: string): Promise<void>
  /** Ends the process, SIGTERM unless told, and gives its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>
  /** Its exit code, once it ended for whatever reason. */
  exited: Promise<number>
}

export type StartOptions = { env?: Record<string, string>; dataDir?: string; flags?: string[] }

const folders: string[] = []
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gamenight-test-"))
  folders.push(folder)
  return folder
}

/** The environment of a test process: no setting of the person who runs the tests leaks in. */
export function cleanEnv(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GAMENIGHT_|PORT$|ADMIN_KEY$|JWT_SECRET$)/.test(name),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra }
}

/** Rejects with what the process wrote when it ends before it listens. */
export async function startServer(
  command: readonly string[],
  options: StartOptions = {},
): Promise<TestServer> {
  const { env = {}, dataDir = join(newFolder(), "data"), flags = [] } = options
  const child = Bun.spawn(
    [...command, "--port", "0", "--host", "127.0.0.1", "--data-dir", dataDir, ...flags],
    { stdout: "pipe", stderr: "pipe", env: cleanEnv({ GAMENIGHT_ADMIN_KEY: ADMIN_KEY, ...env }) },
  )
  let stderr = ""
  let listeners: (() => void)[] = []
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stderr) {
      stderr += decoder.decode(chunk, { stream: true })
      for (const listener of listeners) listener()
    }
  })()

  let stdout = ""
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    stdout += decoder.decode(chunk, { stream: true })
    if (stdout.includes("\n")) break
  }
  const url = /^Listening on (http:\/\/\S+)\n/.exec(stdout)?.[1]
  if (!url) {
    await reading
    throw new Error(`gamenight ended with ${await child.exited} before it listened: ${stdout}${stderr}`)
  }
  return {
    url,
    socketUrl: `${url.replace("http", "ws")}${SOCKET_PATH}`,
    dataDir,
    pid: child.pid,
    exited: child.exited,
    stderr: () => stderr,
    logged: (text) =>
      within(`"${text}" in the log, which is:\n${stderr}`, (done) => {
        const look = () => {
          if (!stderr.includes(text)) return
          listeners = listeners.filter((one) => one !== look)
          done(undefined)
        }
        listeners.push(look)
        look()
      }),
    async stop(signal = "SIGTERM") {
      child.kill(signal)
      const code = await child.exited
      await reading
      return code
    },
  }
}

/** What the write-ahead log of a service holds. */
export const walBytes = ({ dataDir }: Pick<TestServer, "dataDir">): number =>
  statSync(join(dataDir, "gamenight.db-wal"), { throwIfNoEntry: false })?.size ?? 0

/** Gives `wait` ten seconds (or `ms`) to call `done`. */
export function within<T>(what: string, wait: (done: (value: T) => void) => void, ms = 10_000): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new Error(`Waited ${ms} ms in vain for ${what}`)), ms)
  wait(resolve)
  return promise.finally(() => clearTimeout(timer))
}
