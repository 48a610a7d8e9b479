/** `gamenight serve`: runs the service until it is told to stop. */
import { defineCommand } from "citty"
import { startServer } from "../server.ts"
import { configFrom, refuseUnknown, type Surroundings, settingFlags } from "./command.ts"

export const serveCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "serve", description: "Run the service (what gamenight does by itself)" },
    args: settingFlags,
    async run({ args, rawArgs }) {
      refuseUnknown(args, rawArgs, settingFlags)
      surroundings.finish(await serve(surroundings, args as Record<string, string | undefined>))
    },
  })

async function serve(surroundings: Surroundings, flags: Record<string, string | undefined>): Promise<number> {
  const { host, print, log } = surroundings
  const config = configFrom(surroundings, flags)
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  const onBroken = (error: unknown) => {
    log(`[Store] The disk failed under a write, so nothing more is written: ${error}`)
    end(1)
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => end(0))

  const server = await startServer(host, config, { log, onBroken })
  if (server.firstRun) {
    log("First start. This key logs you in as admin; it is shown this once only:")
    log(`  ${server.firstRun.key}`)
    log("or open this link, which works once:")
    log(`  ${server.firstRun.setupUrl}`)
  }
  print(`Listening on ${server.url}`)
  const exitCode = await ended
  // After a failed disk nothing is left to save, and the log must not be emptied over what may not be there.
  if (exitCode === 0) await server.stop()
  return exitCode
}
