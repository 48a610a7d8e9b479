/** Checks sources against rules of who may know whom, and against what a file may look like. */
import { dirname, join } from "node:path/posix"

/** Folders end in a star. `may` covers types too; `types` may only be named in an `import type`. */
export type Rule = { files: readonly string[]; may: readonly string[]; types?: readonly string[] }

/** A word that only some files may say. */
export type Word = { word: RegExp; name: string; files: readonly string[] }

/** Texts by their path below the folder that is checked. */
export type Sources = Readonly<Record<string, string>>
type Import = { path: string; target: string; typeOnly: boolean; reExport: boolean }

/** What build.ts made: the one name that is no path of a source. */
const ASSETS = "#assets"

/** The most lines of a file. */
const LONGEST = 250
/** Lists that belong together: the games, and the texts of a language. */
const LISTS = /^(catalogue|ui\/texts\.\w+)\.ts$/

export const oneOf = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) => new Bun.Glob(pattern).match(name))

const withoutComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1")

const STATEMENT =
  /^[ \t]*(?:(import|export)\s+(type\s+)?[\w$*{},\s]+?\bfrom\s*|import\s*)["']([^"'\n]+)["']/gm
const CALL = /\b(?:import|require|getBuiltinModule)\s*\(\s*["'`]([^"'`\n]+)["'`]/g
const scanner = (loader: "ts" | "tsx") => new Bun.Transpiler({ loader })
const scanners = { ts: scanner("ts"), tsx: scanner("tsx") }
/** What the scanner adds by itself to a file with elements. */
const OF_ELEMENTS = /^react(\/jsx-(dev-)?runtime)?$/

/** Every import of a source, types and calls included; targets are packages, or paths below src. */
function importsOf(file: string, source: string): Import[] {
  const found = (path: string, typeOnly = false, reExport = false): Import => {
    const target = path.startsWith(".") ? join(dirname(file), path) : path
    return { path, target, typeOnly, reExport }
  }
  const statements = [...source.matchAll(STATEMENT)].map(([, word, type, path = ""]) =>
    found(path, type !== undefined, word === "export"),
  )
  const calls = [...withoutComments(source).matchAll(CALL)].map(([, path = ""]) => found(path))
  // What Bun finds and the patterns above do not would go unchecked.
  const scanned = scanners[file.endsWith("x") ? "tsx" : "ts"]
    .scanImports(source)
    .flatMap(({ path }) => (OF_ELEMENTS.test(path) ? [] : [found(path)]))
  const known = new Set(statements.filter(({ typeOnly }) => !typeOnly).map(({ path }) => path))
  return [...statements, ...[...calls, ...scanned].filter(({ path }) => !known.has(path))]
}

/** One line for everything in `sources` that is not allowed. The first rule that names a file counts. */
export function violations(sources: Sources, rules: readonly Rule[], words: readonly Word[]): string[] {
  const each = Object.entries(sources).flatMap(([file, source]) => [
    ...shapeOf(file, source),
    ...wordsOf(file, source, words),
    ...importsAgainst(file, source, rules),
  ])
  return [...each, ...cycles(sources)]
}

function wordsOf(file: string, source: string, words: readonly Word[]): string[] {
  const code = withoutComments(source)
  const said = words.filter(({ word, files }) => word.test(code) && !oneOf(files, file))
  const nameless = /\b(?:import|require)\s*\(\s*[^"'`\s]/.test(code)
    ? [`${file} imports what has no fixed name`]
    : []
  return [...nameless, ...said.map(({ name }) => `${file} names ${name}`)]
}

function importsAgainst(file: string, source: string, rules: readonly Rule[]): string[] {
  const rule = rules.find(({ files }) => oneOf(files, file))
  if (!rule) return [`${file} has no rule`]
  const { may, types = [] } = rule
  const wrong = importsOf(file, source)
    .filter(({ target, typeOnly }) => !oneOf(may, target) && !(typeOnly && oneOf(types, target)))
    .map(({ target }) => `${file} imports ${oneOf(types, target) ? "more than types of " : ""}${target}`)
  return [...new Set(wrong)]
}

/** What holds for every file, tests too: its length, no barrels, relative imports with their extension. */
export function shapeOf(file: string, source: string): string[] {
  const found: string[] = []
  const lines = source.trimEnd().split("\n").length
  if (lines > LONGEST && !LISTS.test(file)) found.push(`${file} has ${lines} lines`)
  for (const { path, reExport } of importsOf(file, source)) {
    if (reExport) found.push(`${file} hands on ${path}`)
    if (path.startsWith(".") && !/\.(tsx?|json)$/.test(path))
      found.push(`${file} imports ${path} without .ts`)
    if (path !== ASSETS && /^(@?\/|[~#]|src\/)/.test(path)) found.push(`${file} imports ${path} by an alias`)
  }
  return found
}

/** Circles of imports; types make none. */
export function cycles(sources: Sources): string[] {
  const found = new Set<string>()
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) found.add(`${[...path.slice(start), file].join(" → ")} is a circle`)
    if (start >= 0 || done.has(file)) return
    for (const { target, typeOnly } of importsOf(file, sources[file] ?? "")) {
      if (!typeOnly && target in sources) walk(target, [...path, file])
    }
    done.add(file)
  }
  for (const file of Object.keys(sources)) walk(file, [])
  return [...found]
}
