/** The catalogue: games found, added, changed and removed. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { factsOf, favorBias, gameFields, newGame } from "./game-fields.ts"
import { body, booleanish, idIn, lazily, line, query, queryFlag, queryNumber } from "./input.ts"
import { onceIn } from "./once.ts"

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

export const gameChange = lazily(() => v.partial(v.object(gameFields())))

export const switching = lazily(() => v.object({ enabled: v.optional(booleanish()) }))
export const favoring = lazily(() => v.object({ favor_bias: favorBias() }))

export function gameRoutes({ games, gameEdits, packs, fingerprint }: Deps) {
  return {
    list: async (c) => c.json(await games.list(query(c, gameFilter))),
    get: async (c) => c.json(await games.get(idIn(c))),
    packs: async (c) => c.json(await packs.of(idIn(c))),

    add: async (c) => {
      const facts = factsOf(await body(c, newGame))
      const game = await gameEdits.add(facts, await onceIn(c, fingerprint))
      c.header("Location", `/api/games/${game.id}`)
      return c.json(game, 201)
    },

    change: async (c) => c.json(await gameEdits.change(idIn(c), await body(c, gameChange))),

    remove: async (c) => {
      await gameEdits.remove(idIn(c))
      return c.json({ message: "Game deleted successfully" })
    },

    toggle: async (c) => {
      const id = idIn(c)
      const { enabled } = await body(c, switching)
      return c.json(await gameEdits.enable(id, enabled))
    },

    favor: async (c) => c.json(await gameEdits.change(idIn(c), await body(c, favoring))),
  } satisfies Record<string, HttpHandler>
}
