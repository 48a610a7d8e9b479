/** Who may read the data folder: its owner, whatever the umask of the shell says. */
import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { mkdirSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { migrations } from "../../src/store/migrations.ts"
import { asAdmin } from "../support/api.ts"
import { NODE_BUNDLE } from "../support/programs.ts"
import { newFolder, startServer } from "../support/server.ts"
import { compiled } from "./program.ts"

/** Every file and folder in `dataDir` and itself, with its permission bits. */
function modesIn(dataDir: string): Record<string, string> {
  const names = ["", ...(readdirSync(dataDir, { recursive: true }) as string[])]
  return Object.fromEntries(
    names.map((name) => {
      const entry = statSync(join(dataDir, name))
      return [entry.isDirectory() ? `${name}/` : name, (entry.mode & 0o777).toString(8)]
    }),
  )
}

/** A database of the first gamenight, in a folder and with a file that others can read. */
function openToOthers(): string {
  const dataDir = join(newFolder(), "data")
  mkdirSync(dataDir, { mode: 0o700 })
  const database = new Database(join(dataDir, "gamenight.db"))
  database.run("PRAGMA journal_mode=WAL")
  database.run(`${migrations[0]?.sql} INSERT INTO meta VALUES ('epoch', 'the first'); PRAGMA user_version=1;`)
  database.close()
  Bun.spawnSync(["chmod", "644", join(dataDir, "gamenight.db")])
  return dataDir
}

const PROGRAMS: [string, readonly string[]][] = [
  ["the compiled file", [compiled()]],
  ["the Node bundle", NODE_BUNDLE],
]

describe.each(PROGRAMS)("%s under umask 000", (_name, program) => {
  const open = ["sh", "-c", 'umask 000; exec "$@"', "sh", ...program]

  test.each([
    { what: "makes a folder", folder: () => join(newFolder(), "data"), more: [] },
    { what: "upgrades a folder", folder: openToOthers, more: ["backups/"] },
  ])("$what that nobody else can read", async ({ folder, more }) => {
    const dataDir = folder()
    const server = await startServer(open, { dataDir })
    await (await asAdmin(server))("POST", "/api/sessions")
    const modes = modesIn(dataDir)
    for (const [name, mode] of Object.entries(modes)) {
      expect([name, mode]).toEqual([name, name.endsWith("/") ? "700" : "600"])
    }
    const files = ["/", "gamenight.db", "gamenight.db-shm", "gamenight.db-wal", "gamenight.lock", "secret"]
    expect(Object.keys(modes)).toEqual(expect.arrayContaining([...files, ...more]))
    expect(await server.stop()).toBe(0)
  })
})
