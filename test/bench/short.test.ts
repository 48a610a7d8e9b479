/** The bench in short: every figure comes, nothing is lost. How fast it is here says nothing. */
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { missingFiles } from "../support/packages.ts"
import { cleanEnv, newFolder } from "../support/server.ts"

const RUN = [process.execPath, join(import.meta.dir, "run.ts")]
const PARTS = "votes,syncs,deliveries,resume,starts,storm,soak"
const STUCK_AFTER_MS = 180_000

const FIGURES = [
  ...["1 connection", "16 connections", "64 connections"].flatMap((count) => [
    `durable votes, ${count}, a second`,
    `a vote, ${count}, p50, ms`,
    `a vote, ${count}, p99, ms`,
    `CPU of a vote, ${count}, µs`,
  ]),
  "votes for each sync of the disk, 64 connections",
  "CPU of a delivery, single, 100 followers, µs",
  "CPU of a delivery, bursts, 100 followers, µs",
  "deliveries in bursts, 100 followers, a second",
  "request to last of 100 followers, p50, ms",
  "request to last of 100 followers, p99, ms",
  "CPU of a delivery, single, 1,000 followers, µs",
  "CPU of a delivery, bursts, 1,000 followers, µs",
  "memory of a connection, 1,000 followers, kB",
  "CPU of a resume of 100 events, 1,000 stored, µs",
  "CPU of a resume of 100 events, 50,000 stored, µs",
  "a resume of 100 events, p50, 1,000 stored, ms",
  "a resume of 100 events, p50, 50,000 stored, ms",
  "size of the file, MB",
  "start to first 200, ms",
  "idle memory, MB",
  "storm of 200 followers that missed 20 events, until all are live, ms",
  "storm of 200 followers that missed 20 events, CPU of each, µs",
  "200 bots, 20 votes a second, 12 seconds: memory, MB",
  "200 bots, 20 votes a second, 12 seconds: a vote, p50, ms",
]

async function bench(...flags: string[]) {
  const child = Bun.spawn([...RUN, ...flags], { stdout: "pipe", stderr: "pipe", env: cleanEnv() })
  const [out, errors] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, errors }
}

const missing = missingFiles(["/usr/bin/strace"], "strace")
describe.skipIf(missing !== undefined)(missing ? `the bench (${missing})` : "the bench", () => {
  test(
    "gives every figure, and loses no message and no answered vote",
    async () => {
      const folder = newFolder()
      const { code, out, errors } = await bench(
        "--short",
        "--only",
        PARTS,
        "--minutes",
        "0.2",
        "--out",
        folder,
      )
      expect({ code, errors, told: code === 0 ? "" : out }).toEqual({ code: 0, errors: "", told: "" })
      const [head = "", , ...rows] = readFileSync(join(folder, "bench.md"), "utf8").trim().split("\n")
      const cells = rows.map((row) => row.slice(2, -2).split(" | "))
      expect(cells.map(([name]) => String(name))).toEqual(FIGURES)
      const own = head.slice(2, -2).split(" | ").indexOf("gamenight")
      expect(cells.filter((row) => !(Number(row[own]?.replaceAll(",", "")) > 0))).toEqual([])
      expect(readFileSync(join(folder, "bench.svg"), "utf8")).toStartWith("<svg ")
    },
    STUCK_AFTER_MS,
  )
})

test("a part that does not exist is named, and so are those that do", async () => {
  const { code, errors } = await bench("--only", "votes,lap")
  expect(code).toBe(2)
  expect(errors).toBe(`Cannot measure lap: choose from ${PARTS.replaceAll(",", ", ")}\n`)
})
