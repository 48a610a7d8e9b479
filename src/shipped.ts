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
  const games = await release.games()
  await write(async ({ trx }) => {
    const rows = await trx.selectFrom("catalogue_keys").selectAll().execute()
    const known = new Map(rows.map((row) => [row.key, row]))
    const twins = await twinsIn(trx)
    const named = await namesInUse(trx)
    for (const { key, ...facts } of games) {
      const had = known.get(key)
      if (had && had.game_id !== null && had.shipped !== null) {
        const before: Facts = JSON.parse(had.shipped)
        const old = new Set(named(before.packs))
        const packs = named(facts.packs).filter((name) => !old.has(name))
        await correct(trx, had.game_id, before, facts, { packs, twins })
        const shipped = JSON.stringify(facts)
        await trx.updateTable("catalogue_keys").set({ shipped }).where("key", "=", key).execute()
      }
    }
    const fresh = games.filter(({ key }) => !known.has(key))
    await add(
      trx,
      fresh.map(({ key, ...facts }) => ({ key, facts, packs: named(facts.packs) })),
      twins,
      new Date(now()).toISOString(),
    )
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

type Fresh = { key: string; facts: Facts; packs: [string, ...string[]] }

/** Those that people had added by themselves become the shipped ones, as people have them. */
async function add(
  trx: Trx,
  fresh: readonly Fresh[],
  twins: Twins<number>,
  created_at: string,
): Promise<void> {
  if (fresh.length === 0) return
  await makePacks(trx, [...new Set(fresh.flatMap(({ packs }) => packs))])
  const owned = fresh.map(({ facts, packs }) => twins.like(facts.title, packs))
  const rows = fresh
    .filter((_, at) => owned[at] === undefined)
    .map(({ facts: { packs: _, ...game }, packs: [pack_name] }) => {
      const ticker = twins.holding(game.ticker) === undefined ? game.ticker : null
      return { ...game, ticker, pack_name, created_at }
    })
  const added = rows.length === 0 ? [] : await trx.insertInto("games").values(rows).returning("id").execute()
  // Ids rise in the order of the values, whatever the order of what comes back.
  const ids = added.map(({ id }) => id).sort((a, b) => a - b)
  const placed = fresh.map((game, at) => ({ ...game, id: owned[at] ?? ids.shift() ?? 0 }))
  await join(
    trx,
    placed.flatMap(({ id, packs }) => packs.map((pack_name) => ({ game_id: id, pack_name }))),
  )
  await trx
    .insertInto("catalogue_keys")
    .values(placed.map(({ key, id, facts }) => ({ key, game_id: id, shipped: JSON.stringify(facts) })))
    .execute()
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
  await join(
    trx,
    packs.map((pack_name) => ({ game_id: id, pack_name })),
  )
}

async function join(trx: Trx, rows: { game_id: number; pack_name: string }[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto("game_packs")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
