/** A database that is gone is missed, not begun anew. */
import { expect, test } from "bun:test"
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

test("a folder that was in use and lost its database is not begun anew", async () => {
  const dataDir = newFolder()
  await openFolder(dataDir).close()
  mkdirSync(join(dataDir, "backups"))
  copyFileSync(join(dataDir, "gamenight.db"), join(dataDir, "backups", "gamenight-1.db"))
  const refusal = `gamenight restore ${dataDir}/backups/gamenight-1.db --data-dir ${dataDir}`
  writeFileSync(join(dataDir, "gamenight.db"), "")
  expect(() => openFolder(dataDir)).toThrow(refusal)
  rmSync(join(dataDir, "gamenight.db"))
  expect(() => openFolder(dataDir)).toThrow(refusal)
  expect(existsSync(join(dataDir, "gamenight.db"))).toBeFalse()
  rmSync(join(dataDir, "backups"), { recursive: true })
  writeFileSync(join(dataDir, "secret"), "of an earlier night")
  writeFileSync(join(dataDir, "gamenight.db"), "")
  expect(() => openFolder(dataDir)).toThrow("it is empty or gone")
  rmSync(join(dataDir, "gamenight.db"))
  await openFolder(dataDir).close()
})
