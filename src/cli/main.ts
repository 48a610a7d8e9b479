/** The command line: `gamenight` alone serves, everything else is a word behind it. */
import { type CommandDef, defineCommand, renderUsage, runCommand } from "citty"
import type { Environment } from "../config.ts"
import { AppError, StartError } from "../errors.ts"
import type { Host } from "../hosts/host.ts"
import { VERSION } from "../version.ts"
import { adminCommand } from "./admin.ts"
import type { Surroundings } from "./command.ts"
import { listenCommand } from "./listen.ts"
import { serveCommand } from "./serve.ts"
import { tokenCommand } from "./token.ts"
import { versionCommand } from "./version.ts"

/** Runs one command to its end and gives the exit code. */
export async function runCommandLine(host: Host, argv: readonly string[], env: Environment): Promise<number> {
  let exitCode = 0
  const surroundings: Surroundings = {
    host,
    env,
    print: (line) => void process.stdout.write(`${line}\n`),
    log: (line) => void process.stderr.write(`${escapeControls(line)}\n`),
    finish: (code) => {
      exitCode = code
    },
  }
  const root = rootCommand(surroundings)
  const words = withDefault(argv)
  try {
    if (words.some((word) => word === "--help" || word === "-h")) surroundings.print(await usage(root, words))
    else await runCommand(root, { rawArgs: [...words] })
    return exitCode
  } catch (error) {
    return report(error)
  }
}

const rootCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "gamenight", version: VERSION, description: "Runs a party-game night" },
    subCommands: {
      serve: serveCommand(surroundings),
      listen: listenCommand(surroundings),
      token: tokenCommand(surroundings),
      admin: adminCommand(surroundings),
      version: versionCommand(surroundings),
    },
  })

/** Without a command word it is `serve`, whatever flags follow. */
function withDefault(argv: readonly string[]): readonly string[] {
  const [first] = argv
  if (first === "--version" || first === "-v") return ["version"]
  if (first === "--help" || first === "-h") return argv
  return first === undefined || first.startsWith("-") ? ["serve", ...argv] : argv
}

async function usage(root: CommandDef, words: readonly string[]): Promise<string> {
  let command: CommandDef = root
  let parent: CommandDef | undefined
  for (const word of words) {
    const next = ((await command.subCommands) as Record<string, CommandDef> | undefined)?.[word]
    if (!next) break
    parent = command
    command = next
  }
  return renderUsage(command, parent)
}

function report(error: unknown): number {
  if (error instanceof StartError) {
    process.stderr.write(`${error.message}\n`)
    return error.exitCode
  }
  if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n`)
    return 1
  }
  if (error instanceof Error && error.name === "CLIError") {
    process.stderr.write(`Cannot run this: ${error.message}; see gamenight --help\n`)
    return 2
  }
  process.stderr.write(`Internal error: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

/** One event is one line, whatever text a client put into it. */
const escapeControls = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escaping them is the point
  line.replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => JSON.stringify(control).slice(1, -1))
