/** The catalogue, read. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { idIn, lazily, line, query, queryFlag, queryNumber } from "./input.ts"

export const gameFilter = lazily(() =>
  v.object({
    enabled: v.optional(queryFlag()),
    playerCount: v.optional(queryNumber(1, 1_000)),
    drawing: v.optional(v.picklist(["only", "exclude"], "Must be only or exclude")),
    length: v.optional(v.picklist(["short", "medium", "long"], "Must be short, medium or long")),
    familyFriendly: v.optional(queryFlag()),
    pack: v.optional(line(120)),
  }),
)

export function gameRoutes({ games }: Deps) {
  return {
    list: async (c) => c.json(await games.list(query(c, gameFilter))),
    get: async (c) => c.json(await games.get(idIn(c))),
    packs: async (c) => c.json(await games.packs()),
  } satisfies Record<string, HttpHandler>
}
