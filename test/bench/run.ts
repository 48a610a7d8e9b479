/**
 * Measures gamenight beside what one would use otherwise, all at the same work over the same protocol, in interleaved
 * rounds of one run: read the ratios, the absolute figures are this machine's. Ends with 1 when a message or an answered
 * vote was lost, with `--strict` also when a goal is missed.
 *
 *   bun run bench [--short] [--strict] [--only votes,starts]
 */
import { parseArgs } from "node:util"
import { measureDeliveries } from "./deliver.ts"
import { buildPrograms, type Programs } from "./programs.ts"
import type { Figure, Plan } from "./report.ts"
import { measureStarts } from "./starts.ts"
import { measureSyncs } from "./syncs.ts"
import { table } from "./table.ts"
import { measureVotes } from "./votes.ts"

const PARTS: Record<string, (programs: Programs, plan: Plan) => Promise<Figure[]>> = {
  votes: measureVotes,
  syncs: measureSyncs,
  deliveries: measureDeliveries,
  starts: measureStarts,
}

process.exit(await main())

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { short: { type: "boolean" }, strict: { type: "boolean" }, only: { type: "string" } },
  })
  const chosen = values.only?.split(",") ?? Object.keys(PARTS)
  const unknown = chosen.filter((name) => !(name in PARTS))
  if (unknown.length > 0) {
    console.error(`Cannot measure ${unknown.join(", ")}: choose from ${Object.keys(PARTS).join(", ")}`)
    return 2
  }
  const programs = await buildPrograms()
  const plan: Plan = { short: values.short ?? false, log: console.log }
  const figures: Figure[] = []
  for (const name of chosen) figures.push(...((await PARTS[name]?.(programs, plan)) ?? []))
  console.log(`\n${table(figures)}`)
  const goals = figures.flatMap((figure) => figure.goals)
  const missed = goals.filter((goal) => !goal.met)
  console.log(
    `\n${goals.length - missed.length} of ${goals.length} goals met; no message and no answered vote was lost`,
  )
  return values.strict && missed.length > 0 ? 1 : 0
}
