/** The games of a night: played, changed, taken out. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { body, booleanish, idIn, lazily, line, orNull, rowId, wholeNumber } from "./input.ts"
import { onceIn } from "./once.ts"

const roomCode = () => line(16)

export const newGame = lazily(() =>
  v.object({
    game_id: rowId(),
    manually_added: v.optional(booleanish(), false),
    room_code: orNull(roomCode()),
    source: v.optional(v.picklist(["dice", "manual", "poll"], "Must be dice, manual or poll")),
  }),
)

export const newStatus = lazily(() =>
  v.object({
    status: v.picklist(["playing", "played", "skipped"], "Must be playing, played or skipped"),
  }),
)

/** Null or an empty text takes it away; a body without it is a mistake. */
export const newRoomCode = lazily(() => v.object({ room_code: v.nullable(roomCode()) }))
export const newPlayerCount = lazily(() => v.object({ player_count: v.nullable(wholeNumber(0, 1_000)) }))

export function sessionGameRoutes({ sessionGames, fingerprint }: Deps) {
  return {
    list: async (c) => c.json(await sessionGames.list(idIn(c))),

    add: async (c) => {
      const sessionId = idIn(c)
      const { game_id, manually_added, room_code, source } = await body(c, newGame)
      const game = {
        gameId: game_id,
        manuallyAdded: manually_added,
        roomCode: room_code,
        source: source ?? (manually_added ? "manual" : "dice"),
      }
      return c.json(await sessionGames.add(sessionId, game, await onceIn(c, fingerprint)), 201)
    },

    setStatus: async (c) => {
      const [sessionId, rowId] = [idIn(c), idIn(c, "gameRow")]
      const { status } = await body(c, newStatus)
      return c.json(await sessionGames.setStatus(sessionId, rowId, status))
    },

    setRoomCode: async (c) => {
      const [sessionId, rowId] = [idIn(c), idIn(c, "gameRow")]
      const { room_code } = await body(c, newRoomCode)
      return c.json(await sessionGames.setRoomCode(sessionId, rowId, room_code || null))
    },

    setPlayerCount: async (c) => {
      const [sessionId, rowId] = [idIn(c), idIn(c, "gameRow")]
      const { player_count } = await body(c, newPlayerCount)
      return c.json(await sessionGames.setPlayerCount(sessionId, rowId, player_count))
    },

    remove: async (c) => {
      const session = await sessionGames.remove(idIn(c), idIn(c, "gameRow"))
      return c.json({ message: "Game removed from session successfully", session })
    },
  } satisfies Record<string, HttpHandler>
}
