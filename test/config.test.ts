/** Settings: where they come from, what they may be, and that every mistake is listed at once. */
import { expect, test } from "bun:test"
import { type Config, type Environment, type Flags, readConfig } from "../src/config.ts"
import { StartError } from "../src/errors.ts"
import { SETTINGS } from "../src/settings.ts"

const FILES: Readonly<Record<string, string>> = {
  "/run/key": "the key of the owner\n",
  "/run/port": " 5001\n",
  "/run/delay": "90s\n",
  "/run/empty": "\n",
}

function readFile(path: string): string {
  const text = FILES[path]
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`)
  return text
}

const read = (env: Environment, flags: Flags = {}): Config => readConfig(env, flags, readFile)

/** Every line of the refusal behind the first. */
function problems(env: Environment, flags: Flags = {}): string[] {
  try {
    read(env, flags)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    expect(error.exitCode).toBe(2)
    const [heading, ...lines] = error.message.split("\n")
    expect(heading).toBe("Cannot start: the settings are wrong")
    return lines.map((line) => line.trim())
  }
  throw new Error("Expected the settings to be refused")
}

test("an owner who sets nothing gets a service for the home", () => {
  expect(read({ HOME: "/home/ann" })).toEqual({
    port: 5000,
    host: "0.0.0.0",
    dataDir: "/home/ann/.local/share/gamenight",
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
    sessionTimeout: 43_200_000,
    logDays: 30,
  })
  expect(read({ HOME: "/home/ann", XDG_DATA_HOME: "/data" }).dataDir).toBe("/data/gamenight")
  expect(read({ HOME: "/home/ann", XDG_DATA_HOME: "" }).dataDir).toBe("/home/ann/.local/share/gamenight")
})

test.each<[keyof Config, string, unknown]>([
  ["port", "0", 0],
  ["port", "65535", 65_535],
  ["host", "::1", "::1"],
  ["host", "fe80::1%eth0", "fe80::1%eth0"],
  ["host", "game.example.org", "game.example.org"],
  ["dataDir", "/srv/game night", "/srv/game night"],
  ["adminKey", "12345678", "12345678"],
  ["jwtSecret", "x".repeat(32), new TextEncoder().encode("x".repeat(32))],
  ["jwtSecret", "ü".repeat(16), new TextEncoder().encode("ü".repeat(16))],
  ["publicUrl", "https://game.example.org", "https://game.example.org"],
  ["allowedOrigins", "*", undefined],
  [
    "allowedOrigins",
    "https://a.example, http://b.example:8080",
    ["https://a.example", "http://b.example:8080"],
  ],
  ["publicReads", "false", false],
  ["publicReads", "0", false],
  ["publicReads", "TRUE", true],
  ["votePolicy", "every", "every"],
  ["votePolicy", "Latest", "latest"],
  ["voteDelay", "twitch=8s, My-Chat=0,irc=1m", { TWITCH: 8_000, MY_CHAT: 0, IRC: 60_000 }],
  ["rateLimits", "off", false],
  ["rateLimits", "ON", true],
  ["maxSockets", "100000", 100_000],
  ["voteRate", "1", 1],
  ["voteBurst", "1000000", 1_000_000],
  ["sessionTimeout", "90m", 5_400_000],
  ["sessionTimeout", "45s", 45_000],
  ["sessionTimeout", "12h", 43_200_000],
  ["sessionTimeout", "0", 0],
  ["logDays", "0", 0],
])("%s can be %p, in the environment and as a flag", (key, text, value) => {
  const { flag, env } = SETTINGS[key]
  for (const name of env) expect(read({ [name]: text })[key]).toEqual(value as never)
  expect(read({}, { [flag]: text })[key]).toEqual(value as never)
})

test.each<[keyof Config, string, string]>([
  ["port", "65536", "must be a whole number from 0 to 65535"],
  ["port", "-1", "must be a whole number from 0 to 65535"],
  ["port", "5e3", "must be a whole number from 0 to 65535"],
  ["port", "80.5", "must be a whole number from 0 to 65535"],
  ["dataDir", ":memory:", "must be a folder"],
  ["host", "http://localhost", "must be an address or a host name"],
  ["adminKey", "1234567", "must have 8 characters or more"],
  ["jwtSecret", "x".repeat(31), "must have 32 bytes or more"],
  ["publicUrl", "ftp://example.org", "must be an http or https URL"],
  ["publicUrl", "example.org", "must be an http or https URL"],
  [
    "allowedOrigins",
    "https://a.example/",
    "must be * or origins like https://example.org with commas between",
  ],
  [
    "allowedOrigins",
    "https://a.example,",
    "must be * or origins like https://example.org with commas between",
  ],
  ["publicReads", "maybe", "must be true or false or 1 or 0"],
  ["votePolicy", "loudest", "must be latest or every"],
  ["voteDelay", "8s", "must be like twitch=8s,irc=0s, each a duration of 10m at most"],
  ["voteDelay", "twitch=8", "must be like twitch=8s,irc=0s, each a duration of 10m at most"],
  ["voteDelay", "twitch=11m", "must be like twitch=8s,irc=0s, each a duration of 10m at most"],
  ["voteDelay", "twitch=8s,", "must be like twitch=8s,irc=0s, each a duration of 10m at most"],
  ["rateLimits", "0", "must be on or off"],
  ["maxSockets", "0", "must be a whole number from 1 to 100000"],
  ["voteRate", "100001", "must be a whole number from 1 to 100000"],
  ["voteBurst", "9".repeat(30), "must be a whole number from 1 to 1000000"],
  ["logDays", "36501", "must be a whole number from 0 to 36500"],
  ["sessionTimeout", "12", "must be a duration such as 12h, 90m or 45s, or 0"],
  ["sessionTimeout", "1.5h", "must be a duration such as 12h, 90m or 45s, or 0"],
  ["sessionTimeout", "1d", "must be a duration such as 12h, 90m or 45s, or 0"],
])("%s cannot be %p, and the refusal names where it came from", (key, text, why) => {
  const { flag, env } = SETTINGS[key]
  for (const name of env) expect(problems({ [name]: text })).toEqual([`${name} ${why}`])
  expect(problems({}, { [flag]: text })).toEqual([`--${flag} ${why}`])
})

test("an empty flag is refused in our own words", () => {
  for (const { flag } of Object.values(SETTINGS)) {
    expect(problems({}, { [flag]: "" })).toEqual([expect.stringMatching(new RegExp(`^--${flag} must `))])
  }
})

test("a flag wins over the environment, and the name of gamenight over the common one", () => {
  const env = { GAMENIGHT_PORT: "5001", PORT: "5002" }
  expect(read(env, { port: "5003" }).port).toBe(5003)
  expect(read(env).port).toBe(5001)
  expect(read({ PORT: "5002" }).port).toBe(5002)
  expect(read({ GAMENIGHT_PORT: "", PORT: "5002" }).port).toBe(5002)
  expect(read({ GAMENIGHT_PORT_FILE: "/run/port", PORT: "5002" }).port).toBe(5001)
})

test("every setting of gamenight can stand in a file", () => {
  expect(read({ GAMENIGHT_ADMIN_KEY_FILE: "/run/key" }).adminKey).toBe("the key of the owner")
  expect(read({ GAMENIGHT_PORT_FILE: "/run/port" }).port).toBe(5001)
  for (const { env } of Object.values(SETTINGS)) {
    const name = `${env[0]}_FILE`
    expect(problems({ [name]: "/nowhere" })).toEqual([
      `${name} cannot be read: ENOENT: no such file, open '/nowhere'`,
    ])
  }
})

test("the delay of a source has a name of its own, also for a file, and the list goes before it", () => {
  const env = {
    GAMENIGHT_VOTE_DELAY_TWITCH: "8s",
    GAMENIGHT_VOTE_DELAY_MY_CHAT: "",
    GAMENIGHT_VOTE_DELAY_IRC_FILE: "/run/delay",
  }
  expect(read(env).voteDelay).toEqual({ TWITCH: 8_000, IRC: 90_000 })
  const both = { TWITCH: 5_000, IRC: 90_000, KOSMI: 1_000 }
  expect(read(env, { "vote-delay": "twitch=5s,kosmi=1s" }).voteDelay).toEqual(both)
  expect(read({ ...env, GAMENIGHT_VOTE_DELAY: "twitch=5s,kosmi=1s" }).voteDelay).toEqual(both)
})

test("a delay that is none, too long or of no source is listed with the others", () => {
  const env = {
    GAMENIGHT_VOTE_DELAY_TWITCH: "8",
    GAMENIGHT_VOTE_DELAY_IRC: "11m",
    GAMENIGHT_VOTE_DELAY_KOSMI: "-1s",
    GAMENIGHT_VOTE_DELAY_: "8s",
    GAMENIGHT_VOTE_DELAY_twitch: "8s",
    GAMENIGHT_VOTE_DELAYS: "8s",
    GAMENIGHT_VOTE_DELAY_X_FILE: "/nowhere",
  }
  const why = "must be a duration of 10m at most, such as 8s, or 0"
  expect(problems(env)).toEqual([
    "GAMENIGHT_VOTE_DELAYS is not a setting",
    "GAMENIGHT_VOTE_DELAY_ is not a setting",
    "GAMENIGHT_VOTE_DELAY_twitch is not a setting",
    "GAMENIGHT_VOTE_DELAY_X_FILE cannot be read: ENOENT: no such file, open '/nowhere'",
    `GAMENIGHT_VOTE_DELAY_IRC ${why}`,
    `GAMENIGHT_VOTE_DELAY_KOSMI ${why}`,
    `GAMENIGHT_VOTE_DELAY_TWITCH ${why}`,
  ])
})

test("an empty file is a mistake, and so is a setting that is given twice", () => {
  expect(problems({ GAMENIGHT_ADMIN_KEY_FILE: "/run/empty" })).toEqual([
    "GAMENIGHT_ADMIN_KEY_FILE must have 8 characters or more",
  ])
  expect(problems({ GAMENIGHT_PORT: "5001", GAMENIGHT_PORT_FILE: "/run/port" })).toEqual([
    "GAMENIGHT_PORT and GAMENIGHT_PORT_FILE are both set: keep one",
  ])
})

test("names that look like settings and are none are listed, other people's are left alone", () => {
  const env = {
    GAMENIGHT_PROT: "1",
    GAMENIGHT_: "1",
    GAMENIGHT_PORT_FILE_FILE: "1",
    PORTS: "1",
    ADMIN_KEYS: "1",
    gamenight_port: "1",
  }
  expect(problems(env)).toEqual([
    "GAMENIGHT_ is not a setting",
    "GAMENIGHT_PORT_FILE_FILE is not a setting",
    "GAMENIGHT_PROT is not a setting",
  ])
})

test("every mistake is listed at once, and no secret is shown", () => {
  const env = { GAMENIGHT_X: "1", GAMENIGHT_PORT: "x", ADMIN_KEY: "tiny", GAMENIGHT_JWT_SECRET: "short" }
  const listed = problems(env, { host: "a b", "vote-policy": "none" })
  expect(listed).toEqual([
    "GAMENIGHT_X is not a setting",
    "GAMENIGHT_PORT must be a whole number from 0 to 65535",
    "--host must be an address or a host name",
    "ADMIN_KEY must have 8 characters or more",
    "GAMENIGHT_JWT_SECRET must have 32 bytes or more",
    "--vote-policy must be latest or every",
  ])
  expect(listed.join()).not.toMatch(/tiny|short/)
})

test("no two settings share a flag or a name", () => {
  const settings = Object.values(SETTINGS)
  const names = settings.flatMap(({ flag, env }) => [flag, ...env])
  expect(new Set(names).size).toBe(names.length)
  for (const { env } of settings) expect(env[0]).toStartWith("GAMENIGHT_")
})
