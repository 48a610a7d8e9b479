/** Names that are one voter. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { body, idIn, lazily, line } from "./input.ts"
import { onceIn } from "./once.ts"

/** Names of one person at most. */
const MOST_NAMES = 16

export const newLink = lazily(() => {
  const count = `Must hold 2 to ${MOST_NAMES} names`
  return v.object({
    usernames: v.pipe(
      v.array(v.pipe(line(64), v.minLength(1, "Must not be empty"))),
      v.minLength(2, count),
      v.maxLength(MOST_NAMES, count),
    ),
  })
})

export function voterLinkRoutes({ voterLinks, fingerprint }: Deps) {
  return {
    list: async (c) => c.json(await voterLinks.list()),

    link: async (c) => {
      const { usernames } = await body(c, newLink)
      return c.json(await voterLinks.link(usernames, await onceIn(c, fingerprint)), 201)
    },

    unlink: async (c) => {
      await voterLinks.unlink(idIn(c))
      return c.body(null, 204)
    },
  } satisfies Record<string, HttpHandler>
}
