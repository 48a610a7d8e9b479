/** The command line: `gamenight` alone serves, everything else is a word behind it. */
import type { Environment } from "../config.ts"
import { escapeControls } from "../control-characters.ts"
import { AppError, defectIn, StartError } from "../errors.ts"
import type { Host } from "../hosts/host.ts"
import type { Surroundings } from "./command.ts"
import { logLine, printLine } from "./output.ts"
import { serve } from "./serve.ts"

/** Runs one command to its end and gives the exit code. */
export async function runCommandLine(host: Host, argv: readonly string[], env: Environment): Promise<number> {
  let exitCode = 0
  const surroundings: Surroundings = {
    host,
    env,
    print: printLine,
    log: (line) => logLine(escapeControls(line)),
    finish: (code) => {
      exitCode = code
    },
  }
  try {
    if (isService(argv)) return await serve(forService(surroundings), argv.slice(argv[0] === "serve" ? 1 : 0))
    const { runWords } = await import("./commands.ts")
    await runWords(surroundings, argv[0] === "--version" || argv[0] === "-v" ? ["version"] : argv)
    return exitCode
  } catch (error) {
    return report(error)
  }
}

/** Without a command word it is `serve`, whatever flags follow; help and version are commands of their own. */
const isService = (argv: readonly string[]): boolean =>
  (argv[0] === undefined || argv[0] === "serve" || argv[0].startsWith("-")) &&
  !argv.some((word) => ["--help", "-h", "--version", "-v"].includes(word))

/** A service says one line and logs the rest: the console does, and needs no file system. */
const forService = (surroundings: Surroundings): Surroundings => ({
  ...surroundings,
  print: (line) => console.log(line),
  log: (line) => console.error(escapeControls(line)),
})

function report(error: unknown): number {
  if (error instanceof StartError) {
    logLine(error.message)
    return error.exitCode
  }
  if (error instanceof AppError) {
    logLine(error.message)
    return 1
  }
  logLine(defectIn(error))
  return 1
}
