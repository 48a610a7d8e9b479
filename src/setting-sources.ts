/** Where the text of a setting comes from: a flag, the environment, or a file that the environment names. */
import type { Environment, Flags } from "./config.ts"
import type { Setting } from "./settings.ts"

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
    const found = textOf(name, env, readFile, problems)
    if (found) return found
  }
  return undefined
}

/** The value of a name, or of the file that it names with `_FILE`. */
function textOf(
  name: string,
  env: Environment,
  readFile: (path: string) => string,
  problems: string[],
): { name: string; text: string } | undefined {
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
  return undefined
}

/** What each member of a family says, such as `TWITCH` of `GAMENIGHT_X_TWITCH`. Adds to `problems`. */
export function familyMembers(
  setting: Setting,
  env: Environment,
  readFile: (path: string) => string,
  problems: string[],
): { name: string; member: string; text: string }[] {
  const members = new Set<string>()
  for (const name of ownNames(env)) if (isOfFamily(setting, name)) members.add(name.replace(/_FILE$/, ""))
  const found: { name: string; member: string; text: string }[] = []
  for (const name of [...members].sort()) {
    const text = textOf(name, env, readFile, problems)
    if (text) found.push({ ...text, member: name.slice((setting.env[0]?.length ?? 0) + 1) })
  }
  return found
}

/** The few of an environment that may be settings. Loops, here and below, since a start waits for all of it. */
function ownNames(env: Environment): string[] {
  const names: string[] = []
  for (const name in env) if (name.startsWith("GAMENIGHT_")) names.push(name)
  return names
}

/** `_FILE` alone is the file of the setting itself. */
const isOfFamily = ({ env, family }: Setting, name: string): boolean =>
  family === true &&
  env.some((one) => name.startsWith(`${one}_`) && /^(?!FILE$)[A-Z0-9_]+$/.test(name.slice(one.length + 1)))

/** One line for each name in the environment that looks like a setting and is none. */
export function unknownNames(env: Environment, settings: Record<string, Setting>): string[] {
  const unknown: string[] = []
  for (const name of ownNames(env)) if (!isSetting(name, settings)) unknown.push(name)
  return unknown.sort().map((name) => `${name} is not a setting`)
}

function isSetting(name: string, settings: Record<string, Setting>): boolean {
  const plain = name.endsWith("_FILE") ? name.slice(0, -"_FILE".length) : name
  for (const key in settings) {
    const setting = settings[key]
    if (setting && (setting.env.includes(plain) || isOfFamily(setting, name))) return true
  }
  return false
}
