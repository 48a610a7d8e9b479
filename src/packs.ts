/** Packs: what is sold together. A pack is there as long as it has games; what its owner said of it stays longer. */
import type { Kysely } from "kysely"
import { AppError } from "./errors.ts"
import type { Store } from "./store/open.ts"
import type { Database, Flag, Trx } from "./store/schema.ts"
import { fold } from "./twins.ts"

export type Pack = {
  name: string
  favor_bias: number
  owned: Flag
  total_count: number
  enabled_count: number
}

/** Each throws `not_found` for a pack without games. */
export type Packs = {
  list(): Promise<Pack[]>
  /** Those of a game, first the one it is listed under. Throws `game_not_found`. */
  of(gameId: number): Promise<Pack[]>
  /** What is out of favour is drawn less often. */
  favor(name: string, favor_bias: number): Promise<Pack>
  /** Games of which no pack is owned are not picked. */
  own(name: string, owned: boolean): Promise<Pack>
  /** Turns all its games off or on; without a word off, or on if all are off. */
  enable(name: string, enabled?: boolean): Promise<Pack>
  /** Shipped games that come later under the old name join it too. Throws `conflict` if there is such a pack. */
  rename(name: string, to: string): Promise<Pack>
}

export function createPacks({ db, write }: Store): Packs {
  const change = (name: string, unit: (trx: Trx, pack: Pack) => Promise<unknown>, after = name) =>
    write(async ({ trx }) => {
      await unit(trx, await read(trx, name))
      return read(trx, after)
    })
  return {
    list: () => selectPacks(db).orderBy("packs.name").execute(),

    async of(gameId) {
      const packs = await selectPacks(db)
        .where("packs.name", "in", (eb) =>
          eb.selectFrom("game_packs as own").select("own.pack_name").where("own.game_id", "=", gameId),
        )
        .orderBy("packs.name")
        .execute()
      const game = await db
        .selectFrom("games")
        .select("pack_name")
        .where("id", "=", gameId)
        .executeTakeFirst()
      if (!game) throw new AppError("game_not_found", "Game not found")
      const isFirst = ({ name }: Pack) => name === game.pack_name
      return [...packs.filter(isFirst), ...packs.filter((pack) => !isFirst(pack))]
    },

    favor: (name, favor_bias) =>
      change(name, (trx) => trx.updateTable("packs").set({ favor_bias }).where("name", "=", name).execute()),

    own: (name, owned) =>
      change(name, (trx) =>
        trx
          .updateTable("packs")
          .set({ owned: owned ? 1 : 0 })
          .where("name", "=", name)
          .execute(),
      ),

    enable: (name, enabled) =>
      change(name, (trx, { enabled_count }) =>
        trx
          .updateTable("games")
          .set({ enabled: (enabled ?? enabled_count === 0) ? 1 : 0 })
          .where("id", "in", (eb) =>
            eb.selectFrom("game_packs").select("game_id").where("pack_name", "=", name),
          )
          .execute(),
      ),

    rename: (name, to) =>
      change(name, (trx, pack) => (name === to ? Promise.resolve() : rename(trx, pack, to)), to),
  }
}

/** Packs that have games, on a connection or inside a transaction. */
const selectPacks = (db: Kysely<Database>) =>
  db
    .selectFrom("packs")
    .innerJoin("game_packs", "game_packs.pack_name", "packs.name")
    .innerJoin("games", "games.id", "game_packs.game_id")
    .select(["packs.name", "packs.favor_bias", "packs.owned"])
    .select((eb) => [
      eb.fn.count<number>("games.id").as("total_count"),
      eb.fn.sum<number>("games.enabled").as("enabled_count"),
    ])
    .groupBy(["packs.name", "packs.favor_bias", "packs.owned"])

async function read(db: Kysely<Database>, name: string): Promise<Pack> {
  const pack = await selectPacks(db).where("packs.name", "=", name).executeTakeFirst()
  if (!pack) throw new AppError("not_found", `Cannot find the pack ${name}: no game is in it`)
  return pack
}

async function rename(trx: Trx, { name, favor_bias, owned }: Pack, to: string): Promise<void> {
  const known = await namesOfPacks(trx)
  const taken = known.get(fold(to))
  if (taken !== undefined && taken !== name) {
    const inUse = await selectPacks(trx).where("packs.name", "=", taken).executeTakeFirst()
    if (inUse) throw new AppError("conflict", `Cannot rename ${name}: there is a pack ${taken}`)
    await trx.deleteFrom("packs").where("name", "=", taken).execute()
  }
  await trx.insertInto("packs").values({ name: to, favor_bias, owned }).execute()
  await trx.updateTable("games").set({ pack_name: to }).where("pack_name", "=", name).execute()
  await trx.updateTable("game_packs").set({ pack_name: to }).where("pack_name", "=", name).execute()
  await trx.deleteFrom("packs").where("name", "=", name).execute()
  await trx.updateTable("pack_renames").set({ name: to }).where("name", "=", name).execute()
  await trx
    .insertInto("pack_renames")
    .values({ old_name: name, name: to })
    .onConflict((conflict) => conflict.column("old_name").doUpdateSet({ name: to }))
    .execute()
}

/** Every pack there is or was, by its folded name. */
export async function namesOfPacks(db: Kysely<Database>): Promise<Map<string, string>> {
  const packs = await db.selectFrom("packs").select("name").execute()
  return new Map(packs.map(({ name }) => [fold(name), name]))
}

/** The names of a game's packs, each once, as the packs that are known spell them; the first stays the first. */
export function spell(
  known: ReadonlyMap<string, string>,
  [first, ...others]: readonly [string, ...string[]],
): [string, ...string[]] {
  const spelt = (name: string) => known.get(fold(name)) ?? name
  const rest = new Map(others.map((name) => [fold(name), spelt(name)]))
  rest.delete(fold(first))
  return [spelt(first), ...rest.values()]
}

/** Makes the packs that are missing. */
export async function makePacks(trx: Trx, names: readonly string[]): Promise<void> {
  await trx
    .insertInto("packs")
    .values(names.map((name) => ({ name })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** These are its packs, and no others. */
export async function setPacks(trx: Trx, gameId: number, names: readonly string[]): Promise<void> {
  await trx.deleteFrom("game_packs").where("game_id", "=", gameId).execute()
  await trx
    .insertInto("game_packs")
    .values(names.map((pack_name) => ({ game_id: gameId, pack_name })))
    .execute()
}

/** Forgets packs that have no games any more, unless the owner said something of them. */
export async function tidyPacks(trx: Trx): Promise<void> {
  await trx
    .deleteFrom("packs")
    .where("favor_bias", "=", 0)
    .where("owned", "=", 1)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom("game_packs").select("game_id").whereRef("game_packs.pack_name", "=", "packs.name"),
        ),
      ),
    )
    .execute()
}
