/** Group commit: what waits together is stored together, and nobody hears of it before. */
import { expect, onTestFinished, test } from "bun:test"
import { sql } from "kysely"
import { AppError } from "../src/errors.ts"
import type { Store } from "../src/store/open.ts"
import type { WriteContext } from "../src/store/writer.ts"
import { openDatabase, openFolder, openNight } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

function openHere(dataDir = newFolder()): Store & { dataDir: string } {
  const store = openFolder(dataDir)
  onTestFinished(store.close)
  return { ...store, dataDir }
}

const keep =
  (key: string, value = "") =>
  ({ trx }: WriteContext) =>
    trx.insertInto("meta").values({ key, value }).execute()

const kept = async ({ db }: Pick<Store, "db">): Promise<string[]> =>
  (await db.selectFrom("meta").select("key").where("key", "like", "test-%").orderBy("key").execute()).map(
    ({ key }) => key,
  )

const codeOf = (outcome: PromiseSettledResult<unknown>): string =>
  outcome.status === "fulfilled" ? "done" : (outcome.reason as AppError).code

test("sixty-four viewers who vote at once share one transaction", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  const before = night.store.counts()
  const viewers = Array.from({ length: 64 }, (_, i) => `viewer ${i}`)
  await Promise.all(viewers.map((viewer) => night.cast(viewer, "up")))
  const { units, commits } = night.store.counts()
  expect({ units: units - before.units, commits: commits - before.commits }).toEqual({
    units: 64,
    commits: 1,
  })
})

test("a host who acts step by step gets one transaction for each step", async () => {
  const night = await openNight()
  const before = night.store.counts().commits
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  await night.sessions.close(id)
  expect(night.store.counts().commits - before).toBe(3)
})

test("a raid of 600 votes is split, so that the first voters do not wait for the last", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  const before = night.store.counts().commits
  await Promise.all(Array.from({ length: 600 }, (_, i) => night.cast(`raider ${i}`, "up")))
  expect(night.store.counts().commits - before).toBe(2)
  expect((await night.tallies.ofSession(id)).votes[0]?.upvotes).toBe(600)
})

test("one refused vote fails alone, and the votes beside it count", async () => {
  const night = await openNight()
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  night.heard()
  const before = night.store.counts().commits
  const outcomes = await Promise.allSettled([
    night.cast("Ann", "up"),
    night.cast("Bob", "up", { ticker: "NONE" }),
    night.cast("Ann", "down"),
    night.cast("Cleo", "down"),
  ])
  expect(outcomes.map(codeOf)).toEqual(["done", "game_not_found", "duplicate_vote", "done"])
  expect(night.store.counts().commits - before).toBe(1)
  const heard = night.heard().map(({ data }) => "vote" in data && data.vote.username)
  expect(heard).toEqual(["Ann", "Cleo"])
})

test("a unit that fails halfway takes back what it had written, and only that", async () => {
  const store = openHere()
  const heard: string[] = []
  const outcomes = await Promise.allSettled([
    store.write(keep("test-first")),
    store.write(async (context) => {
      await keep("test-half")(context)
      context.afterCommit(() => heard.push("half"))
      throw new AppError("conflict", "Cannot go on")
    }),
    store.write(keep("test-last")),
  ])
  expect(outcomes.map(codeOf)).toEqual(["done", "conflict", "done"])
  expect(await kept(store)).toEqual(["test-first", "test-last"])
  expect(heard).toEqual([])
})

test("nothing is announced before it is in the database, and all of it before anybody has an answer", async () => {
  const store = openHere()
  const other = openDatabase(`${store.dataDir}/gamenight.db`, { readonly: true })
  const seenByOthers = () => other.prepare("SELECT key FROM meta WHERE key LIKE 'test-%'").all([]).length
  const steps: string[] = []
  const unit = (name: string) =>
    store
      .write(async (context) => {
        context.afterCommit(() => steps.push(`${name} announced, ${seenByOthers()} stored`))
        await keep(`test-${name}`)(context)
        context.afterCommit(() => steps.push(`${name} announced again`))
        steps.push(`${name} written, ${seenByOthers()} stored`)
      })
      .then(() => steps.push(`${name} answered`))
  await Promise.all([unit("a"), unit("b")])
  other.close()
  expect(steps).toEqual([
    "a written, 0 stored",
    "b written, 0 stored",
    "a announced, 2 stored",
    "a announced again",
    "b announced, 2 stored",
    "b announced again",
    "a answered",
    "b answered",
  ])
})

test("what is asked for while a transaction runs goes into the next one", async () => {
  const store = openHere()
  let second: Promise<unknown> | undefined
  const first = store.write(async (context) => {
    second = store.write(keep("test-second"))
    await keep("test-first")(context)
  })
  await first
  expect(store.counts()).toEqual({ units: 1, commits: 1 })
  await second
  expect(store.counts()).toEqual({ units: 2, commits: 2 })
})

test("the store is idle once everything that waited is stored", async () => {
  const store = openHere()
  await store.idle()
  void store.write(keep("test-a"))
  void store.write(keep("test-b"))
  await store.idle()
  expect(await kept(store)).toEqual(["test-a", "test-b"])
})

test("closing the store stores what is still waiting", async () => {
  const dataDir = newFolder()
  const store = openFolder(dataDir)
  const writing = store.write(keep("test-late"))
  await store.close()
  await writing
  expect(await kept(openHere(dataDir))).toEqual(["test-late"])
})

test("a full disk refuses what is written and announces none of it, while reading goes on", async () => {
  const store = openHere()
  await store.write(keep("test-before"))
  const heard: string[] = []
  await limitPages(store, 0)
  const outcomes = await Promise.allSettled([
    store.write(async (context) => {
      context.afterCommit(() => heard.push("small"))
      await keep("test-small")(context)
    }),
    store.write(keep("test-large", "x".repeat(100_000))),
  ])
  expect(outcomes.map(codeOf)).toEqual(["disk_full", "disk_full"])
  expect(heard).toEqual([])
  expect(await kept(store)).toEqual(["test-before"])
})

test("once the disk has room again, the next write succeeds by itself", async () => {
  const store = openHere()
  await limitPages(store, 0)
  const large = keep("test-large", "x".repeat(100_000))
  await expect(store.write(large)).rejects.toMatchObject({
    code: "disk_full",
    message: "Cannot store this: the disk is full; free some space and try again",
  })
  await limitPages(store, 1_000)
  await store.write(large)
  expect(await kept(store)).toEqual(["test-large"])
})

test("an announcement that fails takes neither the answer nor the announcement of another voter", async () => {
  const store = openHere()
  const heard: string[] = []
  const [, second] = await Promise.allSettled([
    store.write(async (context) => {
      await keep("test-first")(context)
      context.afterCommit(() => {
        throw new Error("Nobody listens")
      })
    }),
    store.write(async (context) => {
      await keep("test-second")(context)
      context.afterCommit(() => heard.push("second"))
    }),
  ])
  expect(await kept(store)).toEqual(["test-first", "test-second"])
  expect([codeOf(second), heard]).toEqual(["done", ["second"]])
})

test("after the disk has failed nothing more is written, and whoever runs the night is told once", async () => {
  const told: unknown[] = []
  const store = openFolder(newFolder(), { onBroken: (error) => told.push(error) })
  onTestFinished(store.close)
  const failure = Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_FSYNC" })
  const outcomes = await Promise.allSettled([
    store.write(keep("test-before")),
    store.write(() => Promise.reject(failure)),
    store.write(keep("test-after")),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"])
  await expect(store.write(keep("test-later"))).rejects.toMatchObject({ code: "shutting_down" })
  expect(told).toEqual([failure])
  expect(await kept(store)).toEqual([])
})

/** Lets the database grow by this many pages and no more: the way to a full disk that needs no disk. */
const limitPages = (store: Store, more: number) =>
  store.write(async ({ trx }) => {
    const { rows } = await sql<{ page_count: number }>`PRAGMA page_count`.execute(trx)
    await sql.raw(`PRAGMA max_page_count=${(rows[0]?.page_count ?? 0) + more}`).execute(trx)
  })
