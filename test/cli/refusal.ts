/** What a refused start looks like, and the folders it must leave alone. */
import { expect } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { asAdmin } from "../support/api.ts"
import { startServer } from "../support/server.ts"
import { compiled, type Ended, run } from "./program.ts"

export const serve = (dataDir: string, ...flags: string[]): Promise<Ended> =>
  run(["--host", "127.0.0.1", "--port", "0", "--data-dir", dataDir, ...flags])

/** A refusal is one line on standard error, without a stack, and nothing on standard output. */
export function expectRefusal({ exitCode, stdout, stderr }: Ended, code: number, sentence: string): void {
  expect(stderr).toStartWith(sentence)
  expect(stderr.split("\n")).toEqual([expect.stringMatching(/^Cannot [^\n]+[^.]$/), ""])
  expect(stdout).toBe("")
  expect(exitCode).toBe(code)
}

/** A folder that a server used and left in order. */
export async function usedFolder(): Promise<string> {
  const server = await startServer([compiled()])
  await (await asAdmin(server))("POST", "/api/sessions")
  await server.stop()
  return server.dataDir
}

/** The files of the database with their bytes; the lock file is empty and may be made at any time. */
export const databaseIn = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.startsWith("gamenight.db"))
      .map((name) => [name, Bun.hash(readFileSync(join(folder, name)))]),
  )
