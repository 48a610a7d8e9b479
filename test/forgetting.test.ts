/** What is remembered of the database: when it is kept, and when it must be forgotten. */
import { expect, onTestFinished, test } from "bun:test"
import { sql } from "kysely"
import type { WriteContext } from "../src/store/writer.ts"
import { openFolder } from "./support/night.ts"
import { newFolder } from "./support/server.ts"

function openHere() {
  const store = openFolder(newFolder())
  onTestFinished(store.close)
  return store
}

test("what a unit wants kept is done before the next unit, and never for one that failed", async () => {
  const { write } = openHere()
  const done: string[] = []
  const unit =
    (name: string, fails = false) =>
    async ({ kept }: WriteContext) => {
      done.push(`begin ${name}`)
      kept(() => done.push(`keep ${name}`))
      if (fails) throw new Error("No")
    }
  const outcomes = await Promise.allSettled([write(unit("a")), write(unit("b", true)), write(unit("c"))])
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect(done).toEqual(["begin a", "keep a", "begin b", "begin c", "keep c"])
})

test("whoever takes the transaction makes others forget, and so does a commit that fails", async () => {
  const store = openHere()
  let forgotten = 0
  store.onTouched(() => forgotten++)
  await store.write(async ({ run }) => run)
  expect(forgotten).toBe(0)
  await store.write(({ trx }) => trx.insertInto("meta").values({ key: "a", value: "" }).execute())
  expect(forgotten).toBe(1)
  const later = "PRAGMA defer_foreign_keys = 1"
  const failing = store.write(async ({ trx }) => {
    await sql.raw(later).execute(trx)
    await sql.raw("INSERT INTO game_packs VALUES (999, 'none')").execute(trx)
  })
  await expect(failing).rejects.toThrow("FOREIGN KEY")
  expect(forgotten).toBe(3)
})
