/**
 * Measures gamenight beside what one would use otherwise, all answering the same requests and sending the same events,
 * in interleaved rounds of one run: read the ratios, the absolute figures are this machine's. Ends with 1 when a message
 * or an answered vote was lost, with `--strict` also when a goal is missed.
 *
 *   bun run bench [--short] [--strict] [--only votes,starts] [--out FOLDER]
 *   bun run bench --only soak [--minutes N]
 *
 * The folder, `dist` unless told, gets the table as bench.md and a chart as bench.svg.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { chart } from "./chart.ts"
import { measureDeliveries } from "./deliver.ts"
import { buildPrograms, type Programs } from "./programs.ts"
import type { Figure, Plan } from "./report.ts"
import { measureResume } from "./resume.ts"
import { measureSoak } from "./soak.ts"
import { measureStarts } from "./starts.ts"
import { measureStorm } from "./storm.ts"
import { measureSyncs } from "./syncs.ts"
import { table } from "./table.ts"
import { measureVotes } from "./votes.ts"

const PARTS: Record<string, (programs: Programs, plan: Plan) => Promise<Figure[]>> = {
  votes: measureVotes,
  syncs: measureSyncs,
  deliveries: measureDeliveries,
  resume: measureResume,
  starts: measureStarts,
  storm: measureStorm,
  soak: measureSoak,
}
/** Runs only when it is named, for it takes an hour, or so many minutes; 5 in short. */
const ONLY_NAMED = "soak"

const MACHINE = `${cpus().length} cores of ${cpus()[0]?.model}, Bun ${Bun.version}, medians of interleaved rounds`

process.exit(await main().catch(failed))

async function main(): Promise<number> {
  const flags = readFlags()
  if (typeof flags === "string") {
    console.error(flags)
    return 2
  }
  const { chosen, short, minutes, strict, out } = flags
  const programs = await buildPrograms()
  const figures: Figure[] = []
  for (const name of chosen) {
    figures.push(...((await PARTS[name]?.(programs, { short, minutes, log: console.log })) ?? []))
  }
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, "bench.md"), `${table(figures)}\n`)
  writeFileSync(join(out, "bench.svg"), chart(figures))
  const goals = figures.flatMap((figure) => figure.goals)
  const reached = goals.filter(({ met }) => met)
  console.log(`\n${table(figures)}\n\n${MACHINE}`)
  console.log(`${reached.length} of ${goals.length} goals met; no message and no answered vote was lost`)
  return strict && reached.length < goals.length ? 1 : 0
}

/** The flags, or one sentence that says what is wrong with them. */
function readFlags() {
  const { values } = parseArgs({
    options: {
      short: { type: "boolean", default: false },
      strict: { type: "boolean", default: false },
      only: { type: "string" },
      minutes: { type: "string" },
      out: { type: "string", default: join(import.meta.dir, "..", "..", "dist") },
    },
  })
  const { only, minutes, ...rest } = values
  const parts = Object.keys(PARTS)
  const chosen = only?.split(",") ?? parts.filter((name) => name !== ONLY_NAMED)
  const unknown = chosen.filter((name) => !(name in PARTS))
  if (unknown.length > 0) return `Cannot measure ${unknown.join(", ")}: choose from ${parts.join(", ")}`
  if (minutes !== undefined && !(Number(minutes) > 0))
    return `Cannot soak for ${minutes} minutes: say a number above 0`
  return { ...rest, chosen, minutes: minutes === undefined ? undefined : Number(minutes) }
}

function failed(error: unknown): number {
  console.error(error instanceof Error ? error.message : error)
  return 1
}
