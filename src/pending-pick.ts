/** The game that is to be played next: one at most in a session, put there by a host or by a poll. */
import type { Kysely } from "kysely"
import type { Events } from "./events.ts"
import type { Database, GameSource } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

export type Selection = {
  session_id: number
  game_id: number
  title: string
  pack_name: string
  source: GameSource
  /** The name of the host's token; null if a poll chose it. */
  picked_by: string | null
  created_at: string
}

export type NewSelection = Pick<Selection, "session_id" | "game_id" | "source" | "picked_by">

export const selectionOf = (db: Kysely<Database>, sessionId: number): Promise<Selection | undefined> =>
  db
    .selectFrom("game_selections")
    .innerJoin("games", "games.id", "game_selections.game_id")
    .select([
      "game_selections.session_id",
      "game_selections.game_id",
      "games.title",
      "games.pack_name",
      "game_selections.source",
      "game_selections.picked_by",
      "game_selections.created_at",
    ])
    .where("session_id", "=", sessionId)
    .executeTakeFirst()

/** Takes the place of the one before. The same pick again changes nothing and tells nobody. */
export async function putPick(
  context: WriteContext,
  events: Events,
  pick: NewSelection,
  at: string,
): Promise<Selection> {
  const { trx } = context
  const { session_id, game_id, source, picked_by } = pick
  const before = await selectionOf(trx, session_id)
  if (before?.game_id === game_id && before.source === source && before.picked_by === picked_by) return before
  await trx
    .insertInto("game_selections")
    .values({ ...pick, created_at: at })
    .onConflict((conflict) =>
      conflict.column("session_id").doUpdateSet({ game_id, source, picked_by, created_at: at }),
    )
    .execute()
  const { title, pack_name } = await trx
    .selectFrom("games")
    .select(["title", "pack_name"])
    .where("id", "=", game_id)
    .executeTakeFirstOrThrow()
  const game = { id: game_id, title, pack_name }
  const data = { sessionId: session_id, game, source, pickedBy: picked_by }
  events.append(context, session_id, "game.picked", data, at)
  return { session_id, game_id, title, pack_name, source, picked_by, created_at: at }
}

/** Takes it away and tells so, `unless` it was this game, of which something else tells. Gives what was pending. */
export async function dropPick(
  context: WriteContext,
  events: Events,
  sessionId: number,
  { at, unless }: { at: string; unless?: number },
): Promise<Selection | null> {
  const { trx } = context
  const pending = await selectionOf(trx, sessionId)
  if (!pending) return null
  await trx.deleteFrom("game_selections").where("session_id", "=", sessionId).execute()
  if (pending.game_id !== unless) {
    const { game_id: id, title, pack_name } = pending
    events.append(context, sessionId, "game.dismissed", { sessionId, game: { id, title, pack_name } }, at)
  }
  return pending
}
