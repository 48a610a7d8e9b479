/** Drawing a game by weighted chance. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { body, booleanish, lazily, line, rowId, wholeNumber } from "./input.ts"

/** The filters of a pick; null stands for none, as pages send it. */
export const filters = () => ({
  playerCount: v.nullish(wholeNumber(1, 1_000)),
  audience: v.nullish(booleanish()),
  drawing: v.nullish(v.picklist(["only", "exclude"], "Must be only or exclude")),
  length: v.nullish(v.picklist(["short", "medium", "long"], "Must be short, medium or long")),
  familyFriendly: v.nullish(booleanish()),
  packs: v.nullish(v.pipe(v.array(line(120)), v.maxLength(200, "Must have 200 entries at most"))),
  maxMinutes: v.nullish(wholeNumber(1, 1_440)),
})

/** The night it is for, and the seed of a draw that is to be repeated. */
const chance = () => ({
  sessionId: v.nullish(rowId()),
  seed: v.nullish(
    v.pipe(
      v.union(
        [line(64), v.pipe(v.number(), v.finite())],
        "Must be a text of 64 characters at most, or a number",
      ),
      v.transform(String),
    ),
  ),
})

export const pickWish = lazily(() =>
  v.object({ ...filters(), ...chance(), excludePlayed: v.nullish(booleanish()) }),
)

export const planWish = lazily(() =>
  v.object({
    ...filters(),
    ...chance(),
    minutes: wholeNumber(1, 1_440),
    breakMinutes: v.nullish(wholeNumber(0, 120), 5),
    played: v.nullish(
      v.pipe(
        v.array(
          v.union(
            [
              v.pipe(
                rowId(),
                v.transform((game_id) => ({ game_id, minutes: undefined })),
              ),
              v.object({ game_id: rowId(), minutes: v.optional(wholeNumber(0, 1_440)) }),
            ],
            "Must be the id of a game, or {game_id, minutes}",
          ),
        ),
        v.maxLength(200, "Must have 200 entries at most"),
      ),
      [],
    ),
  }),
)

export function pickRoutes({ picks }: Deps) {
  return {
    draw: async (c) => c.json(await picks.draw(given(await body(c, pickWish)))),
    plan: async (c) => c.json(await picks.plan(given(await body(c, planWish)))),
  } satisfies Record<string, HttpHandler>
}

/** Without the members that are null. */
export const given = <T extends object>(members: T): { [K in keyof T]: Exclude<T[K], null> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as {
    [K in keyof T]: Exclude<T[K], null>
  }
