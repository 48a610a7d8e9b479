/** Where the text of a setting comes from: a flag, the environment, or a file that the environment names. */
import type { Environment, Flags, Setting } from "./config.ts"

/** The value of a setting and the name it came under; flags go before the environment. Adds to `problems`. */
export function lookUp(
  { flag, env: names }: Setting,
  env: Environment,
  flags: Flags,
  readFile: (path: string) => string,
  problems: string[],
): { name: string; text: string } | undefined {
  const given = flags[flag]
  if (given !== undefined) return { name: `--${flag}`, text: given }
  for (const name of names) {
    const text = env[name]
    const path = name.startsWith("GAMENIGHT_") ? env[`${name}_FILE`] : undefined
    if (text && path) problems.push(`${name} and ${name}_FILE are both set: keep one`)
    else if (text) return { name, text }
    else if (path) {
      try {
        return { name: `${name}_FILE`, text: readFile(path).trim() }
      } catch (error) {
        problems.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  return undefined
}

/** One line for each name in the environment that looks like a setting and is none. */
export function unknownNames(env: Environment, settings: Record<string, Setting>): string[] {
  const known = new Set<string>(Object.values(settings).flatMap((setting) => setting.env))
  const unknown: string[] = []
  for (const name in env) {
    if (name.startsWith("GAMENIGHT_") && !known.has(name.replace(/_FILE$/, ""))) unknown.push(name)
  }
  return unknown.sort().map((name) => `${name} is not a setting`)
}
