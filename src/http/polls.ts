/** The next game: polls on it, and the pick that hosts share. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { body, booleanish, idIn, lazily, line, listOf, rowId, wholeNumber } from "./input.ts"
import { onceIn } from "./once.ts"
import { filters, given } from "./picks.ts"

/** A label that is a number would be taken for the number of an option. */
export const label = () =>
  v.pipe(
    line(120),
    v.minLength(1, "Must not be empty"),
    v.check((text) => !/^\d+$/.test(text), "Must be more than digits, which viewers type for a number"),
  )

const option = () =>
  v.lazy((one) => {
    if (typeof one === "number") return rowId()
    return typeof one === "string" ? label() : v.never("Must be the id of a game or a label")
  })

export const newPoll = lazily(() =>
  v.object({
    ...filters(),
    options: v.nullish(v.pipe(listOf(option(), 8), v.minLength(2, "Must have 2 entries at least"))),
    other: v.nullish(booleanish(), true),
    seconds: v.nullish(wholeNumber(5, 3_600)),
  }),
)

export const pollEnd = lazily(() =>
  v.object({ delay: v.nullish(wholeNumber(0, 300), 0), pollId: v.nullish(rowId()) }),
)

export const newSelection = lazily(() =>
  v.object({
    game_id: rowId(),
    source: v.nullish(v.picklist(["dice", "manual", "poll"], "Must be dice, manual or poll"), "manual"),
  }),
)

export function pollRoutes({ polls, gameSelections, fingerprint }: Deps) {
  return {
    newest: async (c) => c.json(await (await polls()).newest(idIn(c))),

    start: async (c) => {
      const sessionId = idIn(c)
      const { other, ...wish } = await body(c, newPoll)
      const poll = await (await polls()).start(
        sessionId,
        { ...given(wish), other: other ?? true },
        await onceIn(c, fingerprint),
      )
      c.header("Location", `/api/sessions/${sessionId}/voting`)
      return c.json(poll, 201)
    },

    end: async (c) => {
      const sessionId = idIn(c)
      const { delay, pollId } = await body(c, pollEnd)
      const when = { delay: delay ?? 0, pollId: pollId ?? undefined }
      return c.json(await (await polls()).end(sessionId, when, await onceIn(c, fingerprint)))
    },

    cancelEnd: async (c) => c.json(await (await polls()).cancelEnd(idIn(c), await onceIn(c, fingerprint))),

    pending: async (c) => c.json(await gameSelections.pending(idIn(c))),

    pick: async (c) => {
      const session_id = idIn(c)
      const { game_id, source } = await body(c, newSelection)
      const selection = { session_id, game_id, source: source ?? "manual", picked_by: c.get("identity").name }
      return c.json(await gameSelections.pick(selection, await onceIn(c, fingerprint)), 201)
    },

    dismiss: async (c) => c.json({ dismissed: await gameSelections.dismiss(idIn(c)) }),
  } satisfies Record<string, HttpHandler>
}
