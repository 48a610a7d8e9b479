/** The three builds of gamenight under test, as commands. */
import { existsSync } from "node:fs"
import { join } from "node:path"

const ROOT = join(import.meta.dir, "..", "..")

export const SOURCE = [process.execPath, join(ROOT, "src", "main.bun.ts")]
export const COMPILED = [join(ROOT, "dist", "gamenight")]

/** A Node that better-sqlite3 works on; it comes with the development dependencies on Linux. */
const packaged = join(ROOT, "node_modules", `node-linux-${process.arch}`, "bin", "node")
export const NODE = existsSync(packaged) ? packaged : "node"
export const NODE_BUNDLE = [NODE, join(ROOT, "dist", "node", "gamenight.mjs")]
