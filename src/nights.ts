/** The nights that votes belong to. The one that runs is held in memory, so that a vote reads none of it again. */
import type { Kysely } from "kysely"
import { type Session, selectSessions } from "./sessions.ts"
import type { Store } from "./store/open.ts"
import type { Database } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

export type PlayedGame = {
  /** Of the row in the session, not of the game. */
  id: number
  game_id: number
  title: string
  pack_name: string
  ticker: string | null
  played_at: string
  /** Of all nights; one object for all rounds of a game. */
  totals: { upvotes: number; downvotes: number }
}

export type Night = {
  session: Session
  /** In the order played. */
  games: readonly PlayedGame[]
  /** All names of a person, by each of them; those with one name are not in it. */
  links: ReadonlyMap<string, readonly string[]>
}

export type Nights = {
  /** The night of the running session. */
  running(context: WriteContext): Promise<Night | undefined>
}

/** What is remembered lasts until anything but a vote changes the database, or a change is undone. */
export function createNights({ onTouched }: Pick<Store, "onTouched">): Nights {
  let remembered: { night: Night | undefined } | undefined
  onTouched(() => {
    remembered = undefined
  })
  return {
    async running(context) {
      if (remembered) return remembered.night
      const { trx } = context
      const session = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
      remembered = { night: session && (await nightOf(trx, session)) }
      return remembered.night
    },
  }
}

/** The night of a session, on a connection or inside a transaction. */
export async function nightOf(db: Kysely<Database>, session: Session): Promise<Night> {
  const rows = await db
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select(["session_games.id", "session_games.game_id", "session_games.played_at"])
    .select(["games.title", "games.pack_name", "games.ticker", "games.upvotes", "games.downvotes"])
    .where("session_games.session_id", "=", session.id)
    .orderBy("session_games.played_at")
    .orderBy("session_games.id")
    .execute()
  const totals = new Map<number, PlayedGame["totals"]>()
  const games = rows.map(({ upvotes, downvotes, ...game }) => {
    const known = totals.get(game.game_id) ?? { upvotes, downvotes }
    totals.set(game.game_id, known)
    return { ...game, totals: known }
  })
  return { session, games, links: await linksIn(db) }
}

async function linksIn(db: Kysely<Database>): Promise<Night["links"]> {
  const rows = await db.selectFrom("linked_voters").select(["link_id", "voter"]).execute()
  const people = Map.groupBy(rows, ({ link_id }) => link_id)
  return new Map(
    [...people.values()].flatMap((person) => {
      const names = person.map(({ voter }) => voter)
      return names.map((name) => [name, names] as const)
    }),
  )
}
