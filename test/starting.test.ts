/** What is asked while a service starts: the port is open by then, and nothing else is ready. */
import { expect, onTestFinished, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { readConfig } from "../src/config.ts"
import { createBunHost } from "../src/hosts/bun.ts"
import type { Host } from "../src/hosts/host.ts"
import { SOCKET_PATH } from "../src/protocol.ts"
import { startServer } from "../src/server.ts"
import { ADMIN_KEY, newFolder } from "./support/server.ts"

/** Starts a service whose port has heard a request and a handshake before anything else is begun. */
async function startAsked(dataDir: string) {
  const host = createBunHost()
  let asked: { status: Promise<number>; said: Promise<string>; port: number } | undefined
  const early: Host = {
    ...host,
    async listen(options) {
      const { promise: bothCame, resolve } = Promise.withResolvers<void>()
      let came = 0
      const listening = await host.listen({
        ...options,
        fetch(request, env) {
          if (++came === 2) resolve()
          return options.fetch(request, env)
        },
      })
      const { port } = listening
      const status = fetch(`http://127.0.0.1:${port}/health/ready`).then((answer) => answer.status)
      asked = { status, said: firstWord(port), port }
      await bothCame
      return listening
    },
  }
  const flags = { port: "0", host: "127.0.0.1", "data-dir": dataDir }
  const config = readConfig({ GAMENIGHT_ADMIN_KEY: ADMIN_KEY }, flags, String)
  const running = startServer(early, config, { log() {}, onBroken() {} })
  await running.catch(() => {})
  if (!asked) throw new Error("Cannot ask: the port was never open")
  return { running, ...asked }
}

/** What a socket that talks nonsense is told. */
const firstWord = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`)
    socket.onopen = () => socket.send("{}")
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).code)
    socket.onclose = () => resolve("closed")
  })

test("a request and a socket that come during the start are answered once all is ready", async () => {
  const { running, status, said } = await startAsked(join(newFolder(), "data"))
  const { stop } = await running
  onTestFinished(stop)
  expect(await Promise.all([status, said])).toEqual([200, "invalid_message"])
})

test("a start that fails sends away who came during it, and leaves the port", async () => {
  const dataDir = newFolder()
  writeFileSync(join(dataDir, "gamenight.db"), "no database at all ".repeat(1_000))
  const { running, status, said, port } = await startAsked(dataDir)
  await expect(running).rejects.toMatchObject({ name: "StartError" })
  expect(await Promise.all([status, said])).toEqual([503, "closed"])
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
})
