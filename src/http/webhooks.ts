/** Webhooks, for admins alone: what is set up here is told things that others may not read. */
import * as v from "valibot"
import { CONTROL } from "../control-characters.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { EVENT_TYPES } from "./events.ts"
import { body, booleanish, idIn, lazily, line, listOf, query, queryNumber } from "./input.ts"
import { onceIn } from "./once.ts"

/** Lines of a log that are given at most; no more are kept. */
const MOST_LINES = 200

const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

const name = () => v.pipe(line(120), v.minLength(1, "Must not be empty"))

const address = () => v.pipe(line(2_048), v.check(isAddress, "Must be a whole address of http or https"))

/** As it is: a space at its end is part of the key on the other side, too. */
const secret = () =>
  v.pipe(
    v.string(),
    v.check((text) => text.isWellFormed(), "Must be well-formed Unicode"),
    v.check((text) => !CONTROL.test(text), "Must not hold control characters"),
    v.minLength(1, "Must not be empty"),
    v.maxLength(256, "Must have 256 characters at most"),
  )

const events = () =>
  v.pipe(
    listOf(v.picklist(EVENT_TYPES, `Must be one of ${EVENT_TYPES.join(", ")}`), EVENT_TYPES.length),
    v.minLength(1, "Must have 1 entry at least"),
  )

export const newWebhook = lazily(() =>
  v.object({
    name: name(),
    url: address(),
    secret: secret(),
    events: events(),
    enabled: v.optional(booleanish(), true),
  }),
)

export const webhookChange = lazily(() =>
  v.object({
    name: v.optional(name()),
    url: v.optional(address()),
    secret: v.optional(secret()),
    events: v.optional(events()),
    enabled: v.optional(booleanish()),
  }),
)

export const webhookLog = lazily(() => v.object({ limit: v.optional(queryNumber(1, MOST_LINES), "50") }))

export function webhookRoutes({ webhooks, fingerprint }: Pick<Deps, "webhooks" | "fingerprint">) {
  return {
    list: async (c) => c.json(await (await webhooks()).list()),

    get: async (c) => c.json(await (await webhooks()).get(idIn(c))),

    add: async (c) => {
      const wish = await body(c, newWebhook)
      const added = await (await webhooks()).add(wish, await onceIn(c, fingerprint))
      c.header("Location", `/api/webhooks/${added.id}`)
      return c.json(added, 201)
    },

    change: async (c) => {
      const id = idIn(c)
      return c.json(await (await webhooks()).change(id, await body(c, webhookChange)))
    },

    remove: async (c) => {
      await (await webhooks()).remove(idIn(c))
      return c.body(null, 204)
    },

    test: async (c) => {
      c.env.untimed()
      return c.json(await (await webhooks()).test(idIn(c), await onceIn(c, fingerprint)))
    },

    logs: async (c) => c.json(await (await webhooks()).logs(idIn(c), query(c, webhookLog).limit)),
  } satisfies Record<string, HttpHandler>
}
