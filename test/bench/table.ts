/** The figures as a table of Markdown. */
import type { Figure } from "./report.ts"
import { grouped } from "./statistics.ts"

export function table(figures: readonly Figure[]): string {
  const programs = [...new Set(figures.flatMap(({ values }) => Object.keys(values)))]
  const head = ["figure", ...programs, "goal", "reached", ""]
  const rows = figures.map(({ name, unit, values, goals }) => [
    unit === "/s" ? `${name}, a second` : unit ? `${name}, ${unit}` : name,
    ...programs.map((program) => written(values[program])),
    goals.map(({ wish }) => wish).join("; "),
    goals.map(({ reached }) => reached).join("; "),
    goals.length === 0 ? "" : goals.every(({ met }) => met) ? "met" : "MISSED",
  ])
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

/** Three digits that count, and thousands apart. */
export function written(value: number | undefined): string {
  if (value === undefined) return ""
  if (value >= 100) return grouped(value)
  return value.toFixed(value >= 10 ? 1 : 2)
}
