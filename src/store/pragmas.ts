/** The settings of a connection, each of them checked: SQLite says nothing of one that it does not take. */
import { StartError } from "../errors.ts"
import { one } from "./check.ts"
import { BUSY_MS } from "./checkpoint.ts"
import type { RawDatabase } from "./folder.ts"

const PRAGMAS: readonly { name: string; value: string; answer: string | number }[] = [
  { name: "synchronous", value: "FULL", answer: 2 },
  { name: "foreign_keys", value: "ON", answer: 1 },
  { name: "trusted_schema", value: "OFF", answer: 0 },
  { name: "cell_size_check", value: "ON", answer: 1 },
  { name: "journal_size_limit", value: "16777216", answer: 16_777_216 },
  { name: "temp_store", value: "MEMORY", answer: 2 },
]

/** Sets what a connection must hold to, and asks whether it does. Throws `StartError`. */
export function setPragmas(raw: RawDatabase, journal: "wal" | "memory"): void {
  raw.exec(`PRAGMA busy_timeout=${BUSY_MS}`)
  const mode = one(raw, "PRAGMA journal_mode=WAL", "journal_mode")
  if (mode !== journal)
    throw new StartError(`Cannot start: the database refused WAL mode and uses ${mode}`, 1)
  const pages = one(raw, "PRAGMA wal_autocheckpoint=0", "wal_autocheckpoint")
  if (pages !== 0) throw refused("wal_autocheckpoint", pages, 0)
  raw.exec(`PRAGMA mmap_size=0;${PRAGMAS.map(({ name, value }) => `PRAGMA ${name}=${value}`).join(";")}`)
  // One by one: a SELECT over all of them takes SQLite four times as long.
  for (const { name, answer } of PRAGMAS) {
    const got = one(raw, `PRAGMA ${name}`, name)
    if (got !== answer) throw refused(name, got, answer)
  }
}

const refused = (name: string, got: unknown, wanted: unknown) =>
  new StartError(`Cannot start: PRAGMA ${name} answered ${got} instead of ${wanted}`, 1)
