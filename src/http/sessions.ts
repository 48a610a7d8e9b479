/** Sessions: opened, read, closed, put away, removed. */
import * as v from "valibot"
import type { ArchiveAction } from "../session-archive.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { jsonUnlessKnown } from "./etag.ts"
import { requireRole } from "./guard.ts"
import {
  body,
  dayOrMoment,
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

const ACTIONS = ["archive", "unarchive", "delete"] as const satisfies readonly ArchiveAction[]
/** Ids of one bulk action at most. */
const MOST_IDS = 500

export const newSession = lazily(() => v.object({ notes: orNull(paragraph(2_000)) }))

export const sessionPage = lazily(() =>
  v.object({
    filter: v.optional(
      v.picklist(["default", "archived", "all"], "Must be default, archived or all"),
      "default",
    ),
    from: v.optional(dayOrMoment("first")),
    to: v.optional(dayOrMoment("last")),
    search: v.optional(line(120)),
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

export const bulk = lazily(() => {
  const count = `Must hold 1 to ${MOST_IDS} ids`
  return v.object({
    action: v.picklist(ACTIONS, `Must be one of ${ACTIONS.join(", ")}`),
    ids: v.pipe(v.array(rowId()), v.minLength(1, count), v.maxLength(MOST_IDS, count)),
  })
})

export function sessionRoutes({ sessions, sessionArchive, nowPlaying, tallies, digest, fingerprint }: Deps) {
  return {
    list: async (c) => {
      const page = await sessions.list(query(c, sessionPage))
      c.header("X-Total-Count", String(page.total))
      return c.json(page.sessions)
    },

    active: async (c) => jsonUnlessKnown(c, digest, await sessions.active()),
    now: async (c) => jsonUnlessKnown(c, digest, await nowPlaying.now()),

    get: async (c) => c.json(await sessions.get(idIn(c))),

    start: async (c) => {
      const { notes } = await body(c, newSession)
      const session = await sessions.start(notes, await onceIn(c, fingerprint))
      c.header("Location", `/api/sessions/${session.id}`)
      return c.json(session, 201)
    },

    close: async (c) => c.json(await sessions.close(idIn(c), await onceIn(c, fingerprint))),

    archive: async (c) => c.json(await sessionArchive.archive(idIn(c), await onceIn(c, fingerprint))),
    unarchive: async (c) => c.json(await sessionArchive.unarchive(idIn(c), await onceIn(c, fingerprint))),

    remove: async (c) => {
      const id = idIn(c)
      await sessionArchive.remove(id)
      return c.json({ message: "Session deleted successfully", sessionId: id })
    },

    /** Many at once, all or none of them. */
    bulk: async (c) => {
      const { action, ids } = await body(c, bulk)
      if (action === "delete") requireRole(c, "admin")
      const { affected } = await sessionArchive.bulk(action, ids, await onceIn(c, fingerprint))
      return c.json({ success: true, affected })
    },

    votes: async (c) => c.json(await tallies.ofSession(idIn(c))),
  } satisfies Record<string, HttpHandler>
}
