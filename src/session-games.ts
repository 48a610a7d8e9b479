/** The games of a session, in the order they were played; never two playing at once. */
import type { Kysely } from "kysely"
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { dropPick } from "./pending-pick.ts"
import { removeGames } from "./removal.ts"
import {
  checkSession,
  finishPlaying,
  nextMoment,
  runningSession,
  type Session,
  sessionClosed,
  sessionWith,
} from "./sessions.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Flag, GameSource, GameStatus, Trx } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

/** A played game with what the catalogue says about it. */
export type SessionGame = {
  id: number
  session_id: number
  game_id: number
  title: string
  pack_name: string
  min_players: number
  max_players: number
  game_type: string
  status: GameStatus
  played_at: string
  manually_added: Flag
  source: GameSource
  room_code: string | null
  player_count: number | null
  upvotes: number
  downvotes: number
}

export type NewSessionGame = {
  gameId: number
  manuallyAdded: boolean
  roomCode: string | null
  source: GameSource
}

export type SessionGames = {
  /** Starts a game; the one before becomes played. Throws `session_not_found`, `session_closed`, `game_not_found`. */
  add(sessionId: number, game: NewSessionGame, once?: Once): Promise<SessionGame>
  /** Throws `session_not_found`. */
  list(sessionId: number): Promise<SessionGame[]>
  /** `playing` makes the one that is playing `played`. Throws `not_found`, or `session_closed` for `playing`. */
  setStatus(sessionId: number, rowId: number, status: GameStatus): Promise<SessionGame>
  /** Throws `session_not_found`, `not_found`. */
  setRoomCode(sessionId: number, rowId: number, roomCode: string | null): Promise<SessionGame>
  /** Throws `session_not_found`, `not_found`. */
  setPlayerCount(sessionId: number, rowId: number, playerCount: number | null): Promise<SessionGame>
  /**
   * Takes a game out of its night, with its votes and all they counted; votes that come later for its time go to the
   * game before it. Throws `session_not_found`, `not_found`.
   */
  remove(sessionId: number, rowId: number): Promise<{ id: number; games_played: number }>
}

type Deps = {
  store: Store
  events: Events
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  now?: () => number
}

/** In the order played, on a connection or inside a transaction. */
export const gamesOfSession = (db: Kysely<Database>, sessionId: number): Promise<SessionGame[]> =>
  selectSessionGames(db)
    .where("session_id", "=", sessionId)
    .orderBy("session_games.played_at")
    .orderBy("session_games.id")
    .execute()

/** Rows with what the catalogue says of each game. */
export const selectSessionGames = (db: Kysely<Database>) =>
  db
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select([
      "session_games.id",
      "session_games.session_id",
      "session_games.game_id",
      "games.title",
      "games.pack_name",
      "games.min_players",
      "games.max_players",
      "games.game_type",
      "session_games.status",
      "session_games.played_at",
      "session_games.manually_added",
      "session_games.source",
      "session_games.room_code",
      "session_games.player_count",
      "session_games.upvotes",
      "session_games.downvotes",
    ])

export function createSessionGames(deps: Deps): SessionGames {
  const { store, events, onActivity = () => {}, now = Date.now } = deps
  const { db, write } = store

  /** Any change is a sign of life. */
  async function change(
    context: WriteContext,
    row: SessionGame,
    values: Partial<Pick<SessionGame, "status" | "room_code" | "player_count">>,
  ): Promise<SessionGame> {
    const active_at = new Date(now()).toISOString()
    await context.trx
      .updateTable("session_games")
      .set({ ...values, active_at })
      .where("id", "=", row.id)
      .execute()
    const changed = { ...row, ...values }
    const { id, session_id, game_id, title, played_at, status, room_code, player_count } = changed
    const game = { id, game_id, title, played_at, status, room_code, player_count }
    events.append(context, session_id, "game.changed", { sessionId: session_id, game }, active_at)
    context.afterCommit(() => onActivity(session_id))
    return changed
  }

  return {
    add: (sessionId, { gameId, manuallyAdded, roomCode, source }, once) =>
      write(async (context) => {
        const { trx } = context
        const session = await runningSession(trx, sessionId, "add a game to")
        const game = await trx.selectFrom("games").selectAll().where("id", "=", gameId).executeTakeFirst()
        if (!game) throw new AppError("game_not_found", "Game not found")

        await finishPlaying(trx, sessionId)
        const at = await nextMoment(trx, session, now())
        const { id } = await trx
          .insertInto("session_games")
          .values({
            session_id: sessionId,
            game_id: gameId,
            status: "playing",
            played_at: at,
            manually_added: manuallyAdded ? 1 : 0,
            source,
            room_code: roomCode,
            player_count: null,
            active_at: at,
          })
          .returning("id")
          .executeTakeFirstOrThrow()
        await trx
          .updateTable("games")
          .set((eb) => ({ play_count: eb("play_count", "+", 1) }))
          .where("id", "=", gameId)
          .execute()

        const { title, pack_name, min_players, max_players } = game
        const added = {
          session: { id: sessionId, is_active: true as const, games_played: session.games_played + 1 },
          game: {
            id: gameId,
            title,
            pack_name,
            min_players,
            max_players,
            manually_added: manuallyAdded,
            room_code: roomCode,
          },
        }
        await dropPick(context, events, sessionId, { at, unless: gameId })
        events.append(context, sessionId, "game.added", added, at)
        context.afterCommit(() => onActivity(sessionId))
        return selectSessionGames(trx).where("session_games.id", "=", id).executeTakeFirstOrThrow()
      }, once),

    async list(sessionId) {
      await checkSession(db, sessionId)
      return gamesOfSession(db, sessionId)
    },

    setStatus: (sessionId, rowId, status) =>
      write(async (context) => {
        const { session, row } = await rowIn(context.trx, sessionId, rowId, "set the status")
        if (status === row.status) return row
        if (status === "playing") {
          if (session.is_active === 0) throw sessionClosed("play a game in", session)
          await finishPlaying(context.trx, sessionId)
        }
        return change(context, row, { status })
      }),

    setRoomCode: (sessionId, rowId, room_code) =>
      write(async (context) => {
        const { row } = await rowIn(context.trx, sessionId, rowId, "set the room code")
        return change(context, row, { room_code })
      }),

    setPlayerCount: (sessionId, rowId, player_count) =>
      write(async (context) => {
        const { row } = await rowIn(context.trx, sessionId, rowId, "set the number of players")
        return change(context, row, { player_count })
      }),

    remove: (sessionId, rowId) =>
      write(async (context) => {
        const { session, row } = await rowIn(context.trx, sessionId, rowId, "remove the game")
        await removeGames(context.trx, "id", [rowId])
        const { id, game_id, title, played_at } = row
        const at = new Date(now()).toISOString()
        const game = { id, game_id, title, played_at }
        events.append(context, sessionId, "game.removed", { sessionId, game }, at)
        context.afterCommit(() => onActivity(sessionId))
        return { id: sessionId, games_played: session.games_played - 1 }
      }),
  }
}

async function rowIn(
  trx: Trx,
  sessionId: number,
  rowId: number,
  action: string,
): Promise<{ session: Session; row: SessionGame }> {
  const session = await sessionWith(trx, sessionId)
  const row = await selectSessionGames(trx)
    .where("session_games.id", "=", rowId)
    .where("session_id", "=", sessionId)
    .executeTakeFirst()
  if (row) return { session, row }
  throw new AppError("not_found", `Cannot ${action}: session ${sessionId} has no game row ${rowId}`)
}
