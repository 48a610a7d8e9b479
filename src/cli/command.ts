/** What every command shares: its surroundings, its flags and how it refuses wrong use. */
import { readFileSync } from "node:fs"
import type { ArgsDef } from "citty"
import { type Config, type Environment, type Flags, readConfig, SETTINGS } from "../config.ts"
import { StartError } from "../errors.ts"
import type { Host } from "../hosts/host.ts"

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
  const problems = rawArgs
    .filter((arg) => arg.startsWith("-") && arg !== "--")
    .map((arg) => arg.replace(/^--?/, "").split("=")[0] ?? "")
    .filter((name) => known[name]?.type === undefined || known[name].type === "positional")
    .map((name) => `--${name} is not a flag of this command`)
  const places = Object.values(known).filter(({ type }) => type === "positional").length
  for (const extra of args._.slice(places)) problems.push(`"${extra}" is one argument too many`)
  if (problems.length === 0) return
  throw new StartError(`Cannot run this: ${problems.join("; ")}; see --help`, 2)
}

/** The settings of this process, from its flags and environment. */
export const configFrom = ({ env }: Surroundings, args: Flags): Config =>
  readConfig(env, args, (path) => readFileSync(path, "utf8"))
