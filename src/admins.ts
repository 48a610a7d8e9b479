/** Who may log in: the owner's key, named admins, and the one-time setup link of the first start. */
import { type Digest, sameDigest } from "./digest.ts"
import { AppError } from "./errors.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import { newStamp, type Stamp } from "./tokens.ts"

export type FirstRun = { key: string; setupCode: string }

export type Admins = {
  /** The name that belongs to `key`. Throws `invalid_key`, the same for every wrong one. */
  identify(key: string): Promise<string>
  /** Makes a key for a new admin; only its hash is kept. Throws `conflict` if the name is taken. */
  create(name: string): Promise<string>
  /** On a first start without a configured key: makes one and a setup code. Undefined ever after. */
  firstRun(): Promise<FirstRun | undefined>
  /** Uses up the setup code for a token of the owner. Throws `invalid_key` if it is wrong or was used. */
  redeem(setupCode: string, once?: Once): Promise<{ name: string; stamp: Stamp }>
}

const OWNER = "admin"
const KEY_HASH = "admin_key_hash"
const SETUP_HASH = "setup_code_hash"

type Options = {
  store: Store
  digest: Digest
  /** The owner's own key; with one, none is ever made. */
  configuredKey: string | undefined
  now?: () => number
}

export function createAdmins({ store, digest, configuredKey, now = Date.now }: Options): Admins {
  const { db, write, meta } = store

  return {
    async identify(key) {
      const owner = configuredKey === undefined ? meta(KEY_HASH) : digest(configuredKey)
      const named = await db.selectFrom("admins").select(["name", "key_hash"]).execute()
      const known = [...(owner ? [{ name: OWNER, key_hash: owner }] : []), ...named]
      const given = digest(key)
      let found: string | undefined
      for (const { name, key_hash } of known) if (sameDigest(given, key_hash)) found ??= name
      if (found === undefined) throw new AppError("invalid_key", "Invalid admin key")
      return found
    },

    create: (name) =>
      write(async ({ trx }) => {
        const taken = await trx
          .selectFrom("admins")
          .select("name")
          .where("name", "=", name)
          .executeTakeFirst()
        if (taken || name.toLowerCase() === OWNER) {
          throw new AppError("conflict", `Cannot create admin ${name}: there is one of this name`)
        }
        const key = randomKey()
        const row = { name, key_hash: digest(key), created_at: new Date(now()).toISOString() }
        await trx.insertInto("admins").values(row).execute()
        return key
      }),

    async firstRun() {
      if (configuredKey !== undefined || meta(KEY_HASH) !== undefined) return undefined
      const key = randomKey()
      const setupCode = randomKey()
      const rows = [
        { key: KEY_HASH, value: digest(key) },
        { key: SETUP_HASH, value: digest(setupCode) },
      ]
      await write(({ trx }) => trx.insertInto("meta").values(rows).execute())
      return { key, setupCode }
    },

    redeem: (setupCode, once) =>
      write(async ({ trx }) => {
        const kept = await trx
          .selectFrom("meta")
          .select("value")
          .where("key", "=", SETUP_HASH)
          .executeTakeFirst()
        if (!kept || !sameDigest(digest(setupCode), kept.value)) {
          throw new AppError("invalid_key", "Invalid setup code: it is wrong or was used before")
        }
        await trx.deleteFrom("meta").where("key", "=", SETUP_HASH).execute()
        return { name: OWNER, stamp: newStamp(now()) }
      }, once),
  }
}

const randomKey = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url")
