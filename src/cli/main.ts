/** The command line: `gamenight` alone serves, everything else is a word behind it. */
import { stripVTControlCharacters } from "node:util"
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
  const output = createOutput()
  const surroundings: Surroundings = {
    host,
    env,
    print: output.print,
    log: (line) => void process.stderr.write(`${escapeControls(line)}\n`),
    finish: (code) => {
      exitCode = code
    },
  }
  const words = withDefault(argv)
  try {
    const { command, path, rest } = find(rootCommand(surroundings), words)
    if (words.some(isHelp)) surroundings.print(await usage(command, path))
    else await runCommand(command, { rawArgs: [...rest] })
    await output.flush()
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

const isHelp = (word: string | undefined): boolean => word === "--help" || word === "-h"

type Found = { command: CommandDef; path: readonly string[]; rest: readonly string[] }

/** Walks down the words to their command. Throws `StartError` with exit code 2 where there is none. */
function find(root: CommandDef, words: readonly string[]): Found {
  let command = root
  const path = ["gamenight"]
  for (const [at, word] of [...words, undefined].entries()) {
    const children = command.subCommands as Record<string, CommandDef> | undefined
    if (!children || isHelp(word)) return { command, path, rest: words.slice(at) }
    const next = word !== undefined && Object.hasOwn(children, word) ? children[word] : undefined
    if (!next) {
      const wrong = word === undefined ? "a word is missing" : `there is no "${escapeControls(word)}"`
      const known = Object.keys(children).join(", ")
      throw new StartError(`Cannot run this: ${wrong} behind ${path.join(" ")}; use one of ${known}`, 2)
    }
    command = next
    path.push(word as string)
  }
  return { command, path, rest: [] }
}

async function usage(command: CommandDef, path: readonly string[]): Promise<string> {
  const name = path.slice(0, -1).join(" ")
  const text = await renderUsage(command, name ? { meta: { name, version: VERSION } } : undefined)
  return process.stdout.isTTY ? text : stripVTControlCharacters(text)
}

/** Standard output that says when all of it has left: exiting sooner would cut a slow pipe short. */
function createOutput() {
  const { stdout } = process
  const written: Promise<Error | null | undefined>[] = []
  // The callback of the write has the same error; without a listener this one would end the process.
  stdout.on("error", () => undefined)
  return {
    print: (line: string) =>
      void written.push(new Promise((resolve) => void stdout.write(`${line}\n`, resolve))),
    async flush() {
      const failed = (await Promise.all(written)).find((error) => error && !isGone(error))
      if (failed) throw new StartError(`Cannot print: ${failed.message}`, 1)
    },
  }
}

/** Whoever reads went away, as `head` does once it has enough. */
const isGone = (error: Error): boolean => "code" in error && error.code === "EPIPE"

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
    process.stderr.write(`Cannot run this: ${stripVTControlCharacters(error.message)}; see --help\n`)
    return 2
  }
  process.stderr.write(`Internal error: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 1
}

/** One event is one line, whatever text a client put into it. */
const escapeControls = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escaping them is the point
  line.replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => JSON.stringify(control).slice(1, -1))
