/** What a service keeps for a reader that takes nothing, to the byte: all that it sent, less what the system holds. */
import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { LIMITS } from "../../src/protocol.ts"
import { followingBot } from "../support/bot.ts"
import { COMPILED, NODE_BUNDLE } from "../support/programs.ts"
import type { TestServer } from "../support/server.ts"
import { missingLinux } from "./figures.ts"
import { openSiege } from "./night.ts"
import { stuckFollowers } from "./stuck.ts"

/** As long as a name may be, in letters of three bytes, so that who counts letters keeps too much. */
const NAME = "ツ".repeat(58)
/** Votes between two looks, which take longer than a vote. */
const LOOK_EVERY = 10

/** Bytes the system holds between the service and a caller from this address; undefined once the service let go. */
function heldBySystem({ url }: TestServer, address: string): number | undefined {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0")
  const caller = `${address
    .split(".")
    .map(Number)
    .reverse()
    .map((byte) => hex(byte, 2))
    .join("")}:`
  const service = `:${hex(Number(new URL(url).port), 4)}`
  // All columns come from one look: the local and the remote address, the state, and the bytes in both queues.
  const rows = readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === "01")
  const queued = (row: string[] | undefined, queue: number) =>
    Number.parseInt(row?.[4]?.split(":")[queue] ?? "0", 16)
  const near = rows.find(([, here, there]) => here?.endsWith(service) && there?.startsWith(caller))
  const far = rows.find(([, here, there]) => here?.startsWith(caller) && there?.endsWith(service))
  return near && queued(near, 0) + queued(far, 1)
}

const missing = missingLinux()

describe.skipIf(missing !== undefined)(`a slow reader${missing ? ` (${missing})` : ""}`, () => {
  test.each([
    ["the compiled file", COMPILED],
    ["the Node bundle", NODE_BUNDLE],
  ])("a reader that stops is cut once 64 KiB wait for it: %s", async (_name, command) => {
    const night = await openSiege(command)
    const good = await followingBot(night.server, night.viewer.token, night.session.id)
    const stuck = await stuckFollowers(night, 1)
    await good.drain()
    const before = heldBySystem(night.server, stuck.address) ?? 0
    let sent = 0
    let frame = 0
    let kept = 0
    for (let n = 0; ; n++) {
      if (n % LOOK_EVERY === 0) {
        const held = heldBySystem(night.server, stuck.address)
        if (held !== undefined) kept = sent - (held - before)
        else if (stuck.held() === 0) break
      }
      const username = `${n} ${NAME}`
      expect((await night.bot("POST", "/api/votes/live", { username, vote: "up" })).status).toBe(200)
      frame = Buffer.byteLength(JSON.stringify(await good.next("vote.received"))) + 4
      sent += frame
    }
    expect(kept).toBeGreaterThan(LIMITS.writeBufferBytes - 2 * LOOK_EVERY * frame)
    expect(kept).toBeLessThanOrEqual(LIMITS.writeBufferBytes + 2 * frame)
    stuck.close()
    expect(await night.end()).toEqual([])
  })
})
