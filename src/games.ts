/** The catalogue: games, the packs they belong to, and how the shipped list enters a database. */
import type { Kysely, Selectable } from "kysely"
import type { CatalogueGame } from "./catalogue.ts"
import { AppError } from "./errors.ts"
import type { Store } from "./store/open.ts"
import type { Database, Flag, Trx } from "./store/schema.ts"

/** The stored row and its score, upvotes less downvotes. */
export type Game = Selectable<Database["games"]> & { popularity_score: number }
export type Pack = {
  name: string
  favor_bias: number
  owned: Flag
  total_count: number
  enabled_count: number
}

export type GameFilter = {
  enabled?: boolean | undefined
  /** Keeps games that seat this many. */
  playerCount?: number | undefined
  drawing?: "only" | "exclude" | undefined
  /** Short is up to 15 minutes or unknown, medium 16 to 25, long over 25. */
  length?: "short" | "medium" | "long" | undefined
  familyFriendly?: boolean | undefined
  pack?: string | undefined
}

export type Games = {
  /** By pack, then title. */
  list(filter: GameFilter): Promise<Game[]>
  /** Throws `game_not_found`. */
  get(id: number): Promise<Game>
  packs(): Promise<Pack[]>
  /** Adds what the shipped catalogue has and this database never had; what users changed stays. */
  loadCatalogue(): Promise<void>
}

/** Rises with every release that adds games to the catalogue, which is loaded only into a database that lacks some. */
const CATALOGUE_VERSION = 1
const LOADED = "catalogue_version"

/** Games with their score, on a connection or inside a transaction. */
export const selectGames = (db: Kysely<Database>) =>
  db
    .selectFrom("games")
    .select([
      "id",
      "pack_name",
      "title",
      "min_players",
      "max_players",
      "length_minutes",
      "has_audience",
      "family_friendly",
      "game_type",
      "secondary_type",
      "ticker",
      "play_count",
    ])
    .select((eb) => eb("upvotes", "-", eb.ref("downvotes")).as("popularity_score"))
    .select(["upvotes", "downvotes", "enabled", "favor_bias", "created_at"])

export function createGames({ db, write, meta }: Store, now = Date.now): Games {
  return {
    list(filter) {
      let query = selectGames(db)
      const { enabled, playerCount, drawing, length, familyFriendly, pack } = filter
      if (enabled !== undefined) query = query.where("enabled", "=", enabled ? 1 : 0)
      if (playerCount !== undefined) {
        query = query.where("min_players", "<=", playerCount).where("max_players", ">=", playerCount)
      }
      if (familyFriendly !== undefined) query = query.where("family_friendly", "=", familyFriendly ? 1 : 0)
      if (drawing === "only") {
        query = query.where((eb) =>
          eb.or([eb("game_type", "=", "Drawing"), eb("secondary_type", "=", "Drawing")]),
        )
      }
      if (drawing === "exclude") {
        query = query
          .where("game_type", "!=", "Drawing")
          .where("secondary_type", "is distinct from", "Drawing")
      }
      if (length === "short")
        query = query.where((eb) => eb.or([eb("length_minutes", "is", null), eb("length_minutes", "<=", 15)]))
      if (length === "medium")
        query = query.where("length_minutes", ">", 15).where("length_minutes", "<=", 25)
      if (length === "long") query = query.where("length_minutes", ">", 25)
      if (pack !== undefined) {
        query = query.where("id", "in", (eb) =>
          eb.selectFrom("game_packs").select("game_id").where("game_packs.pack_name", "=", pack),
        )
      }
      return query.orderBy("pack_name").orderBy("title").orderBy("id").execute()
    },

    async get(id) {
      const game = await selectGames(db).where("id", "=", id).executeTakeFirst()
      if (!game) throw new AppError("game_not_found", "Game not found")
      return game
    },

    packs: () =>
      db
        .selectFrom("packs")
        .leftJoin("game_packs", "game_packs.pack_name", "packs.name")
        .leftJoin("games", "games.id", "game_packs.game_id")
        .select(["packs.name", "packs.favor_bias", "packs.owned"])
        .select((eb) => [
          eb.fn.count<number>("games.id").as("total_count"),
          eb.fn.coalesce(eb.fn.sum<number>("games.enabled"), eb.lit(0)).as("enabled_count"),
        ])
        .groupBy(["packs.name", "packs.favor_bias", "packs.owned"])
        .orderBy("packs.name")
        .execute(),

    async loadCatalogue() {
      if (Number(meta(LOADED) ?? 0) >= CATALOGUE_VERSION) return
      const at = new Date(now()).toISOString()
      const { catalogue } = await import("./catalogue.ts")
      await write(async ({ trx }) => {
        const rows = await trx.selectFrom("catalogue_keys").select("key").execute()
        const known = new Set(rows.map(({ key }) => key))
        for (const game of catalogue) if (!known.has(game.key)) await addShipped(trx, game, at)
        const value = String(CATALOGUE_VERSION)
        await trx
          .insertInto("meta")
          .values({ key: LOADED, value })
          .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
          .execute()
      })
    },
  }
}

/** A ticker that the owner already gave to another game stays with that one. */
async function addShipped(trx: Trx, { key, packs, ...game }: CatalogueGame, at: string): Promise<void> {
  const ticker = await trx
    .selectFrom("games")
    .select("id")
    .where("ticker", "=", game.ticker)
    .executeTakeFirst()
  await trx
    .insertInto("packs")
    .values(packs.map((name) => ({ name })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await trx
    .insertInto("games")
    .values({ ...game, ticker: ticker ? null : game.ticker, pack_name: packs[0], created_at: at })
    .returning("id")
    .executeTakeFirstOrThrow()
  await trx
    .insertInto("game_packs")
    .values(packs.map((pack_name) => ({ game_id: id, pack_name })))
    .execute()
  await trx.insertInto("catalogue_keys").values({ key, game_id: id }).execute()
}
