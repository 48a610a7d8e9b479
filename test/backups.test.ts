/** Backups that a service makes beside itself: one at a time, once for a key, and none half made. */
import { expect, onTestFinished, test } from "bun:test"
import { join } from "node:path"
import { createBackups } from "../src/backups.ts"
import type { Host } from "../src/hosts/host.ts"
import { namesIn, usedFolder } from "./support/folders.ts"
import { openFolder } from "./support/night.ts"
import { SOURCE } from "./support/programs.ts"
import { cleanEnv } from "./support/server.ts"

const once = (key: string, fingerprint = "POST /api/backups") => ({
  principal: "admin Ann",
  key,
  fingerprint,
})

/** As the host does it; under test the program is another than the process. */
const command: Host["command"] = async (words, signal) => {
  const child = Bun.spawn([...SOURCE, ...words], { env: cleanEnv(), stderr: "pipe", signal })
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { exitCode: await child.exited, stdout, stderr }
}

async function openBackups(run: Host["command"] = command) {
  const dataDir = await usedFolder()
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  return { dataDir, folder: join(dataDir, "backups"), ...createBackups({ store, command: run, dataDir }) }
}

test("a request that comes again waits for the backup of the first, another is refused meanwhile", async () => {
  const { folder, make } = await openBackups()
  const first = make(once("a"))
  const outcomes = await Promise.allSettled([
    first,
    make(once("a")),
    make(once("b")),
    make(),
    make(once("a", "other")),
  ])
  const made = await first
  expect(outcomes.slice(0, 2)).toEqual(Array(2).fill({ status: "fulfilled", value: made }))
  for (const outcome of outcomes.slice(2)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "conflict" } })
  }
  expect(await make(once("a"))).toEqual(made)
  await expect(make(once("a", "other"))).rejects.toMatchObject({ code: "idempotency_key_reused" })
  expect(namesIn(folder)).toEqual([made.name])
  expect((await make(once("b"))).name).not.toBe(made.name)
})

test("a stop ends the process that copies, and nothing is left under a name", async () => {
  let began = () => {}
  const running = new Promise<void>((resolve) => {
    began = resolve
  })
  const { list, make, stop } = await openBackups((words, signal) => {
    const ended = command(words, signal)
    began()
    return ended
  })
  const [making] = await Promise.all([Promise.allSettled([make()]), running.then(stop)])
  expect(making).toMatchObject([{ status: "rejected", reason: { code: "shutting_down" } }])
  await expect(make()).rejects.toMatchObject({ code: "shutting_down" })
  expect(list()).toEqual([])
})

test("a full disk is said as such, any other failure is a defect, and the next try is free to begin", async () => {
  const endings = [
    {
      exitCode: 1,
      stdout: "",
      stderr: "Cannot back up: the disk that holds /d is full; free some space and back up again\n",
    },
    { exitCode: 3, stdout: "", stderr: "Cannot back up: the database is damaged\n" },
  ]
  const { make } = await openBackups((words, signal) => {
    const ending = endings.shift()
    return ending ? Promise.resolve(ending) : command(words, signal)
  })
  await expect(make(once("a"))).rejects.toMatchObject({ code: "disk_full" })
  await expect(make(once("a"))).rejects.toThrow(
    "The backup ended with 3: Cannot back up: the database is damaged",
  )
  expect((await make(once("a"))).bytes).toBeGreaterThan(0)
})
