/** The end of a poll: by hand, at its time, or with its session. */
import type { Events } from "./events.ts"
import { putPick } from "./pending-pick.ts"
import { resultOf, totalOf } from "./poll-count.ts"
import { runningPoll, type StoredPoll, told } from "./poll-rows.ts"
import type { WriteContext } from "./store/writer.ts"

/** Closes a running poll. The game that won is the pending pick from then on, unless nothing comes after it. */
export async function closePoll(
  context: WriteContext,
  events: Events,
  poll: StoredPoll,
  { at, isLast = false }: { at: string; isLast?: boolean },
): Promise<StoredPoll> {
  const { id, session_id, options, seed } = poll
  const { winner, isTie } = resultOf(options, seed)
  const tie = isTie ? 1 : 0
  const ended = { ends_at: null, ended_at: at, active_at: at, winner: winner.position, tie } as const
  await context.trx
    .updateTable("polls")
    .set({ ...ended, state: "closed" })
    .where("id", "=", id)
    .execute()
  const data = {
    sessionId: session_id,
    pollId: id,
    winnerGameId: winner.game_id,
    winnerLabel: winner.label,
    winnerVotes: winner.votes,
    totalVotes: totalOf(options),
    tie: isTie,
    options: told(options),
  }
  events.append(context, session_id, "voting.ended", data, at)
  if (winner.game_id !== null && !isLast) {
    const pick = { session_id, game_id: winner.game_id, source: "poll", picked_by: null } as const
    await putPick(context, events, pick, at)
  }
  return { ...poll, ...ended, state: "closed" }
}

/** A session takes its poll along, which is told, and its pending pick, which needs no word. */
export async function endWithSession(
  context: WriteContext,
  events: Events,
  sessionId: number,
  at: string,
): Promise<void> {
  const { trx } = context
  const poll = await runningPoll(trx, sessionId)
  if (poll) await closePoll(context, events, poll, { at, isLast: true })
  await trx.deleteFrom("game_selections").where("session_id", "=", sessionId).execute()
}
