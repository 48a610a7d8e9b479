/** Backups and restores that are killed, or lose their power, at every step they take on the disk. */
import { Database } from "bun:sqlite"
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { backUp } from "../../src/store/backup.ts"
import { run } from "../cli/program.ts"
import { bytesOf, crashedFolder, EVENT, spoil, usedFolder } from "../support/folders.ts"
import { files, openDatabase } from "../support/night.ts"
import type { Figure, Scenario } from "../support/scenario.ts"
import { newFolder } from "../support/server.ts"
import { createDisk, type Disk, missingDisk } from "./disk.ts"
import { createRandom, newSeed } from "./random.ts"
import { killBefore, type Step, stepsOf } from "./steps.ts"
import { missingStrace } from "./strace.ts"

const DISK_MEGABYTES = 64
/** Events of the backup, and of the database that was there: the difference stands in its log alone. */
const [BACKED_UP, PRESENT] = [300, 900]

export const kill: Scenario = {
  name: "backup-kill",
  promise: "No half-written backup bears its name, and a restore is all or nothing: killed before each step",
  needs: missingStrace,
  short: 1,
  long: 10,
  run: ({ count }) =>
    killEachKind("kills", undefined, (steps) => Array<typeof steps>(count).fill(steps).flat()),
}

export const power: Scenario = {
  name: "backup-power",
  promise:
    "No half-written backup bears its name, and a restore is all or nothing: the power cut before a step",
  needs: () => missingStrace() ?? missingDisk(),
  short: 5,
  long: 100,
  async run({ count, log }) {
    const random = createRandom(newSeed())
    const disk = createDisk(DISK_MEGABYTES)
    const some = (steps: readonly Step[]) => Array.from({ length: count }, () => random.pick(steps))
    try {
      const figures = await killEachKind("power cuts", disk, some)
      log(`${count} cuts of each kind`)
      return figures
    } finally {
      disk.remove()
    }
  },
}

type Night = { folder: string; backup: string; epoch: string }
/** Which of its steps a command is killed before. */
type Choose = (steps: readonly Step[]) => readonly Step[]

async function killEachKind(what: string, disk: Disk | undefined, choose: Choose): Promise<Figure[]> {
  const many = (statement: string, times: number) => Array<string>(times).fill(statement)
  const origin = await usedFolder(...many(EVENT, BACKED_UP))
  const to = { folder: newFolder() }
  const { file: backup, epoch } = backUp({ openDatabase, fileSize: files.size, dataDir: origin, to })
  const healthy = await crashedFolder(origin, ...many(EVENT, PRESENT - BACKED_UP))
  const damaged = join(newFolder(), "data")
  cpSync(healthy, damaged, { recursive: true })
  spoil(join(damaged, "gamenight.db"))
  const night = { folder: healthy, backup, epoch }
  const kinds = [
    () => killAll(`${what} of a backup`, night, disk, choose, backupRule),
    () => killAll(`${what} of a restore`, night, disk, choose, restoreRule),
    () =>
      killAll(`${what} of a restore over damage`, { ...night, folder: damaged }, disk, choose, damageRule),
  ]
  if (!disk) return Promise.all(kinds.map((kind) => kind()))
  const figures: Figure[] = []
  for (const kind of kinds) figures.push(await kind())
  return figures
}

type Rule = {
  words: (night: Night, dataDir: string) => string[]
  /** What is wrong with what a kill left in the folder; and whether the command had come to its goal. */
  look: (night: Night, dataDir: string) => Promise<{ done: boolean; wrong: string[] }>
}

async function killAll(
  what: string,
  night: Night,
  disk: Disk | undefined,
  choose: Choose,
  { words, look }: Rule,
): Promise<Figure> {
  const base = join(disk?.folder ?? newFolder(), "night")
  const dataDir = join(base, "data")
  const prepare = () => {
    rmSync(base, { recursive: true, force: true })
    mkdirSync(base)
    cpSync(night.folder, dataDir, { recursive: true })
    if (disk) Bun.spawnSync(["sync", "-f", base])
  }
  const wrong: string[] = []
  const lookAfter = async (at: string) => {
    disk?.cut()
    disk?.remount()
    const found = await look(night, dataDir)
    wrong.push(...found.wrong.map((line) => `${at}: ${line}`))
    return found.done
  }
  prepare()
  const steps = choose(await stepsOf(words(night, dataDir)))
  if (!(await lookAfter("the end"))) wrong.push("it came to its end and did nothing")
  let done = 0
  for (const step of steps) {
    prepare()
    await killBefore(step, words(night, dataDir))
    if (await lookAfter(`${step.call} ${step.nth}`)) done++
  }
  return {
    name: `${steps.length} ${what}, ${done} of them late enough to be done`,
    value: wrong.length === 0 ? "whole each time" : wrong.slice(0, 20).join("\n"),
    goal: "whole each time",
    met: wrong.length === 0 && steps.length > 0,
  }
}

const backupRule: Rule = {
  words: (_night, dataDir) => ["backup", "--data-dir", dataDir],
  async look({ epoch }, dataDir) {
    const folder = join(dataDir, "backups")
    const made = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".db")) : []
    const wrong = made.flatMap((name) => faults(join(folder, name), epoch, PRESENT))
    wrong.push(...faults(join(dataDir, "gamenight.db"), epoch, PRESENT))
    const { exitCode, stdout, stderr } = await run(["backup", "--data-dir", dataDir])
    if (exitCode !== 0) wrong.push(`the next backup fails: ${stderr}`)
    else wrong.push(...faults(stdout.trim(), epoch, PRESENT))
    const left = readdirSync(folder).filter((name) => !name.endsWith(".db"))
    if (left.length > 0) wrong.push(`the next backup leaves ${left}`)
    return { done: made.length > 0, wrong }
  },
}

const restoreRule: Rule = {
  words: ({ backup }, dataDir) => ["restore", backup, "--data-dir", dataDir],
  async look(night, dataDir) {
    const { exitCode, stderr } = await run(["token", "list", "--data-dir", dataDir])
    if (exitCode !== 0) return { done: false, wrong: [`it does not start: ${stderr}`] }
    const database = join(dataDir, "gamenight.db")
    const done = epochOf(database) !== night.epoch
    const wrong = faults(database, epochOf(database), done ? BACKED_UP : PRESENT)
    const kept = keptIn(dataDir)
    if (done && !kept) wrong.push("what was there is gone")
    if (kept) wrong.push(...faults(kept, night.epoch, PRESENT))
    return { done, wrong: [...wrong, ...(await faultsOfAnother(night, dataDir))] }
  },
}

const damageRule: Rule = {
  words: restoreRule.words,
  async look(night, dataDir) {
    const database = join(dataDir, "gamenight.db")
    const before = bytesOf(join(night.folder, "gamenight.db"))
    const { exitCode, stderr } = await run(["token", "list", "--data-dir", dataDir])
    const done = exitCode === 0
    const wrong: string[] = []
    if (!done && exitCode !== 3) wrong.push(`it ends with ${exitCode}: ${stderr}`)
    if (done) wrong.push(...faults(database, epochOf(database), BACKED_UP))
    else if (!Bun.deepEquals(bytesOf(database), before)) wrong.push("the damaged database changed")
    if (done && !Bun.deepEquals(bytesOf(keptIn(dataDir) ?? ""), before)) wrong.push("what was there is gone")
    return { done, wrong: [...wrong, ...(await faultsOfAnother(night, dataDir))] }
  },
}

/** What is wrong after the restore was asked for once more. */
async function faultsOfAnother({ backup }: Night, dataDir: string): Promise<string[]> {
  const { exitCode, stderr } = await run(["restore", backup, "--data-dir", dataDir])
  if (exitCode !== 0) return [`the next restore fails: ${stderr}`]
  const database = join(dataDir, "gamenight.db")
  const left = readdirSync(dataDir).filter((name) => /\.restor|-(wal|shm|journal)$/.test(name))
  const leaves = left.length > 0 ? [`the next restore leaves ${left}`] : []
  return [...faults(database, epochOf(database), BACKED_UP), ...leaves]
}

/** The file a restore put aside. */
function keptIn(dataDir: string): string | undefined {
  const folder = join(dataDir, "backups")
  const names = existsSync(folder) ? readdirSync(folder) : []
  const name = names.find((one) => /^before-restore-.*\.db$/.test(one))
  return name && join(folder, name)
}

function read<T>(path: string, act: (database: Database) => T): T {
  const database = new Database(path, { readonly: true })
  try {
    return act(database)
  } finally {
    database.close()
  }
}

const epochOf = (path: string): string =>
  read(path, (database) => String(database.query("SELECT value FROM meta WHERE key = 'epoch'").values()[0]))

/** Why a file is not the whole database of this history with so many events. */
function faults(path: string, epoch: string, events: number): string[] {
  try {
    return read(path, (database) => {
      const [verdict] = database.query("PRAGMA integrity_check").values()
      const [count] = database.query("SELECT count(*), max(seq) FROM events").values()
      const found = `${verdict} ${epochOf(path)} ${count}`
      return found === `ok ${epoch} ${events},${events}` ? [] : [`${path} is ${found}`]
    })
  } catch (error) {
    return [`${path} cannot be read: ${error}`]
  }
}
