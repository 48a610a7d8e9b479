/** The README as its tests read it: by section, fenced block and table. */
import { readFileSync } from "node:fs"
import { join } from "node:path"

export const ROOT = join(import.meta.dir, "..", "..")
const sections = readFileSync(join(ROOT, "README.md"), "utf8").split(/^## /m)

/** The text below a heading of the second level. */
export function section(heading: string): string {
  const found = sections.find((one) => one.startsWith(`${heading}\n`))
  if (found === undefined) throw new Error(`The README has no section ${heading}`)
  return found
}

/** The contents of the fenced blocks of a language. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block]) => block ?? "")

/** The rows of the table whose first column bears this name, as cells. */
export function table(heading: string, column: string): string[][] {
  const lines = section(heading).split("\n")
  const head = lines.findIndex((line) => line.startsWith(`| ${column} |`))
  const rows = lines.slice(head + 2)
  const end = rows.findIndex((line) => !line.startsWith("|"))
  return rows.slice(0, end).map((row) => row.slice(2, -2).split(" | "))
}

export const code = (text: string): string => `\`${text}\``
