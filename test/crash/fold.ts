/** The log folded into what the tables must hold: sessions, games played, votes and every tally. */
import type { GameStatus, VoteType } from "../../src/store/schema.ts"
import type { GameTally } from "../../src/tallies.ts"
import { voterKey } from "../../src/vote-count.ts"
import type { LoadEvent } from "./history.ts"

export type SessionRow = {
  id: number
  notes: string | null
  is_active: number
  created_at: string
  closed_at: string | null
}
export type PlayedRow = {
  id: number
  session_id: number
  game_id: number
  status: GameStatus
  played_at: string
  room_code: string | null
  upvotes: number
  downvotes: number
}
export type VoteRow = {
  id: number
  session_game_id: number
  voter: string
  vote_type: VoteType
  timestamp: string
}
export type GameRow = { id: number; play_count: number; upvotes: number; downvotes: number }

/** The tables after a restart; `votes` those with an id above the ones already compared, oldest first. */
export type Tables = {
  sessions: SessionRow[]
  played: PlayedRow[]
  votes: VoteRow[]
  voteCount: number
  games: GameRow[]
  /** `GET /api/sessions/{id}/votes`, as far as it was asked for. */
  results: { session_id: number; votes: GameTally[] }[]
  /** `GET /api/sessions/active`. */
  activeId: number | null
}

type Report = (violation: string) => void
type Counts = { upvotes: number; downvotes: number }
type Vote = { type: VoteType; timestamp: string }
type Played = Counts & { gameId: number; roomCode: string | null; at: string; votes: Map<string, Vote> }
type Night = { notes: string | null; startedAt: string; endedAt: string | null; played: Played[] }

export type Fold = {
  apply(event: LoadEvent, seq: number, report: Report): void
  compare(tables: Tables, report: Report): void
}

/** Folds under the policy that counts a voter's newest vote for each game played. */
export function createFold(): Fold {
  const nights = new Map<number, Night>()
  const games = new Map<number, Counts & { plays: number }>()

  const gameOf = (id: number) => {
    const known = games.get(id) ?? { upvotes: 0, downvotes: 0, plays: 0 }
    games.set(id, known)
    return known
  }

  function vote({ sessionId, game, vote, totals }: VoteData, seq: number, report: Report): void {
    const played = nights.get(sessionId)?.played.findLast(({ at }) => at <= vote.timestamp)
    if (played?.gameId !== game.id) return report(`The vote of seq ${seq} is for a game that was not playing`)
    const voter = voterKey(vote.username)
    const earlier = played.votes.get(voter)
    const counts = gameOf(game.id)
    for (const tally of [played, counts]) {
      if (earlier) tally[`${earlier.type}votes`]--
      tally[`${vote.type}votes`]++
    }
    played.votes.set(voter, { type: vote.type, timestamp: vote.timestamp })
    const { upvotes, downvotes } = counts
    const wanted = { upvotes, downvotes, popularity_score: upvotes - downvotes }
    differ(`The totals of seq ${seq}`, totals, wanted, report)
  }

  function apply({ type, timestamp, data }: LoadEvent, seq: number, report: Report): void {
    switch (type) {
      case "session.started": {
        const { id, notes } = data.session
        const running = [...nights].find(([, { endedAt }]) => endedAt === null)
        if (running) report(`Session ${id} started at seq ${seq} while session ${running[0]} was running`)
        nights.set(id, { notes, startedAt: timestamp, endedAt: null, played: [] })
        return
      }
      case "game.added": {
        const { id: gameId, room_code: roomCode } = data.game
        const night = nights.get(data.session.id)
        if (!night || night.endedAt !== null)
          return report(`A game was added at seq ${seq} to no running session`)
        night.played.push({ gameId, roomCode, at: timestamp, upvotes: 0, downvotes: 0, votes: new Map() })
        gameOf(gameId).plays++
        differ(`The games of seq ${seq}`, data.session.games_played, night.played.length, report)
        return
      }
      case "vote.received":
        return vote(data, seq, report)
      case "session.ended": {
        const night = nights.get(data.session.id)
        if (!night || night.endedAt !== null) return report(`No running session was ended at seq ${seq}`)
        night.endedAt = timestamp
        differ(`The games of seq ${seq}`, data.session.games_played, night.played.length, report)
        return
      }
      default:
        return type satisfies never
    }
  }

  return { apply, compare: (tables, report) => compareAll(nights, games, tables, report) }
}

type VoteData = Extract<LoadEvent, { type: "vote.received" }>["data"]

function compareAll(
  nights: Map<number, Night>,
  games: Map<number, Counts & { plays: number }>,
  tables: Tables,
  report: Report,
): void {
  const sessions = [...nights].map(([id, { notes, startedAt, endedAt }]) => ({
    id,
    notes,
    is_active: endedAt === null ? 1 : 0,
    created_at: startedAt,
    closed_at: endedAt,
  }))
  differ("The sessions", tables.sessions, sessions, report)
  const running = sessions.find(({ is_active }) => is_active === 1)?.id ?? null
  differ("The active session", tables.activeId, running, report)

  const byRow = new Map<number, Played>()
  for (const [id, night] of nights) comparePlayed(id, night, tables.played, byRow, report)
  if (tables.played.length !== byRow.size)
    report(`${tables.played.length - byRow.size} games belong to no session`)

  for (const { id, session_game_id, voter, vote_type, timestamp } of tables.votes) {
    const wanted = byRow.get(session_game_id)?.votes.get(voter)
    differ(`The vote of row ${id}`, { type: vote_type, timestamp }, wanted, report)
  }
  const votes = [...byRow.values()].reduce((sum, played) => sum + played.votes.size, 0)
  differ("The number of votes", tables.voteCount, votes, report)

  for (const { id, play_count: plays, upvotes, downvotes } of tables.games) {
    const wanted = games.get(id) ?? { plays: 0, upvotes: 0, downvotes: 0 }
    differ(`The counters of game ${id}`, { upvotes, downvotes, plays }, wanted, report)
  }
  for (const result of tables.results) {
    const played = nights.get(result.session_id)?.played ?? []
    differ(`The result of session ${result.session_id}`, countsOf(result.votes), sumByGame(played), report)
  }
}

function comparePlayed(
  sessionId: number,
  { played, endedAt }: Night,
  rows: readonly PlayedRow[],
  byRow: Map<number, Played>,
  report: Report,
): void {
  const own = rows.filter(({ session_id }) => session_id === sessionId)
  const found = own.map(({ id, session_id, ...row }) => row)
  const wanted = played.map(({ gameId, roomCode, at, upvotes, downvotes }, i) => {
    const status: GameStatus = i === played.length - 1 && endedAt === null ? "playing" : "played"
    return { game_id: gameId, status, played_at: at, room_code: roomCode, upvotes, downvotes }
  })
  differ(`The games of session ${sessionId}`, found, wanted, report)
  own.forEach(({ id }, i) => {
    const one = played[i]
    if (one) byRow.set(id, one)
  })
}

function sumByGame(played: readonly Played[]): Record<number, Counts> {
  const sums: Record<number, Counts> = {}
  for (const { gameId, upvotes, downvotes } of played) {
    if (upvotes + downvotes === 0) continue
    const sum = sums[gameId] ?? { upvotes: 0, downvotes: 0 }
    sums[gameId] = { upvotes: sum.upvotes + upvotes, downvotes: sum.downvotes + downvotes }
  }
  return sums
}

const countsOf = (votes: readonly GameTally[]): Record<number, Counts> =>
  Object.fromEntries(votes.map(({ game_id, upvotes, downvotes }) => [game_id, { upvotes, downvotes }]))

/** Reports where what was found is not what the log says. */
function differ(what: string, found: unknown, wanted: unknown, report: Report): void {
  if (Bun.deepEquals(found, wanted)) return
  report(`${what} should be ${short(wanted)} and are ${short(found)}`)
}

const short = (value: unknown): string => (JSON.stringify(value) ?? "missing").slice(0, 300)
