/** Backups while votes flow: each is whole, a prefix of the log, in step with its own tallies, and can be restored. */
import { Database } from "bun:sqlite"
import { rmSync } from "node:fs"
import { join } from "node:path"
import type { Backup } from "../../src/store/backup.ts"
import { databaseIn } from "../../src/store/folder.ts"
import { startCommand } from "../cli/program.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder, startServer } from "../support/server.ts"
import { crashFigures } from "./figures.ts"
import { createFold } from "./fold.ts"
import { type CrashNight, createCrashNight } from "./night.ts"
import { createRandom, newSeed, type Random } from "./random.ts"
import { integrityOf, integrityOfFile, readDatabase } from "./state.ts"

/** After so many a new night begins, so that the last ones are checked as fast as the first. */
const BACKUPS_PER_NIGHT = 10

/** How many backups the Node bundle makes. */
const BY_NODE = 0.2

export const scenario: Scenario = {
  name: "backup",
  promise: "A backup restores: made under load, each opens, is whole and a prefix of the log",
  short: 5,
  long: 200,
  async run({ count, log }): Promise<Figure[]> {
    const seed = newSeed()
    const random = createRandom(seed)
    const nights: CrashNight[] = []
    const fewest: number[] = []
    for (let made = 0; made < count; made += BACKUPS_PER_NIGHT) {
      const dataDir = join(newFolder(), "data")
      const night = createCrashNight({ dataDir, random })
      nights.push(night)
      fewest.push(await backUpOften(night, dataDir, random, Math.min(BACKUPS_PER_NIGHT, count - made)))
      await night.finish()
      log(`${made + BACKUPS_PER_NIGHT} backups: ${night.counts().answered} answered`)
    }
    const least = Math.min(...fewest)
    return [
      ...crashFigures(`${count} backups under load, each restored`, nights, seed, log),
      {
        name: "writes answered while one was made",
        value: `${least} at least`,
        goal: "some each time",
        met: least > 0,
      },
    ]
  },
}

/** Gives the fewest writes that were answered while one of the backups was made. */
async function backUpOften(
  night: CrashNight,
  dataDir: string,
  random: Random,
  count: number,
): Promise<number> {
  const server = await night.start()
  const load = await night.load(server)
  let fewest = Number.POSITIVE_INFINITY
  for (let i = 1; i <= count; i++) {
    await Bun.sleep(random.below(300))
    const [answered, before] = [load.answered(), lastSeq(dataDir)]
    const program = random.chance(BY_NODE) ? NODE_BUNDLE : COMPILED
    const backup = await json<Backup>(program, "backup", "--json", "--data-dir", dataDir)
    const after = lastSeq(dataDir)
    fewest = Math.min(fewest, load.answered() - answered)
    const found = [...faultsOf(backup, dataDir), ...(await faultsOfRestored(backup, i === count))]
    if (backup.seq < before || backup.seq > after) {
      found.push(`It ends at ${backup.seq}, and was made while the log went from ${before} to ${after}`)
    }
    night.violations.push(...found.map((line) => `Backup ${i}: ${line}`))
    rmSync(backup.file)
  }
  await load.stop()
  await server.stop()
  return fewest
}

async function json<T>(program: readonly string[], ...words: string[]): Promise<T> {
  const { exitCode, stdout, stderr } = await startCommand([...program, ...words]).ended
  if (exitCode !== 0) throw new Error(`Cannot ${words.join(" ")}: it ended with ${exitCode}: ${stderr}`)
  return JSON.parse(stdout)
}

function query<T>(path: string, sql: string, other?: string): T | undefined {
  const database = new Database(path, { readonly: true })
  try {
    database.exec("PRAGMA busy_timeout=5000")
    if (other !== undefined) database.query("ATTACH ? AS other").run(other)
    return Object.values(database.query<Record<string, T>, []>(sql).get() ?? {})[0]
  } finally {
    database.close()
  }
}

const lastSeq = (dataDir: string): number =>
  query<number>(databaseIn(dataDir), "SELECT max(seq) FROM events") ?? 0

/** Events of the one database that the other has not got or has otherwise, up to the last of the first. */
const differing = (path: string, other: string): number =>
  query<number>(
    path,
    `SELECT count(*) FROM (
       SELECT * FROM main.events EXCEPT SELECT * FROM other.events
       UNION ALL
       SELECT * FROM (SELECT * FROM other.events WHERE seq <= (SELECT max(seq) FROM main.events)
                      EXCEPT SELECT * FROM main.events))`,
    other,
  ) ?? 0

/** What is wrong with a backup by itself, and beside the log it was made of. */
function faultsOf({ file, epoch, seq }: Backup, dataDir: string): string[] {
  const found = integrityOfFile(file)
  const { events, ...tables } = readDatabase(file, { seq: 0, voteId: 0 })
  if (tables.epoch !== epoch || tables.lastGiven !== seq || events.length !== seq) {
    found.push(`It says seq ${seq}, and has ${events.length} events, the last given ${tables.lastGiven}`)
  }
  const strange = differing(file, databaseIn(dataDir))
  if (strange > 0) found.push(`${strange} events differ from the log`)
  const fold = createFold()
  for (const { frame, seq: at } of events) fold.apply(JSON.parse(frame), at, (line) => found.push(line))
  const activeId = tables.sessions.find(({ is_active }) => is_active === 1)?.id ?? null
  fold.compare({ ...tables, results: [], activeId }, (line) => found.push(line))
  return found
}

/** What is wrong with the folder it is restored into; some are started, too. */
async function faultsOfRestored({ file, epoch, seq }: Backup, start: boolean): Promise<string[]> {
  const dataDir = join(newFolder(), "data")
  const restored = await json<{ epoch: string }>(COMPILED, "restore", file, "--json", "--data-dir", dataDir)
  const found = integrityOf(dataDir)
  if (restored.epoch === epoch) found.push("The restored database goes on with the old epoch")
  const strange = differing(file, databaseIn(dataDir)) + (lastSeq(dataDir) - seq)
  if (strange !== 0) found.push(`${strange} events of the restored database differ`)
  if (start) {
    const code = await (await startServer(COMPILED, { dataDir })).stop()
    if (code !== 0) found.push(`The restored service stopped with ${code}`)
  }
  rmSync(dataDir, { recursive: true })
  return found
}
