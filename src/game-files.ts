/** The whole catalogue at once: written out, and read in again, all of it or nothing. */
import type { Kysely } from "kysely"
import { AppError, type FieldError } from "./errors.ts"
import type { GameFacts } from "./game-edits.ts"
import {
  type GameDifference,
  type ImportMode,
  type ImportPlan,
  type ImportRow,
  type KnownGame,
  planImport,
} from "./import-plan.ts"
import { makePacks, namesOfPacks, setPacks, spell, tidyPacks } from "./packs.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Flag, Trx } from "./store/schema.ts"
import { fold } from "./twins.ts"

export type PackSettings = { name: string; favor_bias: number; owned: Flag }

export type CatalogueFile = { games: GameFacts[]; packs: PackSettings[] }

export type Import = {
  rows: readonly ImportRow[]
  /** What is wrong with rows by themselves. */
  errors: readonly FieldError[]
  mode: ImportMode
  /** In `append` they count for packs that are new. */
  packs?: readonly PackSettings[] | undefined
}

/** How many games came, changed, stayed as they were, went, and were disabled because they had been played. */
export type Imported = {
  added: number
  changed: number
  unchanged: number
  deleted: number
  disabled: number
}

export type Progress = (done: number, total: number) => void

export type GameFiles = {
  /** Everything people say of games and packs, in the order of the catalogue. */
  read(): Promise<CatalogueFile>
  /** What `load` would do. Throws as it does. */
  tryOut(wish: Import): Promise<Imported>
  /**
   * All rows, or none: throws `invalid_input` that names every row in the way. `onProgress` hears how many games are
   * stored so far, of how many; others read meanwhile.
   */
  load(wish: Import, onProgress?: Progress, once?: Once): Promise<Imported>
}

/** Games stored with one statement. */
const BATCH = 200
/** Errors of an answer in which a row may have more than one. */
const MOST_ERRORS = 10_000

export function createGameFiles({ db, write }: Store, now = Date.now): GameFiles {
  return {
    async read() {
      const games = (await knownGames(db)).map(({ id: _, played: __, ...facts }) => facts)
      const packs = await db
        .selectFrom("packs")
        .select(["name", "favor_bias", "owned"])
        .orderBy("name")
        .execute()
      return { games, packs }
    },

    tryOut: async (wish) => countsOf(await planOf(db, wish)),

    load: (wish, onProgress = () => {}, once) =>
      write(async ({ trx }) => {
        const plan = await planOf(trx, wish)
        await storePacks(trx, plan, wish)
        const total = plan.change.length + plan.add.length
        let done = 0
        const step = async (games: number) => {
          done += games
          onProgress(done, total)
          // Whoever waits to read, or for the progress itself, has a turn.
          await new Promise((resolve) => setImmediate(resolve))
        }
        await remove(trx, plan)
        for (const batch of batches(plan.change)) {
          for (const game of batch) await change(trx, game)
          await step(batch.length)
        }
        const created_at = new Date(now()).toISOString()
        for (const batch of batches(plan.add)) {
          await add(trx, batch, created_at)
          await step(batch.length)
        }
        await tidyPacks(trx)
        return countsOf(plan)
      }, once),
  }
}

async function knownGames(db: Kysely<Database>): Promise<KnownGame[]> {
  const memberships = await db.selectFrom("game_packs").selectAll().orderBy("pack_name").execute()
  const packsOf = Map.groupBy(memberships, ({ game_id }) => game_id)
  const games = await db
    .selectFrom("games")
    .select(["id", "title", "pack_name", "min_players", "max_players", "length_minutes", "has_audience"])
    .select(["family_friendly", "game_type", "secondary_type", "ticker", "enabled", "favor_bias"])
    .select((eb) =>
      eb
        .exists(eb.selectFrom("session_games").select("id").whereRef("game_id", "=", "games.id"))
        .as("played"),
    )
    .orderBy("pack_name")
    .orderBy("title")
    .orderBy("id")
    .execute()
  return games.map(({ id, title, pack_name, played, ...facts }) => {
    const others = (packsOf.get(id) ?? []).map((row) => row.pack_name).filter((name) => name !== pack_name)
    return { id, title, packs: [pack_name, ...others], ...facts, played: Boolean(played) }
  })
}

async function planOf(db: Kysely<Database>, { rows, errors, mode }: Import): Promise<ImportPlan> {
  const known = await namesOfPacks(db)
  const spelt = rows.map((row) => {
    if (!row.packs) return row
    const packs = spell(known, row.packs)
    return { ...row, packs, game: row.game && { ...row.game, facts: { ...row.game.facts, packs } } }
  })
  const plan = planImport(await knownGames(db), spelt, mode)
  const all = [...errors, ...plan.errors].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  const [first] = all
  if (!first) return plan
  const where = [first.line && `line ${first.line}`, first.path].filter(Boolean).join(": ")
  const more = all.length === 1 ? "" : ` (and ${all.length - 1} more)`
  throw new AppError("invalid_input", `Cannot import the games: ${where}: ${first.message}${more}`, {
    errors: shortened(all),
  })
}

/** Where there is very much to say, one thing of each row. */
function shortened(errors: readonly FieldError[]): FieldError[] {
  const named = new Set<string>()
  return errors.filter(({ line, path }, at) => {
    const row = line === undefined ? path.split(".", 2).join(".") : String(line)
    const isNew = !named.has(row)
    named.add(row)
    return isNew || at < MOST_ERRORS
  })
}

const countsOf = ({ add, change, unchanged, remove, disable }: ImportPlan): Imported => ({
  added: add.length,
  changed: change.length,
  unchanged,
  deleted: remove.length,
  disabled: disable.length,
})

async function storePacks(
  trx: Trx,
  { add, change }: ImportPlan,
  { packs = [], mode }: Import,
): Promise<void> {
  const before = await namesOfPacks(trx)
  const names = new Set([...add, ...change].flatMap(({ packs = [] }) => packs))
  for (const batch of batches([...names])) await makePacks(trx, batch)
  const known = await namesOfPacks(trx)
  for (const { name, favor_bias, owned } of packs) {
    const [spelt] = spell(known, [name])
    if (mode === "append" && before.has(fold(name))) continue
    await makePacks(trx, [spelt])
    await trx.updateTable("packs").set({ favor_bias, owned }).where("name", "=", spelt).execute()
  }
}

/** Frees the tickers, too, that games hand on to each other. */
async function remove(trx: Trx, { change, remove, disable, untick }: ImportPlan): Promise<void> {
  const handed = change.filter(({ ticker }) => ticker !== undefined).map(({ id }) => id)
  for (const ids of batches([...untick, ...handed])) {
    await trx.updateTable("games").set({ ticker: null }).where("id", "in", ids).execute()
  }
  for (const ids of batches(disable)) {
    await trx.updateTable("games").set({ enabled: 0 }).where("id", "in", ids).execute()
  }
  for (const ids of batches(remove)) await trx.deleteFrom("games").where("id", "in", ids).execute()
}

async function change(trx: Trx, { id, packs, ...facts }: GameDifference): Promise<void> {
  const set = { ...facts, ...(packs && { pack_name: packs[0] }) }
  if (Object.keys(set).length > 0) await trx.updateTable("games").set(set).where("id", "=", id).execute()
  if (packs) await setPacks(trx, id, packs)
}

async function add(trx: Trx, games: readonly GameFacts[], created_at: string): Promise<void> {
  const added = await trx
    .insertInto("games")
    .values(games.map(({ packs, ...facts }) => ({ ...facts, pack_name: packs[0], created_at })))
    .returning("id")
    .execute()
  // Ids rise in the order of the values, whatever the order of what comes back.
  const ids = added.map(({ id }) => id).sort((a, b) => a - b)
  await join(
    trx,
    games.flatMap(({ packs }, at) => packs.map((pack_name) => ({ game_id: ids[at] ?? 0, pack_name }))),
  )
}

async function join(trx: Trx, rows: readonly { game_id: number; pack_name: string }[]): Promise<void> {
  for (const batch of batches(rows)) await trx.insertInto("game_packs").values(batch).execute()
}

function* batches<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH)
}
