/** How the shipped catalogue enters a database, and how a later one extends it: what people changed or removed stays. */
import type { CatalogueGame } from "./catalogue.ts"
import { makePacks, namesOfPacks, spell } from "./packs.ts"
import type { Store } from "./store/open.ts"
import type { GameRow, Trx } from "./store/schema.ts"
import { createTwins, fold, type Twins } from "./twins.ts"

/** What a gamenight ships. The version rises with every release that changes the list. */
export type Release = { version: number; games: () => Promise<readonly CatalogueGame[]> }

/** Its list is loaded only into a database that has not had this version. */
const CURRENT: Release = {
  version: 1,
  games: async () => (await import("./catalogue.ts")).catalogue,
}
const LOADED = "catalogue_version"

/** What was shipped of a game, kept as JSON beside its key to tell what people changed since. */
type Facts = Omit<CatalogueGame, "key">

/** Adds what this database never had, and corrects what nobody changed. */
export async function loadCatalogue(
  { write, meta }: Store,
  now = Date.now,
  release = CURRENT,
): Promise<void> {
  if (Number(meta(LOADED) ?? 0) >= release.version) return
  const at = new Date(now()).toISOString()
  const games = await release.games()
  await write(async ({ trx }) => {
    const rows = await trx.selectFrom("catalogue_keys").selectAll().execute()
    const known = new Map(rows.map((row) => [row.key, row]))
    const twins = await twinsIn(trx)
    const named = await namesInUse(trx)
    for (const { key, ...facts } of games) {
      const had = known.get(key)
      if (!had) await add(trx, key, facts, { packs: named(facts.packs), twins, at })
      else if (had.game_id !== null && had.shipped !== null) {
        const before: Facts = JSON.parse(had.shipped)
        const old = new Set(named(before.packs))
        const packs = named(facts.packs).filter((name) => !old.has(name))
        await correct(trx, had.game_id, before, facts, { packs, twins })
        const shipped = JSON.stringify(facts)
        await trx.updateTable("catalogue_keys").set({ shipped }).where("key", "=", key).execute()
      }
    }
    const value = String(release.version)
    await trx
      .insertInto("meta")
      .values({ key: LOADED, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute()
  })
}

async function twinsIn(trx: Trx): Promise<Twins<number>> {
  const twins = createTwins<number>()
  const rows = await trx
    .selectFrom("games")
    .innerJoin("game_packs", "game_packs.game_id", "games.id")
    .select(["games.id", "games.title", "games.ticker", "game_packs.pack_name"])
    .execute()
  for (const { id, title, ticker, pack_name } of rows) twins.note(id, { title, ticker, packs: [pack_name] })
  return twins
}

/** Gives packs the names that people gave them. */
async function namesInUse(trx: Trx): Promise<(names: Facts["packs"]) => [string, ...string[]]> {
  const known = await namesOfPacks(trx)
  const renames = await trx.selectFrom("pack_renames").selectAll().execute()
  const later = new Map(renames.map(({ old_name, name }) => [fold(old_name), name]))
  const inUse = (name: string) => known.get(fold(name)) ?? later.get(fold(name)) ?? name
  return ([first, ...others]) => spell(known, [inUse(first), ...others.map(inUse)])
}

type Place = { packs: readonly string[]; twins: Twins<number> }

/** A game that people had added by themselves becomes this one, as they have it. */
async function add(
  trx: Trx,
  key: string,
  facts: Facts,
  { packs, twins, at }: Place & { packs: [string, ...string[]]; at: string },
): Promise<void> {
  await makePacks(trx, packs)
  const { packs: _, ...game } = facts
  const own = twins.like(game.title, packs)
  const ticker = twins.holding(game.ticker) === undefined ? game.ticker : null
  const row = { ...game, ticker, pack_name: packs[0], created_at: at }
  const added =
    own ?? (await trx.insertInto("games").values(row).returning("id").executeTakeFirstOrThrow()).id
  await join(trx, added, packs)
  twins.note(added, { title: game.title, packs, ticker: own === undefined ? ticker : null })
  const shipped = JSON.stringify(facts)
  await trx.insertInto("catalogue_keys").values({ key, game_id: added, shipped }).execute()
}

async function correct(
  trx: Trx,
  id: number,
  before: Facts,
  after: Facts,
  { packs, twins }: Place,
): Promise<void> {
  const row = await trx.selectFrom("games").selectAll().where("id", "=", id).executeTakeFirstOrThrow()
  const isOurs = (name: keyof Facts & keyof GameRow) => row[name] === before[name]
  const change: Partial<GameRow> = {}
  const take = (...names: (keyof Facts & keyof GameRow)[]) => {
    if (names.every(isOurs)) for (const name of names) Object.assign(change, { [name]: after[name] })
  }
  // One without the other could leave a game that seats nobody.
  take("min_players", "max_players")
  for (const name of [
    "length_minutes",
    "has_audience",
    "family_friendly",
    "game_type",
    "secondary_type",
  ] as const) {
    take(name)
  }
  take("enabled")
  const isFree = (holder: number | undefined) => holder === undefined || holder === id
  if (isFree(twins.like(after.title, [row.pack_name, ...packs]))) take("title")
  if (isFree(twins.holding(after.ticker))) take("ticker")
  if (Object.keys(change).length > 0)
    await trx.updateTable("games").set(change).where("id", "=", id).execute()
  twins.note(id, {
    title: change.title ?? row.title,
    packs: [row.pack_name, ...packs],
    ticker: change.ticker,
  })
  await makePacks(trx, [row.pack_name, ...packs])
  await join(trx, id, packs)
}

async function join(trx: Trx, game_id: number, packs: readonly string[]): Promise<void> {
  if (packs.length === 0) return
  await trx
    .insertInto("game_packs")
    .values(packs.map((pack_name) => ({ game_id, pack_name })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
