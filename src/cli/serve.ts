/** `gamenight serve`: runs the service until it is told to stop. */

import { startServer } from "../server.ts"
import { SETTINGS } from "../settings.ts"
import { configFrom, type Surroundings } from "./command.ts"

/** Runs until the process is told to stop, and gives its exit code. */
export async function serve(surroundings: Surroundings, words: readonly string[]): Promise<number> {
  const { host, print, log } = surroundings
  const { flags, problems } = flagsFrom(words)
  const config = configFrom(surroundings, flags, problems)
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let broken = false
  const onBroken = (error: unknown) => {
    log(`[Store] The disk failed under a write, so nothing more is written: ${error}`)
    broken = true
    end()
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => end())

  const server = await startServer(host, config, { log, onBroken })
  if (server.firstRun) {
    log("First start. This key logs you in as admin; it is shown this once only:")
    log(`  ${server.firstRun.key}`)
    log("or open this link, which works once:")
    log(`  ${server.firstRun.setupUrl}`)
  }
  print(`Listening on ${server.url}`)
  await ended
  // After a failed disk nothing is left to save, and nobody should wait for the next start.
  if (!broken) await server.stop()
  return broken ? 1 : 0
}

/** `--flag value` and `--flag=value`; the other commands leave this to citty, which a start should not wait for. */
function flagsFrom(words: readonly string[]): { flags: Record<string, string>; problems: string[] } {
  const known = new Set<string>(Object.values(SETTINGS).map(({ flag }) => flag))
  const flags: Record<string, string> = {}
  const problems: string[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, dashes = "", name = "", value] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    if (dashes === "") problems.push(`"${word}" is one argument too many, see --help`)
    else if (dashes === "-" || !known.has(name)) problems.push(`${dashes}${name} is no flag, see --help`)
    else {
      const given = value ?? (rest[0]?.startsWith("--") ? undefined : rest.shift())
      if (given === undefined) problems.push(`--${name} needs a value`)
      else flags[name] = given
    }
  }
  return { flags, problems }
}
