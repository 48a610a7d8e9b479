/** Units that run prepared queries only, and what they leave to be written once for all of a transaction. */
import { expect, onTestFinished, test } from "bun:test"
import type { Kysely } from "kysely"
import { AppError } from "../src/errors.ts"
import type { Store } from "../src/store/open.ts"
import { query } from "../src/store/query.ts"
import type { Database } from "../src/store/schema.ts"
import type { WriteContext } from "../src/store/writer.ts"
import { openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

function openHere(): Store {
  const store = openFolder(newFolder())
  onTestFinished(store.close)
  return store
}

const add = query<{ key: string; value: string }>()((db, value) =>
  db.insertInto("meta").values({ key: value("key"), value: value("value") }),
)

async function kept(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .selectFrom("meta")
    .select("key")
    .where("key", "like", "test-%")
    .orderBy("key")
    .execute()
  return rows.map(({ key }) => key)
}

/** A unit that only leaves something to be written; each row written tells how often it was left since the last. */
function leaving({ onSettling, onTouched }: Store) {
  let left = 0
  onTouched(() => {
    left = 0
  })
  onSettling(({ run }) => {
    if (left > 0) run(add, { key: `left-${crypto.randomUUID()}`, value: String(left) })
    left = 0
  })
  return ({ kept }: WriteContext) => kept(() => left++)
}

async function written(db: Kysely<Database>): Promise<number[]> {
  const rows = await db.selectFrom("meta").select("value").where("key", "like", "left-%").execute()
  return rows.map(({ value }) => Number(value)).toSorted()
}

const fail = (_done?: unknown): never => {
  throw new AppError("conflict", "Cannot go on")
}

test.each([
  ["without having taken the transaction", fail],
  ["and takes the transaction after its first change", ({ trx }: WriteContext) => fail(void trx)],
] as const)("of a unit that fails halfway %s nothing stays, and the rest is done once", async (_, end) => {
  const store = openHere()
  const steps: string[] = []
  const note =
    (key: string, end: (context: WriteContext) => void = () => {}) =>
    (context: WriteContext) => {
      context.run(add, { key, value: "" })
      context.kept(() => steps.push(`${key} kept`))
      context.afterCommit(() => steps.push(`${key} announced`))
      end(context)
    }
  store.onTouched(() => steps.push("forgotten"))
  const outcomes = await Promise.allSettled([
    store.write(note("test-first")),
    store.write(note("test-half", end)),
    store.write(note("test-last")),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect(await kept(store.db)).toEqual(["test-first", "test-last"])
  expect(steps.slice(steps.indexOf("forgotten")).filter((step) => step !== "forgotten")).toEqual([
    "test-first kept",
    "test-last kept",
    "test-first announced",
    "test-last announced",
  ])
  expect(store.counts()).toEqual({ units: 3, commits: 1 })
})

test("what a unit left to be written stays when the one after it fails, however it does", async () => {
  const store = openHere()
  const leave = leaving(store)
  const outcomes = await Promise.allSettled([
    store.write(leave),
    store.write(({ trx }) => fail(void trx)),
    store.write(leave),
    store.write(({ run }) => fail(void run(add, { key: "test-half", value: "" }))),
    store.write(leave),
  ])
  expect(outcomes.map(({ status }) => status === "fulfilled")).toEqual([true, false, true, false, true])
  expect((await written(store.db)).reduce((sum, left) => sum + left, 0)).toBe(3)
  expect(await kept(store.db)).toEqual([])
})

test("what units leave to be written together is written before the commit, and before one of them takes the transaction", async () => {
  const store = openHere()
  const leave = leaving(store)
  const [, , seen] = await Promise.all([
    store.write(leave),
    store.write(leave),
    store.write(({ trx }) => written(trx)),
    store.write(leave),
  ])
  expect(seen).toEqual([2])
  expect(await written(store.db)).toEqual([1, 2])
  expect(store.counts()).toEqual({ units: 4, commits: 1 })
})

test("a unit that is over cannot take the transaction any more, and the ones after it do not notice", async () => {
  const store = openHere()
  const leave = leaving(store)
  const contexts: WriteContext[] = []
  await store.write((context) => {
    contexts.push(context)
  })
  await Promise.all([
    store.write(leave),
    store.write(() => {
      expect(() => contexts[0]?.trx).toThrow("the unit of work is over")
    }),
  ])
  expect(() => contexts[0]?.trx).toThrow("the unit of work is over")
  await store.write(leave)
  expect(await written(store.db)).toEqual([1, 1])
})
