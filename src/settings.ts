/** The table of the settings: their flags, their names in the environment, and what they are for. */
import type { Config } from "./config.ts"

export type Setting = {
  flag: string
  /** Names in the environment, the first one wins. */
  env: readonly string[]
  /** What the value is, for the table of the README and for `--help`. */
  hint: string
  help: string
  secret?: true
  /** Whether each name of the environment also stands for one source, as `GAMENIGHT_X_TWITCH`. */
  family?: true
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
  phoneVotes: {
    flag: "phone-votes",
    env: ["GAMENIGHT_PHONE_VOTES"],
    hint: "true or false",
    help: "Whether phones may vote on the page /vote",
  },
  votePolicy: {
    flag: "vote-policy",
    env: ["GAMENIGHT_VOTE_POLICY"],
    hint: "latest or every",
    help: "One vote per voter and played game, the newest; or every vote",
  },
  voteDelay: {
    flag: "vote-delay",
    env: ["GAMENIGHT_VOTE_DELAY"],
    hint: "such as twitch=8s,irc=0s",
    help: "How far the viewers of a source are behind; GAMENIGHT_VOTE_DELAY_TWITCH=8s sets one",
    family: true,
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
