/** Sessions and the games played in them. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import {
  body,
  booleanish,
  idIn,
  lazily,
  line,
  orNull,
  paragraph,
  query,
  queryNumber,
  rowId,
} from "./input.ts"
import { onceIn } from "./once.ts"

export const newSession = lazily(() => v.object({ notes: orNull(paragraph(2_000)) }))

export const sessionPage = lazily(() =>
  v.object({
    filter: v.optional(
      v.picklist(["default", "archived", "all"], "Must be default, archived or all"),
      "default",
    ),
    limit: v.optional(
      v.union(
        [
          v.pipe(
            v.literal("all"),
            v.transform(() => undefined),
          ),
          queryNumber(1, 1_000_000),
        ],
        "Must be all or a whole number from 1",
      ),
    ),
    offset: v.optional(queryNumber(0, 1_000_000_000), "0"),
  }),
)

export const newGame = lazily(() =>
  v.object({
    game_id: rowId(),
    manually_added: v.optional(booleanish(), false),
    room_code: orNull(line(16)),
    source: v.optional(v.picklist(["dice", "manual", "poll"], "Must be dice, manual or poll")),
  }),
)

export const newStatus = lazily(() =>
  v.object({
    status: v.picklist(["playing", "played", "skipped"], "Must be playing, played or skipped"),
  }),
)

export function sessionRoutes({ sessions, sessionGames, tallies, digest, fingerprint }: Deps) {
  return {
    list: async (c) => {
      const { filter, limit, offset } = query(c, sessionPage)
      const page = await sessions.list({ filter, limit, offset })
      c.header("X-Total-Count", String(page.total))
      return c.json(page.sessions)
    },

    /** Answers 304 to a client that has it already, so that polling costs nothing (RFC 9110 section 13.1.2). */
    active: async (c) => {
      const text = JSON.stringify(await sessions.active())
      const etag = `"${digest(text).slice(0, 22)}"`
      c.header("ETag", etag)
      c.header("Cache-Control", "no-cache")
      if (matches(c.req.header("if-none-match"), etag)) return c.body(null, 304)
      return c.body(text, 200, { "Content-Type": "application/json" })
    },

    get: async (c) => c.json(await sessions.get(idIn(c))),

    start: async (c) => {
      const { notes } = await body(c, newSession)
      const session = await sessions.start(notes, await onceIn(c, fingerprint))
      c.header("Location", `/api/sessions/${session.id}`)
      return c.json(session, 201)
    },

    close: async (c) => c.json(await sessions.close(idIn(c), await onceIn(c, fingerprint))),

    games: async (c) => c.json(await sessionGames.list(idIn(c))),

    addGame: async (c) => {
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
      const sessionId = idIn(c)
      const rowId = idIn(c, "gameRow")
      const { status } = await body(c, newStatus)
      return c.json(await sessionGames.setStatus(sessionId, rowId, status))
    },

    votes: async (c) => c.json(await tallies.ofSession(idIn(c))),
  } satisfies Record<string, HttpHandler>
}

const matches = (header = "", etag: string): boolean =>
  header.split(",").some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag)
