/** Picks for a night: the catalogue and what was played, handed to the picker. */
import type { Kysely } from "kysely"
import { AppError } from "./errors.ts"
import { type Game, selectGames } from "./games.ts"
import { type Candidate, type NoPick, type PickWish, pick, seeded } from "./picker.ts"
import { type Plan, type PlannedGame, type PlanWish, plan } from "./planner.ts"
import { checkSession } from "./sessions.ts"
import type { Database } from "./store/schema.ts"

export type Picked = {
  game: Game
  poolSize: number
  totalEnabled: number
  /** The real chance the game had. */
  probability: number
  reasons: string[]
  seed: string
}

export type Picks = {
  /**
   * Draws a game that fits. The same seed over the same data draws the same game. Throws `session_not_found`, or
   * `no_game_fits` with the filter that left none and what giving up each filter would bring.
   */
  draw(wish: PickWish & Chance): Promise<Picked>
  /** Draws game after game for a whole night, or for the rest of it. Throws as `draw` does. */
  plan(wish: PlanWish & Chance): Promise<NightPlan>
}

type Chance = { sessionId?: number | undefined; seed?: string | undefined }

export type NightPlan = Omit<Plan, "games"> & {
  games: (Omit<PlannedGame, "game"> & { game: Game })[]
  seed: string
}

export function createPicks(db: Kysely<Database>, newSeed: () => string = () => crypto.randomUUID()): Picks {
  return {
    async draw({ sessionId, seed = newSeed(), ...wish }) {
      const candidates = await candidatesFor(db, sessionId)
      const picked = pick(candidates, wish, seeded(seed))
      if ("emptiedBy" in picked) throw nothingFits(picked)
      const totalEnabled = candidates.filter(({ enabled }) => enabled === 1).length
      const { poolSize, probability, reasons } = picked
      return { game: plain(picked.game), poolSize, totalEnabled, probability, reasons, seed }
    },

    async plan({ sessionId, seed = newSeed(), ...wish }) {
      const planned = plan(await candidatesFor(db, sessionId), wish, seeded(seed))
      if ("emptiedBy" in planned) throw nothingFits(planned)
      const games = planned.games.map(({ game, ...rest }) => ({ game: plain(game), ...rest }))
      return { ...planned, games, seed }
    },
  }
}

/** The game as every other route shows it. */
function plain({ pack_names: _, pack_favor: _f, owned: _o, played_ago: _p, ...game }: Candidate): Game {
  return game
}

/** Every game with its packs and, in a session, how long ago it was played. */
export async function candidatesFor(
  db: Kysely<Database>,
  sessionId: number | undefined,
): Promise<Candidate[]> {
  const [games, memberships, playedAgo] = await Promise.all([
    selectGames(db).execute(),
    db
      .selectFrom("game_packs")
      .innerJoin("packs", "packs.name", "game_packs.pack_name")
      .select(["game_packs.game_id", "packs.name", "packs.favor_bias", "packs.owned"])
      .execute(),
    sessionId === undefined ? new Map<number, number>() : gamesAgo(db, sessionId),
  ])
  const packsOf = Map.groupBy(memberships, ({ game_id }) => game_id)
  return games.map((game) => {
    const packs = packsOf.get(game.id) ?? []
    const owned = packs.filter((pack) => pack.owned === 1)
    const shownUnder = owned.find(({ name }) => name === game.pack_name) ?? owned[0]
    return {
      ...game,
      pack_names: packs.map(({ name }) => name),
      pack_favor: shownUnder?.favor_bias ?? 0,
      owned: owned.length > 0,
      played_ago: playedAgo.get(game.id),
    }
  })
}

/** How many games ago each game of a session began last: 1 for the newest. */
async function gamesAgo(db: Kysely<Database>, sessionId: number): Promise<Map<number, number>> {
  await checkSession(db, sessionId)
  const rows = await db
    .selectFrom("session_games")
    .select("game_id")
    .where("session_id", "=", sessionId)
    .orderBy("played_at", "desc")
    .orderBy("id", "desc")
    .execute()
  const ago = new Map<number, number>()
  for (const [at, { game_id }] of rows.entries()) if (!ago.has(game_id)) ago.set(game_id, at + 1)
  return ago
}

export function nothingFits({ emptiedBy, relax }: NoPick): AppError {
  const best = relax[0]
  const advice = best
    ? `without ${best.filter} there would be ${best.games}`
    : "no single filter stands in the way, give up several"
  return new AppError("no_game_fits", `Cannot pick a game: none is left after ${emptiedBy}; ${advice}`, {
    members: { filter: emptiedBy, relax },
  })
}
