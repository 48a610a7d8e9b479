/**
 * Breaks gamenight in every way it promises to survive, as often as the promise says, and prints the figures.
 *
 *   bun run torture                          everything, which takes long
 *   bun run torture --only kill,power        these alone
 *   bun run torture --scale 0.1              a tenth of every count
 *   bun run torture --seed 42                the same chance again, as TORTURE_SEED
 */
import { parseArgs } from "node:util"
import { scenario as backup } from "./crash/backup.ts"
import { kill as backupKill, power as backupPower } from "./crash/backup-kill.ts"
import { scenario as eachFsync } from "./crash/each-fsync.ts"
import { scenario as failedFsync } from "./crash/failed-fsync.ts"
import { scenario as fullDisk } from "./crash/full-disk.ts"
import { scenario as kill } from "./crash/kill.ts"
import { scenario as order } from "./crash/order.ts"
import { scenario as power } from "./crash/power.ts"
import { scenario as scale } from "./scale/votes.ts"
import { scenario as clock } from "./siege/clock.ts"
import { scenario as clockRetention } from "./siege/clock-retention.ts"
import { scenario as fuzzBytes } from "./siege/fuzz-bytes.ts"
import { scenario as fuzzFrames } from "./siege/fuzz-frames.ts"
import { scenario as fuzzRequests } from "./siege/fuzz-requests.ts"
import { scenario as halfOpen } from "./siege/half-open.ts"
import { scenario as idleFollowers } from "./siege/idle-followers.ts"
import { scenario as login } from "./siege/login.ts"
import { scenario as loginTiming } from "./siege/login-timing.ts"
import { scenario as reconnects } from "./siege/reconnects.ts"
import { scenario as slowHttp } from "./siege/slow-http.ts"
import { scenario as slowReaders } from "./siege/slow-readers.ts"
import { scenario as stop } from "./siege/stop.ts"
import type { Figure, Scenario } from "./support/scenario.ts"

const SCENARIOS: readonly Scenario[] = [
  kill,
  power,
  failedFsync,
  fullDisk,
  eachFsync,
  order,
  backup,
  backupKill,
  backupPower,
  fuzzFrames,
  fuzzRequests,
  fuzzBytes,
  slowReaders,
  idleFollowers,
  reconnects,
  slowHttp,
  clock,
  clockRetention,
  login,
  halfOpen,
  loginTiming,
  stop,
  scale,
]

process.exit(await main())

async function main(): Promise<number> {
  const { only, scale } = readFlags()
  const rows: string[][] = [["scenario", "figure", "reached", "promised", ""]]
  let failed = 0
  for (const scenario of SCENARIOS.filter(({ name }) => only?.includes(name) ?? true)) {
    const missing = scenario.needs?.()
    if (missing) {
      rows.push([scenario.name, scenario.promise, "not run", missing, "skipped"])
      continue
    }
    const figures = await run(scenario, Math.max(1, Math.round(scenario.long * scale)))
    for (const { name, value, goal, met } of figures) {
      rows.push([scenario.name, name, value, goal, met ? "ok" : "MISSED"])
      if (!met) failed++
    }
  }
  console.log(`\n${table(rows)}\n`)
  return failed > 0 ? 1 : 0
}

function readFlags(): { only: string[] | undefined; scale: number } {
  const { values } = parseArgs({
    options: { only: { type: "string" }, scale: { type: "string" }, seed: { type: "string" } },
  })
  if (values.seed !== undefined) process.env.TORTURE_SEED = values.seed
  const only = values.only?.split(",")
  const scale = Number(values.scale ?? 1)
  const names = SCENARIOS.map(({ name }) => name)
  const unknown = only?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length > 0 || !(scale > 0)) {
    console.error(`Cannot run this: --only takes ${names.join(", ")}; --scale a number above 0`)
    process.exit(2)
  }
  return { only, scale }
}

async function run(scenario: Scenario, count: number): Promise<Figure[]> {
  const begin = performance.now()
  const minutes = () => `${((performance.now() - begin) / 60_000).toFixed(1)} min`
  console.log(`\n${scenario.name}: ${scenario.promise} (${count})`)
  const log = (line: string) => console.log(`  ${minutes()}  ${line}`)
  try {
    return await scenario.run({ count, log })
  } catch (error) {
    log(error instanceof Error ? String(error.stack) : String(error))
    return [{ name: scenario.promise, value: "broke off", goal: "a run to the end", met: false }]
  }
}

/** Columns as wide as their widest cell. */
function table(rows: readonly string[][]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(cell.length, widest[i] ?? 0)),
    [],
  )
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")).join("\n")
}
