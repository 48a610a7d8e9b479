/** Pick: a game by chance among those that fit, with its odds; or a plan for the whole night. */
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { RequestError } from "../../client/request.ts"
import type { Picked } from "../../picks.ts"
import { isHost } from "../account.ts"
import { loadPacks } from "../catalogue.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { Ballot } from "../parts/ballot.tsx"
import { Filters } from "../parts/filters.tsx"
import { Icon } from "../parts/icons.tsx"
import { Planner } from "../parts/planner.tsx"
import { Rolled } from "../parts/rolled.tsx"
import { createAction, sayWhy } from "../trouble.ts"
import { asked, mayRelax, relax, type Wish, wish } from "../wish.ts"

/** The last roll stays when the page is left. */
const rolled = signal<{ picked: Picked; wish: Wish } | undefined>(undefined)
const action = createAction()

export const roll = (): Promise<boolean> =>
  action.run(async () => {
    const of = wish.value
    rolled.value = { picked: await requests.send<Picked>("POST", "/api/pick", asked(of)), wish: of }
  })

export function Pick() {
  const { pick } = t.value
  useEffect(() => void loadPacks().catch(() => {}), [])
  return (
    <div class="page">
      <header class="head">
        <h1>{pick.title}</h1>
      </header>
      <div class="columns picking">
        <div class="chance">
          <div aria-live="polite">
            {rolled.value && !action.error.value ? (
              <Rolled key={rolled.value.picked.seed} {...rolled.value} />
            ) : (
              !action.error.value && <Nothing />
            )}
            <NoFit />
          </div>
          <button
            type="button"
            class={`big wide roll ${rolled.value ? "" : "primary"}`}
            disabled={action.busy.value}
            onClick={() => void roll()}
          >
            <Icon name="pick" />
            {rolled.value ? pick.again : pick.roll}
          </button>
        </div>
        <Filters />
        {isHost.value && <Ballot />}
        <Planner />
      </div>
    </div>
  )
}

const Nothing = () => (
  <section class="card idle nothing-yet">
    <p class="moon" aria-hidden="true">
      <Icon name="pick" />
    </p>
    <p class="soft">{t.value.pick.lead}</p>
  </section>
)

type Relaxed = { filter: string; games: number }

/** Says which filter is in the way, and takes it away with one press. */
function NoFit() {
  const error = action.error.value
  if (error === undefined) return null
  const { pick, games } = t.value
  if (!(error instanceof RequestError) || error.code !== "no_game_fits") {
    return <p class="trouble">{sayWhy(error)}</p>
  }
  const ways = (error.body.relax as Relaxed[]).filter(({ filter }) => mayRelax(filter))
  return (
    <section class="card idle">
      <h2>{pick.noFit}</h2>
      <p class="soft">{ways.length > 0 ? pick.relax : pick.relaxMore}</p>
      <div class="actions">
        {ways.map((way) => (
          <button
            type="button"
            key={way.filter}
            onClick={() => {
              relax(way.filter)
              void roll()
            }}
          >
            {pick.without(pick.filters[way.filter as keyof typeof pick.filters] ?? way.filter)} ·{" "}
            {games(way.games)}
          </button>
        ))}
      </div>
    </section>
  )
}
