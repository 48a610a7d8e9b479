/** Numbers over all nights. They come from counters, so that a million votes cost no more than a thousand. */
import type { Kysely } from "kysely"
import type { Database, Trx } from "./store/schema.ts"

type Count = { count: number }

export type GameNumbers = {
  id: number
  title: string
  pack_name: string
  play_count: number
  popularity_score: number
  upvotes: number
  downvotes: number
}

export type NightNumbers = {
  session_id: number
  notes: string | null
  created_at: string
  games_played: number
  upvotes: number
  downvotes: number
  total_votes: number
}

/** The counts are objects and the names are camelCase, as clients of the Jackbox Game Picker read them. */
export type Stats = {
  games: Count
  gamesEnabled: Count
  packs: Count
  sessions: Count
  activeSessions: Count
  archivedSessions: Count
  totalGamesPlayed: Count
  totalVotes: Count & { upvotes: number; downvotes: number }
  mostPlayedGames: GameNumbers[]
  topRatedGames: GameNumbers[]
  lowestRatedGames: GameNumbers[]
  /** Many votes, split evenly. */
  mostDivisiveGames: GameNumbers[]
  /** The latest nights, newest first. */
  votesByNight: NightNumbers[]
}

export type StatsReader = { read(): Promise<Stats> }

/** Games of each list at most. */
const LISTED = 10
/** Nights that are listed at most. */
const NIGHTS = 30

export function createStats(db: Kysely<Database>): StatsReader {
  return {
    // One transaction, so that all numbers are of one moment.
    read: () =>
      db.transaction().execute(async (trx) => {
        const games = await gamesByTitle(trx)
        const sum = (key: "play_count" | "upvotes" | "downvotes" | "enabled"): number =>
          games.reduce((total, game) => total + game[key], 0)
        const upvotes = sum("upvotes")
        const downvotes = sum("downvotes")
        const rated = games.map(({ enabled: _, ...game }) => game)
        const first = (keep: (game: GameNumbers) => boolean, weight: (game: GameNumbers) => number) =>
          rated
            .filter(keep)
            .sort((a, b) => weight(b) - weight(a))
            .slice(0, LISTED)
        return {
          games: { count: games.length },
          gamesEnabled: { count: sum("enabled") },
          packs: { count: await countPacks(trx) },
          ...(await countSessions(trx)),
          totalGamesPlayed: { count: sum("play_count") },
          totalVotes: { count: upvotes + downvotes, upvotes, downvotes },
          mostPlayedGames: first(
            (game) => game.play_count > 0,
            (game) => game.play_count,
          ),
          topRatedGames: first(
            (game) => game.popularity_score > 0,
            (game) => game.popularity_score,
          ),
          lowestRatedGames: first(
            (game) => game.popularity_score < 0,
            (game) => -game.popularity_score,
          ),
          mostDivisiveGames: first((game) => Math.min(game.upvotes, game.downvotes) > 0, divisive),
          votesByNight: await latestNights(trx),
        }
      }),
  }
}

/** As many as there are votes where they are split evenly, and the closer to one the less they are. */
const divisive = ({ upvotes, downvotes }: GameNumbers): number =>
  (upvotes + downvotes) ** (Math.min(upvotes, downvotes) / Math.max(upvotes, downvotes))

const gamesByTitle = (trx: Trx) =>
  trx
    .selectFrom("games")
    .select(["id", "title", "pack_name", "play_count"])
    .select((eb) => eb("upvotes", "-", eb.ref("downvotes")).as("popularity_score"))
    .select(["upvotes", "downvotes", "enabled"])
    .orderBy("title")
    .orderBy("id")
    .execute()

/** A pack without games is none. */
async function countPacks(trx: Trx): Promise<number> {
  const { count } = await trx
    .selectFrom("game_packs")
    .select(({ fn }) => fn.count<number>("pack_name").distinct().as("count"))
    .executeTakeFirstOrThrow()
  return count
}

async function countSessions(
  trx: Trx,
): Promise<Pick<Stats, "sessions" | "activeSessions" | "archivedSessions">> {
  const rows = await trx
    .selectFrom("sessions")
    .select("archived")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .groupBy("archived")
    .execute()
  const { active } = await trx
    .selectFrom("sessions")
    .select(({ fn }) => fn.countAll<number>().as("active"))
    .where("is_active", "=", 1)
    .executeTakeFirstOrThrow()
  return {
    sessions: { count: rows.reduce((total, { count }) => total + count, 0) },
    activeSessions: { count: active },
    archivedSessions: { count: rows.find(({ archived }) => archived === 1)?.count ?? 0 },
  }
}

async function latestNights(trx: Trx): Promise<NightNumbers[]> {
  const rows = await trx
    .selectFrom("sessions")
    .leftJoin("session_games", "session_games.session_id", "sessions.id")
    .select(["sessions.id as session_id", "sessions.notes", "sessions.created_at"])
    .select((eb) => [
      eb.fn.count<number>("session_games.id").as("games_played"),
      eb.fn.coalesce(eb.fn.sum<number>("session_games.upvotes"), eb.lit(0)).as("upvotes"),
      eb.fn.coalesce(eb.fn.sum<number>("session_games.downvotes"), eb.lit(0)).as("downvotes"),
    ])
    .where("sessions.id", "in", (eb) =>
      eb.selectFrom("sessions as latest").select("latest.id").orderBy("latest.id", "desc").limit(NIGHTS),
    )
    .groupBy(["sessions.id", "sessions.notes", "sessions.created_at"])
    .orderBy("sessions.id", "desc")
    .execute()
  return rows.map((row) => ({ ...row, total_votes: row.upvotes + row.downvotes }))
}
