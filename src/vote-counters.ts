/** What votes add to the numbers of games: gathered while a transaction goes on, and written once for all its votes. */
import type { PlayedGame } from "./nights.ts"
import type { Store } from "./store/open.ts"
import { query } from "./store/query.ts"
import type { WriteContext } from "./store/writer.ts"
import type { Change } from "./vote-count.ts"

export type Counters = {
  /** Adds a change to the numbers of the played game and to those of all nights; `activeAt` is a sign of life of the game. */
  add(context: Pick<WriteContext, "kept">, played: PlayedGame, change: Change, activeAt?: string): void
}

type Counting = { id: number; up: number; down: number }
type CountingPlayed = Counting & { active_at: string | null }

const countOnGame = query<Counting>()((db, value) =>
  db
    .updateTable("games")
    .set((eb) => ({
      upvotes: eb("upvotes", "+", value("up")),
      downvotes: eb("downvotes", "+", value("down")),
    }))
    .where("id", "=", value("id")),
)

const countOnPlayed = query<CountingPlayed>()((db, value) =>
  db
    .updateTable("session_games")
    .set((eb) => ({
      upvotes: eb("upvotes", "+", value("up")),
      downvotes: eb("downvotes", "+", value("down")),
      active_at: eb.fn.coalesce(eb.val(value("active_at")), "active_at"),
    }))
    .where("id", "=", value("id")),
)

export function createCounters({ onSettling, onTouched }: Pick<Store, "onSettling" | "onTouched">): Counters {
  const games = new Map<number, Counting>()
  const played = new Map<number, CountingPlayed>()
  function forget(): void {
    games.clear()
    played.clear()
  }
  onSettling(({ run }) => {
    if (played.size === 0) return
    for (const counting of played.values()) run(countOnPlayed, counting)
    for (const counting of games.values()) {
      if (counting.up !== 0 || counting.down !== 0) run(countOnGame, counting)
    }
    forget()
  })
  onTouched(forget)

  return {
    add({ kept }, { id, game_id, totals }, { up, down }, activeAt) {
      if (up === 0 && down === 0 && activeAt === undefined) return
      kept(() => {
        const onPlayed = gatheredIn(played, id, { id, up: 0, down: 0, active_at: null })
        const onGame = gatheredIn(games, game_id, { id: game_id, up: 0, down: 0 })
        for (const counting of [onPlayed, onGame]) {
          counting.up += up
          counting.down += down
        }
        onPlayed.active_at = activeAt ?? onPlayed.active_at
        totals.upvotes += up
        totals.downvotes += down
      })
    },
  }
}

/** What a row has gathered so far, at first nothing. */
function gatheredIn<T>(rows: Map<number, T>, id: number, nothing: T): T {
  const known = rows.get(id) ?? nothing
  rows.set(id, known)
  return known
}
