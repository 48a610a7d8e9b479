/** Flags, environment and the files behind `_FILE`; words and flags that do not exist. */
import { expect, test } from "bun:test"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { asAdmin } from "../support/api.ts"
import { newFolder, startServer } from "../support/server.ts"
import { compiled, outputOf, run, start } from "./program.ts"

const KEY = "a-key-of-the-owner"

function fileWith(text: string): string {
  const path = join(newFolder(), "setting")
  writeFileSync(path, text)
  return path
}

test("every wrong setting is listed at once, and nothing is made", async () => {
  const dataDir = join(newFolder(), "data")
  const missing = join(newFolder(), "missing")
  const env = {
    GAMENIGHT_PORTS: "5000",
    GAMENIGHT_SECRET_FILE: "/dev/null",
    GAMENIGHT_PORT: "70000",
    GAMENIGHT_JWT_SECRET: "31 bytes are one byte too short",
    GAMENIGHT_ADMIN_KEY_FILE: missing,
    GAMENIGHT_HOST: "127.0.0.1",
    GAMENIGHT_HOST_FILE: missing,
    GAMENIGHT_VOTE_POLICY: "loudest",
    GAMENIGHT_PUBLIC_URL: "ftp://example.org",
    GAMENIGHT_RATE_LIMITS: "maybe",
  }
  const flags = [
    "--data-dir",
    dataDir,
    "--prot=1",
    "-port",
    "0",
    "--no-host",
    "--max-sockets",
    "many",
    "--port",
  ]
  const ended = await run(flags, { env })
  expect(ended.exitCode).toBe(2)
  expect(ended.stdout).toBe("")
  const [first, ...problems] = ended.stderr.trimEnd().split("\n")
  expect(first).toBe("Cannot start: the settings are wrong")
  expect(problems.sort()).toEqual([
    '  "0" is one argument too many, see --help',
    "  --max-sockets must be a whole number from 1 to 100000",
    "  --no-host is no flag, see --help",
    "  --port needs a value",
    "  --prot is no flag, see --help",
    "  -port is no flag, see --help",
    expect.stringContaining("  GAMENIGHT_ADMIN_KEY_FILE cannot be read: ENOENT"),
    "  GAMENIGHT_HOST and GAMENIGHT_HOST_FILE are both set: keep one",
    "  GAMENIGHT_JWT_SECRET must have 32 bytes or more",
    "  GAMENIGHT_PORT must be a whole number from 0 to 65535",
    "  GAMENIGHT_PORTS is not a setting",
    "  GAMENIGHT_PUBLIC_URL must be an http or https URL",
    "  GAMENIGHT_RATE_LIMITS must be on or off",
    "  GAMENIGHT_SECRET_FILE is not a setting",
    "  GAMENIGHT_VOTE_POLICY must be latest or every",
  ])
  expect(existsSync(dataDir)).toBeFalse()
})

test.each([
  [["--prot=0"], ["--prot is no flag, see --help"]],
  [
    ["-p", "0"],
    ["-p is no flag, see --help", '"0" is one argument too many, see --help'],
  ],
  [["serve", "now"], ['"now" is one argument too many, see --help']],
  [["--data-dir", ":memory:"], ["--data-dir must be a folder"]],
])("a wrong flag stops the start like any wrong setting: %j", async (args, problems) => {
  const stderr = ["Cannot start: the settings are wrong", ...problems.map((one) => `  ${one}`), ""].join("\n")
  expect(await run(args)).toEqual({ exitCode: 2, stdout: "", stderr })
})

test("a wrong setting does not show the secret in it", async () => {
  const env = { GAMENIGHT_JWT_SECRET: "short-secret", GAMENIGHT_ADMIN_KEY: "tiny" }
  const { exitCode, stderr } = await run([], { env })
  expect(exitCode).toBe(2)
  expect(stderr).not.toMatch(/short-secret|tiny/)
})

test.each([
  ["--port", "-1"],
  ["--port", "5000.5"],
  ["--port", ""],
  ["--admin-key", "seven77"],
  ["--public-reads", "perhaps"],
  ["--allowed-origins", "example.org"],
  ["--vote-rate", "0"],
])("%s %p is refused by its name", async (flag, value) => {
  const dataDir = join(newFolder(), "data")
  const { exitCode, stdout, stderr } = await run(["serve", "--data-dir", dataDir, `${flag}=${value}`])
  expect(stderr).toMatch(new RegExp(`^Cannot start: the settings are wrong\n {2}${flag} must .+\n$`))
  expect([exitCode, stdout]).toEqual([2, ""])
})

test("flags win over the environment", async () => {
  const unused = join(newFolder(), "data")
  const env = { GAMENIGHT_HOST: "192.0.2.1", GAMENIGHT_DATA_DIR: unused, GAMENIGHT_PORT: "1", PORT: "2" }
  const server = await startServer([compiled()], { env, flags: ["--admin-key", KEY] })
  await asAdmin(server, KEY)
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,}$/)
  expect(existsSync(unused)).toBeFalse()
  await server.stop()
})

test("the environment alone is enough, GAMENIGHT_PORT before PORT and ADMIN_KEY as well", async () => {
  const dataDir = join(newFolder(), "data")
  const env = {
    GAMENIGHT_HOST: "127.0.0.1",
    GAMENIGHT_PORT: "0",
    PORT: "none",
    GAMENIGHT_DATA_DIR: dataDir,
    ADMIN_KEY: KEY,
  }
  const server = start([], { env })
  const [, url = ""] = /^Listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(await server.printed("\n")) ?? []
  await asAdmin({ url }, KEY)
  expect(existsSync(join(dataDir, "gamenight.db"))).toBeTrue()
  server.kill("SIGTERM")
  expect((await server.ended).exitCode).toBe(0)
})

test("an empty variable is as good as none", async () => {
  const env = { GAMENIGHT_PORT: "", GAMENIGHT_JWT_SECRET: "", GAMENIGHT_ADMIN_KEY_FILE: "" }
  const server = await startServer([compiled()], { env })
  expect(await server.stop()).toBe(0)
})

test("a setting may stand in the file that its _FILE names", async () => {
  const secret = "0123456789abcdef0123456789abcdef"
  const env = {
    GAMENIGHT_ADMIN_KEY: "",
    GAMENIGHT_ADMIN_KEY_FILE: fileWith(`${KEY}\n`),
    GAMENIGHT_JWT_SECRET_FILE: fileWith(`${secret}\n`),
  }
  const server = await startServer([compiled()], { env })
  const admin = await asAdmin(server, KEY)
  expect(existsSync(join(server.dataDir, "secret"))).toBeFalse()
  await server.stop()

  const again = await startServer([compiled()], {
    dataDir: server.dataDir,
    env: { GAMENIGHT_JWT_SECRET: secret },
  })
  expect((await fetch(`${again.url}/api/tokens`, { headers: bearer(admin.token) })).status).toBe(200)
  await again.stop()
})

/** RFC 7519 section 3: three parts in base64url. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

const bearer = (token: string | undefined) => ({ authorization: `Bearer ${token}` })

test("the data folder is gamenight below XDG_DATA_HOME, else below ~/.local/share", async () => {
  const home = newFolder()
  await outputOf(["token", "create", "bot"], { env: { HOME: home, XDG_DATA_HOME: "" } })
  expect(existsSync(join(home, ".local/share/gamenight/gamenight.db"))).toBeTrue()
  await outputOf(["token", "create", "bot"], { env: { HOME: home, XDG_DATA_HOME: join(home, "xdg") } })
  expect(existsSync(join(home, "xdg/gamenight/gamenight.db"))).toBeTrue()
})

test("a .env or bunfig.toml in the working folder changes nothing", async () => {
  const cwd = newFolder()
  writeFileSync(join(cwd, ".env"), "GAMENIGHT_PORT=none\n")
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./missing.ts"]\n')
  expect(await outputOf(["token", "create", "bot", "--data-dir", join(cwd, "data")], { cwd })).toMatch(JWT)
})

test.each([
  [["token", "list", "--no-json"], "--no-json is not a flag of this command; see --help"],
  [["token", "list", "-json"], "-json is not a flag of this command; see --help"],
  [["token", "list", "-data-dir=here"], "-data-dir is not a flag of this command; see --help"],
  [
    ["token", "list", "--role", "bot"],
    '--role is not a flag of this command; "bot" is one argument too many; see --help',
  ],
  [["token", "revoke"], "Missing required positional argument: ID; see --help"],
  [["listen", "17"], "Missing required positional argument: TOKEN; see --help"],
  [
    ["srve"],
    'there is no "srve" behind gamenight; use one of serve, listen, token, admin, backup, restore, version',
  ],
  [["token"], "a word is missing behind gamenight token; use one of create, list, revoke"],
  [["token", "crate"], 'there is no "crate" behind gamenight token; use one of create, list, revoke'],
  [
    ["token", "--json", "list"],
    'there is no "--json" behind gamenight token; use one of create, list, revoke',
  ],
  [
    ["constructor"],
    'there is no "constructor" behind gamenight; use one of serve, listen, token, admin, backup, restore, version',
  ],
])("wrong use is said and ends with 2: %j", async (args, why) => {
  const env = { GAMENIGHT_DATA_DIR: join(newFolder(), "data") }
  expect(await run(args, { env })).toEqual({ exitCode: 2, stdout: "", stderr: `Cannot run this: ${why}\n` })
  expect(existsSync(env.GAMENIGHT_DATA_DIR)).toBeFalse()
})

test("a value may begin with a dash, as keys can", async () => {
  const server = await startServer([compiled()], { flags: ["--admin-key", "-dashed-key"] })
  await asAdmin(server, "-dashed-key")
  await server.stop()
})

const SETTING_FLAGS = [
  "--port",
  "--host",
  "--data-dir",
  "--admin-key",
  "--jwt-secret",
  "--public-url",
  "--allowed-origins",
  "--public-reads",
  "--vote-policy",
  "--rate-limits",
  "--max-sockets",
  "--vote-rate",
  "--vote-burst",
]

test.each([
  ["", ["serve", "listen", "token", "admin", "version"]],
  ["serve", SETTING_FLAGS],
  ["listen", ["<SESSION_ID> <TOKEN>", "--url"]],
  ["token", ["create", "list", "revoke"]],
  ["token create", ["<NAME>", "--role", "--days", "--json", ...SETTING_FLAGS]],
  ["token list", ["--json", ...SETTING_FLAGS]],
  ["token revoke", ["<ID>", ...SETTING_FLAGS]],
  ["admin", ["create"]],
  ["admin create", ["<NAME>", "--json", ...SETTING_FLAGS]],
  ["backup", ["[FILE]", "--json", ...SETTING_FLAGS]],
  ["restore", ["<FILE>", "--json", ...SETTING_FLAGS]],
  ["version", ["--json"]],
])("gamenight %s --help names what there is", async (command, names) => {
  const words = command.split(" ").filter(Boolean)
  for (const help of ["--help", "-h"]) {
    const text = await outputOf([...words, help])
    expect(text).toContain(`USAGE ${["gamenight", ...words].join(" ")} `)
    for (const name of names) expect(text).toMatch(new RegExp(`${name}(?![\\w-])`))
    expect(text).not.toContain("\u001b")
  }
})
