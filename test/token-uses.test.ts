/** When a token was last used: what is noted, what is on disk, and what it costs. */
import { expect, onTestFinished, test } from "bun:test"
import { AppError } from "../src/errors.ts"
import type { Store } from "../src/store/open.ts"
import { createTokenUses } from "../src/token-uses.ts"
import { createTokens, type NamedToken } from "../src/tokens.ts"
import { createClock, digest, openFolder, SECRET } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

/** A service on a folder of its own, and what a command beside it reads of the disk. */
async function openService(dataDir = newFolder(), close = true) {
  const clock = createClock()
  const logged: string[] = []
  const store = openFolder(dataDir)
  if (close) onTestFinished(store.close)
  const uses = createTokenUses({ store, log: (line) => logged.push(line), now: clock.now })
  const tokens = createTokens({ store, digest, secret: SECRET, uses, now: clock.now })
  const lastOf = async () => (await tokens.list()).map(({ last_used_at }) => last_used_at)
  const onDisk = async () => {
    const rows = await store.db.selectFrom("tokens").select("last_used_at").orderBy("created_at").execute()
    return rows.map(({ last_used_at }) => last_used_at)
  }
  return { dataDir, clock, store, uses, tokens, lastOf, onDisk, logged }
}

test("a use is listed at once, by its minute, and is on disk once that was written", async () => {
  const { clock, uses, tokens, lastOf, onDisk } = await openService()
  const { token } = await tokens.create("relay", "bot", 1)
  expect(await lastOf()).toEqual([null])
  clock.pass(59.9)
  await tokens.verify(token)
  expect([await lastOf(), await onDisk()]).toEqual([["2025-11-01T20:00:00.000Z"], [null]])
  await uses.write()
  expect(await onDisk()).toEqual(["2025-11-01T20:00:00.000Z"])
  clock.pass(60)
  await tokens.verify(token)
  expect([await lastOf(), await onDisk()]).toEqual([
    ["2025-11-01T20:01:00.000Z"],
    ["2025-11-01T20:00:00.000Z"],
  ])
})

test("a refused token was not used, and each token has a use of its own", async () => {
  const { clock, uses, tokens, lastOf } = await openService()
  const revoked = await tokens.create("revoked", "bot", 1)
  clock.pass(1)
  const kept = await tokens.create("kept", "bot", 1)
  await tokens.revoke(revoked.id)
  await expect(tokens.verify(revoked.token)).rejects.toThrow("Invalid or expired")
  await tokens.verify(kept.token)
  await uses.write()
  expect(await lastOf()).toEqual([null, "2025-11-01T20:00:00.000Z"])
})

test("a thousand uses of a minute are one write, nothing noted is none, and what people log in with leaves none", async () => {
  const { store, uses, tokens, onDisk } = await openService()
  const { token } = await tokens.create("relay", "bot", 1)
  const login = await tokens.issue("Ann", "admin")
  const before = store.counts().units
  for (let i = 0; i < 1_000; i++) await tokens.verify(token)
  await tokens.verify(login)
  expect(store.counts().units).toBe(before)
  await uses.write()
  await uses.write()
  expect(store.counts().units).toBe(before + 1)
  expect(await onDisk()).toEqual(["2025-11-01T20:00:00.000Z"])
})

test("writing a use lets votes keep what they remember", async () => {
  const { store, uses, tokens } = await openService()
  await tokens.verify((await tokens.create("relay", "bot", 1)).token)
  let forgotten = 0
  store.onTouched(() => forgotten++)
  await uses.write()
  expect(forgotten).toBe(0)
})

test("the last use is on disk after a stop, and listed after the next start", async () => {
  const { dataDir, store, uses, tokens } = await openService(newFolder(), false)
  uses.begin()
  await tokens.verify((await tokens.create("relay", "bot", 1)).token)
  await uses.stop()
  await store.close()
  expect(await (await openService(dataDir)).lastOf()).toEqual(["2025-11-01T20:00:00.000Z"])
})

test("what cannot be written is kept for the next try, without a word in the log", async () => {
  const { clock, store, logged } = await openService()
  let full = true
  const write: Store["write"] = (unit) =>
    full ? Promise.reject(new AppError("disk_full", "Cannot store this")) : store.write(unit)
  const uses = createTokenUses({ store: { write }, log: (line) => logged.push(line), now: clock.now })
  const row: Pick<NamedToken, "id" | "last_used_at"> = { id: "relay", last_used_at: null }
  const lastOf = () => uses.withLast([row])[0]?.last_used_at
  uses.note("relay")
  await uses.write()
  expect(lastOf()).toBe("2025-11-01T20:00:00.000Z")
  expect(logged).toEqual([])
  full = false
  await uses.write()
  expect(lastOf()).toBeNull()
})
