/** Picks and plans as the documents describe them. */
import * as v from "valibot"
import { pickWish, planWish } from "../http/picks.ts"
import type { NightPlan, Picked } from "../picks.ts"
import * as examples from "./examples.ts"
import { game } from "./games.ts"
import { answerOf, asJson, count, type Descriptions, gives, id, text, whole } from "./parts.ts"

const probability = v.pipe(v.number(), v.gtValue(0), v.maxValue(1))
const reasons = v.array(text)

const picked = answerOf<Picked>()(
  v.strictObject({ game, poolSize: id, totalEnabled: count, probability, reasons, seed: text }),
)

const plan = answerOf<NightPlan>()(
  v.strictObject({
    games: v.array(
      v.strictObject({
        game,
        starts_at: count,
        minutes: count,
        assumed: v.boolean(),
        probability,
        reasons,
      }),
    ),
    ends_at: whole,
    spare_minutes: whole,
    seed: text,
  }),
)

export const pickDescriptions: Descriptions = {
  "POST /api/pick": {
    id: "picks.draw",
    tag: "Picks",
    summary: "Draw a game by weighted chance",
    description:
      "One of the enabled games that match everything in the body. A favoured game or pack is three times as likely, one out of favour a fifth as likely; popularity does not count. With `sessionId` the last two games of that session are left out, with `excludePlayed` all of them. With `audience` more people than seats may come. The same `seed` over the same data draws the same game.",
    body: asJson(pickWish(), { playerCount: 5, seed: "friday" }),
    answers: gives("The game, and why.", picked, examples.picked),
    problems: ["session_not_found", "no_game_fits"],
  },
  "POST /api/plan": {
    id: "picks.plan",
    tag: "Picks",
    summary: "Draw games for a whole night, or for the rest of it",
    description:
      "Takes what a pick takes, and `minutes` for the length of the night. `played` is what the night had so far. `starts_at` counts minutes from its beginning; where nobody knows how long a game takes, `assumed` is true and 20 minutes are taken.",
    body: asJson(planWish(), { minutes: 20, seed: "friday" }),
    answers: gives("The games in their order.", plan, examples.plan),
    problems: ["session_not_found", "no_game_fits"],
  },
}
