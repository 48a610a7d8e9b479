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

/** Starts a service and asks it things at the moment in which its port opens. */
async function startAsked<T>(dataDir: string, ask: (port: number) => T) {
  const host = createBunHost()
  let asked: { answer: T; port: number } | undefined
  const early: Host = {
    ...host,
    async listen(options) {
      const listening = await host.listen(options)
      const { port } = listening
      asked = { answer: ask(port), port }
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

const opened = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${SOCKET_PATH}`)
    socket.onopen = () => socket.send("{}")
    socket.onmessage = ({ data }) => resolve(JSON.parse(data).code)
    socket.onclose = () => resolve("closed")
  })

test("a request and a socket that come during the start are answered once all is ready", async () => {
  const { running, answer } = await startAsked(join(newFolder(), "data"), (port) =>
    Promise.all([fetch(`http://127.0.0.1:${port}/health/ready`).then(({ status }) => status), opened(port)]),
  )
  const { stop } = await running
  onTestFinished(stop)
  expect(await answer).toEqual([200, "invalid_message"])
})

test("a start that fails sends away who came during it, and leaves the port", async () => {
  const dataDir = newFolder()
  writeFileSync(join(dataDir, "gamenight.db"), "no database at all ".repeat(1_000))
  const { running, answer, port } = await startAsked(dataDir, (port) =>
    Promise.all([fetch(`http://127.0.0.1:${port}/health`).then(({ status }) => status), opened(port)]),
  )
  await expect(running).rejects.toMatchObject({ name: "StartError" })
  expect(await answer).toEqual([503, "closed"])
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
})
