/** What every command shares: its surroundings, its flags and how it refuses wrong use. */
import type { ArgsDef } from "citty"
import { type Config, type Environment, type Flags, readConfig } from "../config.ts"
import { CONTROL } from "../control-characters.ts"
import { disk, homeFolder } from "../disk.ts"
import { StartError } from "../errors.ts"
import type { Host } from "../hosts/host.ts"
import { SETTINGS } from "../settings.ts"

export type Surroundings = {
  host: Host
  env: Environment
  /** One line to standard output. */
  print: (line: string) => void
  /** One line to standard error. */
  log: (line: string) => void
  /** The exit code of the process: 0 done, 1 failed, 2 wrong use. */
  finish: (exitCode: number) => void
}

/** Every setting as a flag of the command line. */
export const settingFlags: ArgsDef = Object.fromEntries(
  Object.values(SETTINGS).map(({ flag, help, hint, env }) => [
    flag,
    { type: "string", description: `${help} (${env.join(", ")})`, valueHint: hint },
  ]),
)

export const jsonFlag: ArgsDef = { json: { type: "boolean", description: "Print JSON" } }

/** Throws `StartError` with exit code 2 when a flag is unknown or a positional too many. */
export function refuseUnknown(args: { _: string[] }, rawArgs: readonly string[], known: ArgsDef): void {
  const problems = flagsIn(rawArgs, known)
    .filter((flag) => !isKnown(flag, known))
    .map((flag) => `${flag} is not a flag of this command`)
  const places = Object.values(known).filter(({ type }) => type === "positional").length
  for (const extra of args._.slice(places)) problems.push(`"${extra}" is one argument too many`)
  if (problems.length === 0) return
  throw new StartError(`Cannot run this: ${problems.join("; ")}; see --help`, 2)
}

const isKnown = (flag: string, known: ArgsDef): boolean => {
  const type = flag.startsWith("--") ? known[flag.slice(2)]?.type : undefined
  return type !== undefined && type !== "positional"
}

/** The flags given, with their dashes and without their values; a value may begin with one dash, as keys can. */
function flagsIn(rawArgs: readonly string[], known: ArgsDef): string[] {
  const flags: string[] = []
  let value = false
  for (const arg of rawArgs) {
    if (arg === "--") break
    const isValue = value && !arg.startsWith("--")
    value = false
    if (isValue || !arg.startsWith("-")) continue
    const flag = arg.split("=")[0] ?? ""
    flags.push(flag)
    value = known[flag.slice(2)]?.type === "string" && !arg.includes("=")
  }
  return flags
}

const LONGEST_NAME = 64

/** A name as REST takes it: trimmed, 1 to 64 characters. Throws `StartError` with exit code 2. */
export function nameFrom(given: unknown, action: string): string {
  const name = String(given).trim()
  if (name === "" || name.length > LONGEST_NAME) {
    throw new StartError(`Cannot ${action}: NAME must have 1 to ${LONGEST_NAME} characters`, 2)
  }
  if (CONTROL.test(name)) {
    throw new StartError(`Cannot ${action}: NAME must not hold control characters`, 2)
  }
  return name
}

/** The settings of this process, from its flags and environment. */
export const configFrom = ({ env }: Surroundings, args: Flags, wrongFlags: readonly string[] = []): Config =>
  readConfig(
    env.HOME || env.XDG_DATA_HOME ? env : { ...env, HOME: homeFolder() },
    args,
    (path) => disk().readFileSync(path, "utf8"),
    wrongFlags,
  )
