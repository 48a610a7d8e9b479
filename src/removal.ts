/** Taking played games out of the database, and out of every number they count in. */
import type { Trx } from "./store/schema.ts"

/** Removes rows and their votes, and what both counted in the numbers of all nights. */
export async function removeGames(
  trx: Trx,
  column: "id" | "session_id",
  ids: readonly number[],
): Promise<void> {
  const counted = await trx
    .selectFrom("session_games")
    .select("game_id")
    .select(({ fn }) => [
      fn.countAll<number>().as("plays"),
      fn.sum<number>("upvotes").as("up"),
      fn.sum<number>("downvotes").as("down"),
    ])
    .where(column, "in", ids)
    .groupBy("game_id")
    .execute()
  for (const { game_id, plays, up, down } of counted) {
    await trx
      .updateTable("games")
      .set((eb) => ({
        play_count: eb("play_count", "-", plays),
        upvotes: eb("upvotes", "-", up),
        downvotes: eb("downvotes", "-", down),
      }))
      .where("id", "=", game_id)
      .execute()
  }
  await trx.deleteFrom("session_games").where(column, "in", ids).execute()
}
