/** A service from its start to its stop: the port first, then the program behind it. */

import type { FirstRun } from "./admins.ts"
import type { Config } from "./config.ts"
import { LIMITS_FILE } from "./file-limit.ts"
import type { Fetch, Host } from "./hosts/host.ts"
import { stoppingResponse } from "./http/problem.ts"
import type { Found, ProgramOptions } from "./program.ts"
import { SOCKET_PATH } from "./protocol.ts"
import { readSecret } from "./secret.ts"
import { closeDatabaseToOthers } from "./store/folder.ts"

export type RunningServer = {
  url: string
  socketUrl: string
  /** The key and the one-time link made at a first start without a configured key. */
  firstRun: { key: string; setupUrl: string } | undefined
  /** Tells the sockets, finishes the answers in flight, empties the write-ahead log. */
  stop(): Promise<void>
}

/** Throws `StartError` with one plain sentence when it cannot start. */
export async function startServer(
  host: Host,
  config: Config,
  { log, onBroken }: Pick<ProgramOptions, "log" | "onBroken">,
): Promise<RunningServer> {
  const { promise: opened, resolve: answerWith } = Promise.withResolvers<Fetch>()
  let answer: Fetch = async (request, env) => (await opened)(request, env)
  const turnTo = (fetch: Fetch) => {
    answer = fetch
    answerWith(fetch)
  }
  // First of all: where the port is taken nothing else is touched. What is asked before all is ready waits for it.
  const { port, stop } = await host.listen({
    port: config.port,
    hostname: config.host,
    fetch: (request, env) => answer(request, env),
  })
  try {
    // Bun collects garbage once it listens, which takes longer the more is loaded by then.
    const [{ openProgram }, found] = await Promise.all([import("./program.ts"), readFolder(host, config)])
    const program = await openProgram({ host, config, found, log, onBroken })
    turnTo(program.fetch)
    host.started()
    return {
      ...placesOf(config, port, program.first),
      async stop() {
        turnTo(stoppingResponse)
        program.part()
        await stop()
        await program.close()
      },
    }
  } catch (error) {
    turnTo(stoppingResponse)
    await stop()
    throw error
  }
}

/** What can be read while the program loads. Other users lose their rights to the database before it is opened. */
async function readFolder({ files }: Host, { dataDir, jwtSecret }: Config): Promise<Found> {
  const [limits, secret] = await Promise.all([
    files.read(LIMITS_FILE),
    jwtSecret ?? readSecret(files, dataDir),
    closeDatabaseToOthers(files, dataDir),
  ])
  return { limits, secret }
}

/** Where people find the service. */
function placesOf(
  { host, publicUrl }: Config,
  port: number,
  first: FirstRun | undefined,
): Pick<RunningServer, "url" | "socketUrl" | "firstRun"> {
  const name = host.includes(":") ? `[${host}]` : host
  const url = `http://${name}:${port}`
  const reachable = publicUrl ?? (/^(0\.0\.0\.0|\[::\])$/.test(name) ? `http://localhost:${port}` : url)
  return {
    url,
    socketUrl: `${reachable.replace(/^http/, "ws")}${SOCKET_PATH}`,
    firstRun: first && { key: first.key, setupUrl: `${reachable}/setup?code=${first.setupCode}` },
  }
}
