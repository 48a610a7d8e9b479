/** Packs: what the owner says of all games that are sold together. */
import * as v from "valibot"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { packName } from "./game-fields.ts"
import { favoring, switching } from "./games.ts"
import { body, booleanish, lazily } from "./input.ts"

export const owning = lazily(() => v.object({ owned: booleanish() }))
export const naming = lazily(() => v.object({ name: packName() }))

/** What is no name is the name of no pack. */
const nameIn = (c: HttpContext): string => c.req.param("name") ?? ""

export function packRoutes({ packs }: Deps) {
  return {
    list: async (c) => c.json(await packs.list()),

    toggle: async (c) => {
      const { enabled } = await body(c, switching)
      return c.json(await packs.enable(nameIn(c), enabled))
    },

    favor: async (c) => {
      const { favor_bias } = await body(c, favoring)
      return c.json(await packs.favor(nameIn(c), favor_bias))
    },

    own: async (c) => {
      const { owned } = await body(c, owning)
      return c.json(await packs.own(nameIn(c), owned))
    },

    rename: async (c) => {
      const { name } = await body(c, naming)
      return c.json(await packs.rename(nameIn(c), name))
    },
  } satisfies Record<string, HttpHandler>
}
