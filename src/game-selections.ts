/** The pending pick of a session, as hosts share it: put there, looked at, taken away. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { dropPick, type NewSelection, putPick, type Selection, selectionOf } from "./pending-pick.ts"
import { checkSession, runningSession } from "./sessions.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import { iso } from "./vote-place.ts"

export type GameSelections = {
  /** Takes the place of the one before. Throws `session_not_found`, `session_closed`, `game_not_found`. */
  pick(selection: NewSelection, once?: Once): Promise<Selection>
  /** Gives what was pending, null if nothing was. Throws `session_not_found`. */
  dismiss(sessionId: number): Promise<Selection | null>
  /** Throws `session_not_found`. */
  pending(sessionId: number): Promise<Selection | null>
}

type Deps = {
  store: Store
  events: Events
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  now?: () => number
}

export function createGameSelections({
  store,
  events,
  onActivity = () => {},
  now = Date.now,
}: Deps): GameSelections {
  const { db, write } = store
  return {
    pick: (selection, once) =>
      write(async (context) => {
        const { trx, afterCommit } = context
        const { session_id, game_id } = selection
        await runningSession(trx, session_id, "pick a game for")
        const game = await trx.selectFrom("games").select("id").where("id", "=", game_id).executeTakeFirst()
        if (!game) throw new AppError("game_not_found", "Game not found")
        afterCommit(() => onActivity(session_id))
        return putPick(context, events, selection, iso(now()))
      }, once),

    dismiss: (sessionId) =>
      write(async (context) => {
        await checkSession(context.trx, sessionId)
        return dropPick(context, events, sessionId, { at: iso(now()) })
      }),

    async pending(sessionId) {
      await checkSession(db, sessionId)
      return (await selectionOf(db, sessionId)) ?? null
    },
  }
}
