/** The game that is played at this moment, with all that a chat bot says of it. */
import type { Kysely } from "kysely"
import { type SessionGame, selectSessionGames } from "./session-games.ts"
import { type Session, selectSessions } from "./sessions.ts"
import type { Database, Trx } from "./store/schema.ts"

export type Tally = { upvotes: number; downvotes: number; popularity_score: number }

/** Everything but the session is null where no game is played, and all of it where no session runs. */
export type Now = {
  session: Session | null
  game: SessionGame | null
  /** Whole minutes since the game began. */
  minutes_in: number | null
  /** Of all rounds of the game in this session. */
  tonight: Tally | null
  /** Of all its nights. */
  all_time: Tally | null
}

export type NowPlaying = { now(): Promise<Now> }

const NOTHING = { game: null, minutes_in: null, tonight: null, all_time: null } as const

export function createNowPlaying(db: Kysely<Database>, now = Date.now): NowPlaying {
  return {
    /** In one transaction, so that the numbers fit each other. */
    now: () =>
      db.transaction().execute(async (trx): Promise<Now> => {
        const session = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
        if (!session) return { session: null, ...NOTHING }
        const game = await selectSessionGames(trx)
          .where("session_id", "=", session.id)
          .where("status", "=", "playing")
          .executeTakeFirst()
        if (!game) return { session, ...NOTHING }
        const minutes_in = Math.max(0, Math.floor((now() - Date.parse(game.played_at)) / 60_000))
        return { session, game, minutes_in, ...(await talliesOf(trx, game)) }
      }),
  }
}

async function talliesOf(
  trx: Trx,
  { session_id, game_id }: SessionGame,
): Promise<{ tonight: Tally; all_time: Tally }> {
  const tonight = await trx
    .selectFrom("session_games")
    .select(({ fn }) => [
      fn.sum<number>("upvotes").as("upvotes"),
      fn.sum<number>("downvotes").as("downvotes"),
    ])
    .where("session_id", "=", session_id)
    .where("game_id", "=", game_id)
    .executeTakeFirstOrThrow()
  const allTime = await trx
    .selectFrom("games")
    .select(["upvotes", "downvotes"])
    .where("id", "=", game_id)
    .executeTakeFirstOrThrow()
  return { tonight: tally(tonight), all_time: tally(allTime) }
}

const tally = ({ upvotes, downvotes }: { upvotes: number; downvotes: number }): Tally => ({
  upvotes,
  downvotes,
  popularity_score: upvotes - downvotes,
})
