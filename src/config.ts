/** Settings: read once from flags and environment, with every mistake listed at once. */
import * as v from "valibot"
import {
  choice,
  type Delays,
  delay,
  delayList,
  duration,
  integer,
  networkList,
  onOff,
  originList,
  webUrl,
  yesNo,
} from "./config-values.ts"
import { StartError } from "./errors.ts"
import { familyMembers, lookUp, unknownNames } from "./setting-sources.ts"
import { SETTINGS } from "./settings.ts"

export type VotePolicy = "latest" | "every"

export type Config = {
  port: number
  host: string
  dataDir: string
  adminKey: string | undefined
  jwtSecret: Uint8Array | undefined
  publicUrl: string | undefined
  /** Origins that may call in; undefined lets all. */
  allowedOrigins: readonly string[] | undefined
  /** Proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[]
  publicReads: boolean
  /** Whether phones may vote without a token. */
  phoneVotes: boolean
  votePolicy: VotePolicy
  /** How long after the night the viewers of a source see it. */
  voteDelay: Delays
  rateLimits: boolean
  maxSockets: number
  /** Live votes of one token: per second, and as a burst. */
  voteRate: number
  voteBurst: number
  /** After how many milliseconds without a game, vote or status change a session is closed; 0 never. */
  sessionTimeout: number
  /** Days that the events of a session stay after its end; 0 keeps them for ever. */
  logDays: number
}

export type Environment = Readonly<Record<string, string | undefined>>
export type Flags = Readonly<Record<string, string | undefined>>

/** Built for the settings that are given, not for all at every start. */
const parsers: { [K in keyof Config]: () => v.GenericSchema<string, Config[K]> } = {
  port: () => integer(0, 65_535),
  host: () => v.pipe(v.string(), v.regex(/^[\w.:%-]+$/, "must be an address or a host name")),
  dataDir: () =>
    v.pipe(
      v.string(),
      v.minLength(1, "must not be empty"),
      // SQLite would take it for a database that is gone with the process.
      v.notValue(":memory:", "must be a folder"),
    ),
  adminKey: () => v.pipe(v.string(), v.minLength(8, "must have 8 characters or more")),
  jwtSecret: () =>
    v.pipe(
      v.string(),
      v.transform((text) => new Uint8Array(Buffer.from(text))),
      v.check((bytes) => bytes.length >= 32, "must have 32 bytes or more"),
    ),
  publicUrl: webUrl,
  allowedOrigins: originList,
  trustedProxies: networkList,
  publicReads: yesNo,
  phoneVotes: yesNo,
  votePolicy: () => choice(["latest", "every"]),
  voteDelay: delayList,
  rateLimits: onOff,
  maxSockets: () => integer(1, 100_000),
  voteRate: () => integer(1, 100_000),
  voteBurst: () => integer(1, 1_000_000),
  sessionTimeout: duration,
  logDays: () => integer(0, 36_500),
}

const defaults = (env: Environment): Config => ({
  port: 5000,
  host: "0.0.0.0",
  dataDir: `${env.XDG_DATA_HOME || `${env.HOME}/.local/share`}/gamenight`,
  adminKey: undefined,
  jwtSecret: undefined,
  publicUrl: undefined,
  allowedOrigins: undefined,
  trustedProxies: [],
  publicReads: true,
  phoneVotes: true,
  votePolicy: "latest",
  voteDelay: {},
  rateLimits: true,
  maxSockets: 1_000,
  voteRate: 500,
  voteBurst: 2_000,
  sessionTimeout: 12 * 60 * 60 * 1000,
  logDays: 30,
})

/**
 * Reads every setting, flags before environment. `readFile` gives the text behind a `GAMENIGHT_X_FILE`.
 * Throws `StartError` with exit code 2 that lists every bad value and unknown name, behind `wrongFlags`.
 */
export function readConfig(
  env: Environment,
  flags: Flags,
  readFile: (path: string) => string,
  wrongFlags: readonly string[] = [],
): Config {
  const config = defaults(env)
  const problems = [...wrongFlags, ...unknownNames(env, SETTINGS)]
  for (const key of Object.keys(SETTINGS) as (keyof Config)[]) {
    const found = lookUp(SETTINGS[key], env, flags, readFile, problems)
    if (!found) continue
    const result = v.safeParse(parsers[key](), found.text)
    if (result.success) Object.assign(config, { [key]: result.output })
    else problems.push(`${found.name} ${result.issues[0].message}`)
  }
  const ofSources: Record<string, number> = {}
  for (const { name, member, text } of familyMembers(SETTINGS.voteDelay, env, readFile, problems)) {
    const result = v.safeParse(delay(), text)
    if (result.success) ofSources[member] = result.output
    else problems.push(`${name} ${result.issues[0].message}`)
  }
  config.voteDelay = { ...ofSources, ...config.voteDelay }
  if (problems.length > 0) {
    throw new StartError(
      `Cannot start: the settings are wrong\n${problems.map((one) => `  ${one}`).join("\n")}`,
      2,
    )
  }
  return config
}
