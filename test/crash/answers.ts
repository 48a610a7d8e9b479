/** The answer of a write beside the event it made: both tell of one change and must agree. */
import type { Body } from "../support/api.ts"
import type { LoadEvent } from "./history.ts"

/** Why the answer and the event tell different stories; undefined where they agree. */
export function disagreement(answer: Body, event: LoadEvent): string | undefined {
  const { told, logged } = sides(answer, event)
  if (Bun.deepEquals(told, logged)) return undefined
  return `answered with ${JSON.stringify(told)}, logged as ${JSON.stringify(logged)}`
}

function sides(answer: Body, { type, timestamp, data }: LoadEvent): { told: unknown; logged: unknown } {
  switch (type) {
    case "session.started": {
      const { id, is_active, created_at, notes } = answer
      return { told: { id, is_active, created_at, notes }, logged: data.session }
    }
    case "game.added": {
      const { session_id, game_id, room_code, played_at, title, pack_name } = answer
      const { id, ...game } = data.game
      return {
        told: { session_id, game_id, room_code, played_at, title, pack_name },
        logged: {
          session_id: data.session.id,
          game_id: id,
          room_code: game.room_code,
          played_at: timestamp,
          title: game.title,
          pack_name: game.pack_name,
        },
      }
    }
    case "vote.received": {
      const { session, game, vote } = answer
      const { id, title } = data.game
      return {
        told: { session: session.id, game, vote },
        logged: { session: data.sessionId, game: { id, title, ...data.totals }, vote: data.vote },
      }
    }
    case "session.ended": {
      const { id, is_active, closed_at, games_played } = answer
      const { session } = data
      return {
        told: { id, is_active, games_played, closed_at },
        logged: { ...session, closed_at: timestamp },
      }
    }
    default:
      return type satisfies never
  }
}
