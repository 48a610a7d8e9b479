/** What a service keeps for a reader that takes nothing, measured to the byte: all that it sent, less what the system holds. */
import { expect, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { LIMITS } from "../../src/protocol.ts"
import { asAdmin } from "../support/api.ts"
import { followingBot } from "../support/bot.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import { openFrom } from "../support/raw-socket.ts"
import { startServer } from "../support/server.ts"

/** The system's own account of its connections, which Linux alone keeps here. */
const CONNECTIONS = "/proc/net/tcp"

/** Letters of three bytes each, so that a service which counts letters keeps too much. */
const NOTES = "ツ".repeat(2_000)
/** Frames between two looks while the system still takes all: together less than the limit. */
const SELDOM = 8

/** Bytes on their way to the connection with this port of ours; undefined once the service let go of it. */
function heldBySystem(port: number): number | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  const rows = readFileSync(CONNECTIONS, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
  const theirs = rows.find(([, , remote]) => remote?.endsWith(end))
  const ours = rows.find(([, local]) => local?.endsWith(end))
  if (theirs?.[3] !== "01") return undefined
  const queued = (row: string[] | undefined, side: number) =>
    Number.parseInt(row?.[4]?.split(":")[side] ?? "0", 16)
  return queued(theirs, 0) + queued(ours, 1)
}

test.skipIf(!existsSync(CONNECTIONS)).each([
  ["the compiled file", COMPILED],
  ["the Node bundle", NODE_BUNDLE],
])("a reader that stops is cut once 64 KiB wait for it: %s (needs /proc/net/tcp)", async (_name, command) => {
  const server = await startServer(command, { env: { GAMENIGHT_RATE_LIMITS: "off" } })
  const admin = await asAdmin(server)
  const reader = await openFrom(server, "127.0.0.2", { type: "auth", token: admin.token })
  const good = await followingBot(server, admin.token)
  const port = reader.stream.localPort ?? 0
  let sent = 0
  let frame = 0
  let kept = 0
  let gone = 0
  /** What the reader took before it stopped for good: from then on the system holds all that comes. */
  let taken: number | undefined
  for (let n = 0; ; n++) {
    const { body } = await admin("POST", "/api/sessions", { notes: NOTES })
    frame = Buffer.byteLength(JSON.stringify(await good.next("session.started"))) + 4
    await admin("POST", `/api/sessions/${body.id}/close`)
    sent += frame
    if (n % SELDOM !== 0 && kept <= frame) continue
    const held = heldBySystem(port)
    if (held === undefined) break
    if (sent - held === gone) taken ??= gone
    gone = sent - held
    kept = taken === undefined ? 0 : gone - taken
  }
  expect(kept).toBeGreaterThan(LIMITS.writeBufferBytes - frame)
  expect(kept).toBeLessThanOrEqual(LIMITS.writeBufferBytes + frame)
  expect(await good.drain()).toEqual([])
  reader.stream.destroy()
  expect(await server.stop()).toBe(0)
})
