/** The catalogue, as people look for games in it. */
import type { Kysely, Selectable } from "kysely"
import { AppError } from "./errors.ts"
import type { Store } from "./store/open.ts"
import type { Database } from "./store/schema.ts"

/** The stored row and its score, upvotes less downvotes. */
export type Game = Selectable<Database["games"]> & { popularity_score: number }

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
}

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

export function createGames({ db }: Store): Games {
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

    get: (id) => readGame(db, id),
  }
}

/** Throws `game_not_found`. */
export async function readGame(db: Kysely<Database>, id: number): Promise<Game> {
  const game = await selectGames(db).where("id", "=", id).executeTakeFirst()
  if (!game) throw new AppError("game_not_found", "Game not found")
  return game
}
