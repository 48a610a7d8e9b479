/** Settings: read once from flags and environment, with every mistake listed at once. */
import * as v from "valibot"
import { choice, duration, integer, networkList, onOff, originList, webUrl, yesNo } from "./config-values.ts"
import { StartError } from "./errors.ts"
import { lookUp, unknownNames } from "./setting-sources.ts"

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
  votePolicy: VotePolicy
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

export type Setting = {
  flag: string
  /** Names in the environment, the first one wins. */
  env: readonly string[]
  /** What the value is, for the table of the README and for `--help`. */
  hint: string
  help: string
  secret?: true
}

/** Every setting: its flag, its names in the environment, and what it is for. */
export const SETTINGS = {
  port: { flag: "port", env: ["GAMENIGHT_PORT", "PORT"], hint: "0-65535", help: "Port, 0 picks a free one" },
  host: { flag: "host", env: ["GAMENIGHT_HOST"], hint: "address", help: "Address to listen on" },
  dataDir: {
    flag: "data-dir",
    env: ["GAMENIGHT_DATA_DIR"],
    hint: "folder",
    help: "Folder of the database and the secret",
  },
  adminKey: {
    flag: "admin-key",
    env: ["GAMENIGHT_ADMIN_KEY", "ADMIN_KEY"],
    hint: "8 characters or more",
    help: "The owner's key; without one a random key is made at the first start",
    secret: true,
  },
  jwtSecret: {
    flag: "jwt-secret",
    env: ["GAMENIGHT_JWT_SECRET", "JWT_SECRET"],
    hint: "32 bytes or more",
    help: "Signs the tokens; without one the file `secret` of the data folder does",
    secret: true,
  },
  publicUrl: {
    flag: "public-url",
    env: ["GAMENIGHT_PUBLIC_URL"],
    hint: "http(s) URL",
    help: "Where people reach the service; its host is accepted in requests",
  },
  allowedOrigins: {
    flag: "allowed-origins",
    env: ["GAMENIGHT_ALLOWED_ORIGINS"],
    hint: "* or a list with commas",
    help: "Web origins that may call the API and open the socket",
  },
  trustedProxies: {
    flag: "trusted-proxies",
    env: ["GAMENIGHT_TRUSTED_PROXIES"],
    hint: "addresses and networks with commas",
    help: "Proxies whose X-Forwarded-For tells the address of a client",
  },
  publicReads: {
    flag: "public-reads",
    env: ["GAMENIGHT_PUBLIC_READS"],
    hint: "true or false",
    help: "Whether reading needs no token",
  },
  votePolicy: {
    flag: "vote-policy",
    env: ["GAMENIGHT_VOTE_POLICY"],
    hint: "latest or every",
    help: "One vote per voter and played game, the newest; or every vote",
  },
  rateLimits: {
    flag: "rate-limits",
    env: ["GAMENIGHT_RATE_LIMITS"],
    hint: "on or off",
    help: "off lifts every rate and count per address and per token",
  },
  maxSockets: {
    flag: "max-sockets",
    env: ["GAMENIGHT_MAX_SOCKETS"],
    hint: "1-100000",
    help: "Sockets open at once; lowered to 64 below the file limit",
  },
  voteRate: {
    flag: "vote-rate",
    env: ["GAMENIGHT_VOTE_RATE"],
    hint: "1-100000",
    help: "Live votes of one token per second",
  },
  voteBurst: {
    flag: "vote-burst",
    env: ["GAMENIGHT_VOTE_BURST"],
    hint: "1-1000000",
    help: "Live votes of one token at once",
  },
  sessionTimeout: {
    flag: "session-timeout",
    env: ["GAMENIGHT_SESSION_TIMEOUT"],
    hint: "duration, such as 12h, 90m or 45s",
    help: "Closes a session in which nothing happened for so long; 0 never",
  },
  logDays: {
    flag: "log-days",
    env: ["GAMENIGHT_LOG_DAYS"],
    hint: "0-36500",
    help: "Days that the events of a session stay after its end; 0 for ever",
  },
} as const satisfies Record<keyof Config, Setting>

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
  votePolicy: () => choice(["latest", "every"]),
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
  votePolicy: "latest",
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
  if (problems.length > 0) {
    throw new StartError(
      `Cannot start: the settings are wrong\n${problems.map((one) => `  ${one}`).join("\n")}`,
      2,
    )
  }
  return config
}
