/** Every command behind a word, and the help; loaded when one is asked for, since citty slows a start down. */
import { stripVTControlCharacters } from "node:util"
import { type CommandDef, defineCommand, renderUsage, runCommand } from "citty"
import { escapeControls } from "../control-characters.ts"
import { StartError } from "../errors.ts"
import { VERSION } from "../version.ts"
import { adminCommand } from "./admin.ts"
import { backupCommand } from "./backup.ts"
import { type Surroundings, settingFlags } from "./command.ts"
import { listenCommand } from "./listen.ts"
import { restoreCommand } from "./restore.ts"
import { serve } from "./serve.ts"
import { tokenCommand } from "./token.ts"
import { versionCommand } from "./version.ts"

/** Runs the command that `words` name, or prints its help. */
export async function runWords(surroundings: Surroundings, words: readonly string[]): Promise<void> {
  const { command, path, rest } = find(rootCommand(surroundings), words)
  try {
    if (words.some(isHelp)) surroundings.print(await usage(command, path))
    else await runCommand(command, { rawArgs: [...rest] })
  } catch (error) {
    if (!(error instanceof Error && error.name === "CLIError")) throw error
    throw new StartError(`Cannot run this: ${stripVTControlCharacters(error.message)}; see --help`, 2)
  }
}

const rootCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "gamenight", version: VERSION, description: "Runs a party-game night" },
    subCommands: {
      serve: defineCommand({
        meta: { name: "serve", description: "Run the service (what gamenight does by itself)" },
        args: settingFlags,
        run: async ({ rawArgs }) => surroundings.finish(await serve(surroundings, rawArgs)),
      }),
      listen: listenCommand(surroundings),
      token: tokenCommand(surroundings),
      admin: adminCommand(surroundings),
      backup: backupCommand(surroundings),
      restore: restoreCommand(surroundings),
      version: versionCommand(surroundings),
    },
  })

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
