/** Who may log in: the owner, named admins, and whoever holds the link of the first start. */
import { expect, test } from "bun:test"
import { createAdmins } from "../src/admins.ts"
import { digest, openNight } from "./support/night.ts"

const WRONG = { code: "invalid_key", message: "Invalid admin key" }
const KEY = "the key of the owner"

async function firstStart() {
  const night = await openNight()
  const first = await night.admins.firstRun()
  if (!first) throw new Error("Expected a key at the first start")
  return { ...night, ...first }
}

test("the key the owner chose lets the owner in, and nothing else does", async () => {
  const { admins } = await openNight({ adminKey: KEY })
  expect(await admins.identify(KEY)).toBe("admin")
  for (const wrong of ["", "a", `${KEY} `, KEY.toUpperCase(), KEY.slice(1), digest(KEY), "\ud800"]) {
    await expect(admins.identify(wrong)).rejects.toMatchObject(WRONG)
  }
})

test("without any key nobody gets in", async () => {
  const { admins } = await openNight()
  for (const key of ["", "admin", "undefined", digest("")]) {
    await expect(admins.identify(key)).rejects.toMatchObject(WRONG)
  }
})

test("the first start makes a key and a code of its own, once", async () => {
  const { admins, key, setupCode } = await firstStart()
  expect(key).toMatch(/^[\w-]{32}$/)
  expect(setupCode).toMatch(/^[\w-]{32}$/)
  expect(setupCode).not.toBe(key)
  expect(await admins.identify(key)).toBe("admin")
  expect(await admins.firstRun()).toBeUndefined()
  expect(await admins.identify(key)).toBe("admin")
  expect((await firstStart()).key).not.toBe(key)
})

test("an owner who brings a key gets none made, now or later", async () => {
  const { admins, store } = await openNight({ adminKey: KEY })
  expect(await admins.firstRun()).toBeUndefined()
  const kept = await store.db.selectFrom("meta").select("key").where("key", "like", "%hash").execute()
  expect(kept).toEqual([])
})

test("an owner who sets a key later takes the place of the one that was made", async () => {
  const { store, key } = await firstStart()
  const admins = createAdmins({ store, digest, configuredKey: KEY })
  expect(await admins.firstRun()).toBeUndefined()
  expect(await admins.identify(KEY)).toBe("admin")
  await expect(admins.identify(key)).rejects.toMatchObject(WRONG)
})

test("a named admin gets a key that tells who they are", async () => {
  const { admins } = await openNight({ adminKey: KEY })
  const [ann, bob] = [await admins.create("Ann"), await admins.create("Bob")]
  expect(ann).toMatch(/^[\w-]{32}$/)
  expect(await admins.identify(ann)).toBe("Ann")
  expect(await admins.identify(bob)).toBe("Bob")
  expect(await admins.identify(KEY)).toBe("admin")
})

test("two admins cannot have one name, whatever its case, and nobody can be called as the owner is", async () => {
  const { admins, store } = await openNight({ adminKey: KEY })
  await admins.create("Ann")
  for (const name of ["Ann", "ann", "admin", "Admin"]) {
    await expect(admins.create(name)).rejects.toMatchObject({
      code: "conflict",
      message: `Cannot create admin ${name}: there is one of this name`,
    })
  }
  expect(await store.db.selectFrom("admins").select(["name", "created_at"]).execute()).toEqual([
    { name: "Ann", created_at: "2025-11-01T20:00:00.000Z" },
  ])
})

test("the setup code works once", async () => {
  const { admins, setupCode } = await firstStart()
  expect(await admins.redeem(setupCode)).toMatchObject({ name: "admin" })
  await expect(admins.redeem(setupCode)).rejects.toMatchObject({
    code: "invalid_key",
    message: "Invalid setup code: it is wrong or was used before",
  })
})

test("of two people who use the setup code at the same moment one gets in", async () => {
  const { admins, setupCode } = await firstStart()
  const outcomes = await Promise.allSettled([admins.redeem(setupCode), admins.redeem(setupCode)])
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"])
})

test("a wrong setup code does not use up the right one, and the key is no setup code", async () => {
  const { admins, key, setupCode } = await firstStart()
  for (const wrong of ["", "guess", key]) {
    await expect(admins.redeem(wrong)).rejects.toMatchObject({ code: "invalid_key" })
  }
  await expect(admins.identify(setupCode)).rejects.toMatchObject(WRONG)
  expect(await admins.redeem(setupCode)).toMatchObject({ name: "admin" })
})

test("where no code was ever made none can be used", async () => {
  const { admins } = await openNight({ adminKey: KEY })
  await expect(admins.redeem("")).rejects.toMatchObject({ code: "invalid_key" })
})

test("no key and no code stands in the database as it is", async () => {
  const { admins, store, key, setupCode } = await firstStart()
  const ann = await admins.create("Ann")
  const stored = JSON.stringify([
    await store.db.selectFrom("meta").selectAll().execute(),
    await store.db.selectFrom("admins").selectAll().execute(),
  ])
  for (const secret of [key, setupCode, ann]) expect(stored).not.toContain(secret)
})
