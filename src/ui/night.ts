/**
 * The night as a page shows it: a snapshot, and the events that came since. Pure, so that the same events always give
 * the same screen.
 */
import type { ActiveSession, GameNightEvent } from "../server-messages.ts"

export type NightGame = {
  /** The row of the session game; null until the service has told it. */
  row: number | null
  game_id: number
  title: string
  pack_name: string
  min_players: number
  max_players: number
  status: "playing" | "played" | "skipped"
  played_at: string
  room_code: string | null
  player_count: number | null
  upvotes: number
  downvotes: number
}

type Votes = { upvotes: number; downvotes: number }

export type LastVote = { username: string; type: "up" | "down"; game_id: number; nth: number }

export type Poll = NonNullable<ActiveSession["poll"]>
export type PollOption = Poll["options"][number]

/** How the last poll came out. */
export type PollResult = { id: number; label: string; votes: number; total: number; tie: boolean }

/** The game that is to come next, as the hosts agreed. */
export type Selection = Pick<
  NonNullable<ActiveSession["selection"]>,
  "game_id" | "title" | "pack_name" | "source" | "picked_by"
>

export type Night = {
  session: { id: number; notes: string | null; created_at: string } | null
  games: readonly NightGame[]
  /** The votes of all nights by game, as heard last: they tell one more vote from a change of mind. */
  ever: ReadonlyMap<number, Votes>
  /** The newest vote; `nth` tells it from the one before. */
  lastVote: LastVote | null
  /** The poll that runs. */
  poll: Poll | null
  result: PollResult | null
  selection: Selection | null
  /** The night that ended while this page looked on. */
  ended: { id: number; games_played: number } | null
}

export const NO_NIGHT: Night = {
  session: null,
  games: [],
  ever: new Map(),
  lastVote: null,
  poll: null,
  result: null,
  selection: null,
  ended: null,
}

/** The night of a snapshot. */
export function fromSnapshot(active: ActiveSession | null): Night {
  if (!active) return NO_NIGHT
  const { id, notes, created_at, poll, selection } = active
  const games = active.games.map(fromRow)
  const ever = new Map(active.games.map(({ game_id, all_time }) => [game_id, all_time]))
  return { ...NO_NIGHT, session: { id, notes, created_at }, games, ever, poll, selection }
}

type Row = ActiveSession["games"][number]

function fromRow(row: Omit<Row, "all_time">): NightGame {
  const { id, game_id, title, pack_name, min_players, max_players } = row
  const { status, played_at, room_code, player_count, upvotes, downvotes } = row
  const game = { row: id, game_id, title, pack_name, min_players, max_players }
  return { ...game, status, played_at, room_code, player_count, upvotes, downvotes }
}

/** The night after an event. Events of other sessions change nothing. */
export function after(night: Night, event: GameNightEvent): Night {
  if (event.type === "session.started") return { ...NO_NIGHT, session: event.data.session }
  const id = "sessionId" in event.data ? event.data.sessionId : event.data.session.id
  if (id !== night.session?.id) return night
  switch (event.type) {
    case "game.added":
      return withGame(night, event)
    case "game.changed":
      return withChange(night, event.data.game)
    case "game.removed":
      return without(night, event.data.game)
    case "vote.received":
      return withVote(night, event.data)
    case "session.ended":
      return { ...NO_NIGHT, ended: { id, games_played: event.data.session.games_played } }
    case "game.picked": {
      const { game, source, pickedBy } = event.data
      const { id: game_id, title, pack_name } = game
      return { ...night, selection: { game_id, title, pack_name, source, picked_by: pickedBy } }
    }
    case "game.dismissed":
      return { ...night, selection: null }
    default:
      return afterPoll(night, event)
  }
}

type PollEvent = Of<
  "poll.start" | "poll.voted" | "poll.leading" | "poll.ending" | "poll.ending.cancelled" | "voting.ended"
>

function afterPoll(night: Night, event: PollEvent): Night {
  const { poll } = night
  switch (event.type) {
    case "poll.start": {
      const { sessionId: session_id, pollId: id, endsAt: ends_at, options } = event.data
      const begun = {
        id,
        session_id,
        state: "open" as const,
        created_at: event.timestamp,
        ends_at,
        ended_at: null,
      }
      const none = { total_votes: 0, leading: null, winner: null }
      return { ...night, result: null, poll: { ...begun, options: options.map(asOption), ...none } }
    }
    case "poll.voted": {
      const { options, totalVotes: total_votes } = event.data
      return poll ? { ...night, poll: { ...poll, total_votes, options: options.map(asOption) } } : night
    }
    case "poll.leading":
      return poll ? { ...night, poll: { ...poll, leading: event.data.position } } : night
    case "poll.ending":
      return poll ? { ...night, poll: { ...poll, state: "ending", ends_at: event.data.endsAt } } : night
    case "poll.ending.cancelled":
      return poll ? { ...night, poll: { ...poll, state: "open", ends_at: null } } : night
    case "voting.ended": {
      const { pollId: id, winnerLabel: label, winnerVotes: votes, totalVotes: total, tie } = event.data
      return { ...night, poll: null, result: { id, label, votes, total, tie } }
    }
    default:
      return event satisfies never
  }
}

const asOption = ({ gameId: game_id, ...rest }: Of<"poll.start">["data"]["options"][number]): PollOption => ({
  ...rest,
  game_id,
})

type Of<T extends GameNightEvent["type"]> = Extract<GameNightEvent, { type: T }>

function withGame(night: Night, { timestamp, data }: Of<"game.added">): Night {
  const { id, title, pack_name, min_players, max_players, room_code } = data.game
  const added: NightGame = {
    row: null,
    game_id: id,
    title,
    pack_name,
    min_players,
    max_players,
    status: "playing",
    played_at: timestamp,
    room_code,
    player_count: null,
    upvotes: 0,
    downvotes: 0,
  }
  return { ...night, games: [...night.games.map(finished), added], selection: null, result: null }
}

const finished = (game: NightGame): NightGame =>
  game.status === "playing" ? { ...game, status: "played" } : game

/** Only one plays at a time. A row that is not known yet is told by the moment it began. */
function withChange(night: Night, changed: Of<"game.changed">["data"]["game"]): Night {
  const { id, played_at, status, room_code, player_count } = changed
  return {
    ...night,
    games: night.games.map((game) => {
      if (game.played_at === played_at) return { ...game, row: id, status, room_code, player_count }
      return status === "playing" ? finished(game) : game
    }),
  }
}

/** Its votes went with it. */
function without(night: Night, { game_id, played_at }: Of<"game.removed">["data"]["game"]): Night {
  const gone = night.games.find((game) => game.played_at === played_at)
  const before = night.ever.get(game_id)
  const ever = new Map(night.ever)
  if (gone && before) {
    const upvotes = before.upvotes - gone.upvotes
    ever.set(game_id, { upvotes, downvotes: before.downvotes - gone.downvotes })
  }
  return { ...night, ever, games: night.games.filter((game) => game !== gone) }
}

/**
 * The event tells the votes of all nights; what changed in them since is what changed tonight. The first one that is
 * heard of a game is one more.
 */
function withVote(night: Night, { game, vote, totals }: Of<"vote.received">["data"]): Night {
  const round = lastRound(night.games, game.id)
  const { upvotes, downvotes } = totals
  const before = night.ever.get(game.id) ?? {
    upvotes: upvotes - (vote.type === "up" ? 1 : 0),
    downvotes: downvotes - (vote.type === "down" ? 1 : 0),
  }
  const nth = (night.lastVote?.nth ?? 0) + 1
  return {
    ...night,
    ever: new Map([...night.ever, [game.id, { upvotes, downvotes }]]),
    lastVote: { username: vote.username, type: vote.type, game_id: game.id, nth },
    games: night.games.map((one) =>
      one !== round
        ? one
        : {
            ...one,
            upvotes: Math.max(0, one.upvotes + upvotes - before.upvotes),
            downvotes: Math.max(0, one.downvotes + downvotes - before.downvotes),
          },
    ),
  }
}

const lastRound = (games: readonly NightGame[], gameId: number): NightGame | undefined =>
  games.findLast(({ game_id }) => game_id === gameId)

/** The game that is being played. */
export const playing = ({ games }: Night): NightGame | undefined =>
  games.findLast(({ status }) => status === "playing")

/** The rows as the service lists them: what was only heard of gets its row. */
export function withRows(night: Night, sessionId: number, rows: readonly Omit<Row, "all_time">[]): Night {
  if (night.session?.id !== sessionId) return night
  const games = rows.map(fromRow)
  // A game that was added since the list was made is in the night already.
  const newest = night.games.filter(
    ({ row, played_at }) => row === null && played_at > (games.at(-1)?.played_at ?? ""),
  )
  return { ...night, games: [...games, ...newest] }
}
