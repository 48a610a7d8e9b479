/** The night as it stands: what a client starts from that has nothing, or too little, to resume. */
import { type Events, newestSeq, prunedThroughIn } from "./events.ts"
import { selectionOf } from "./pending-pick.ts"
import { runningPoll, shown } from "./poll-rows.ts"
import type { ActiveSession } from "./server-messages.ts"
import { gamesOfSession } from "./session-games.ts"
import { selectSessions } from "./sessions.ts"
import type { Store } from "./store/open.ts"
import type { Trx } from "./store/schema.ts"
import { talliesOfSession } from "./tallies.ts"

/** The running session, and the `seq` of the last event that it shows. */
export type Snapshot = { seq: number; active_session: ActiveSession | null }

/** Gives a function that takes a snapshot of one moment, all of whose events were announced. */
export function createSnapshot({ db }: Store, events: Events): () => Promise<Snapshot> {
  return async () => {
    const taken = await db.transaction().execute(async (trx) => ({
      // Where the newest events were removed, the place behind them is the first one that can be resumed from.
      seq: Math.max(await newestSeq(trx), await prunedThroughIn(trx)),
      active_session: await activeSession(trx),
    }))
    // What is committed is announced within the same turn.
    while (events.head() < taken.seq) await new Promise((resolve) => setImmediate(resolve))
    return taken
  }
}

async function activeSession(trx: Trx): Promise<ActiveSession | null> {
  const session = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
  if (!session) return null
  const [rows, votes] = [await gamesOfSession(trx, session.id), await talliesOfSession(trx, session.id)]
  const ever = await allTimeOf(trx, session.id)
  // A vote is told with the votes of all nights: who knows those of before can say what it changed.
  const games = rows.map((row) => ({
    ...row,
    all_time: ever.get(row.game_id) ?? { upvotes: 0, downvotes: 0 },
  }))
  const [poll, selection] = [await runningPoll(trx, session.id), await selectionOf(trx, session.id)]
  return {
    ...session,
    is_active: 1,
    closed_at: null,
    games,
    votes,
    poll: poll ? shown(poll) : null,
    selection: selection ?? null,
  }
}

/** The votes of all nights on the games of a session, by the game. */
async function allTimeOf(
  trx: Trx,
  sessionId: number,
): Promise<Map<number, { upvotes: number; downvotes: number }>> {
  const rows = await trx
    .selectFrom("games")
    .select(["id", "upvotes", "downvotes"])
    .where("id", "in", (eb) =>
      eb.selectFrom("session_games").select("game_id").where("session_id", "=", sessionId),
    )
    .execute()
  return new Map(rows.map(({ id, ...votes }) => [id, votes]))
}
