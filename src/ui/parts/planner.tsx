/** A plan for the whole night: games one after the other until the time is full. */
import { signal } from "@preact/signals"
import type { NightPlan } from "../../picks.ts"
import { isHost } from "../account.ts"
import { night, requests, session } from "../live.ts"
import { t } from "../look.ts"
import { setNext } from "../tonight.ts"
import { createAction, sayWhy } from "../trouble.ts"
import { asked, wish } from "../wish.ts"
import { Choices, Trouble } from "./form.tsx"
import { Icon } from "./icons.tsx"
import { say } from "./toasts.tsx"

const LENGTHS = [60, 90, 120, 180, 240] as const

const minutes = signal<number>(120)
const planned = signal<NightPlan | undefined>(undefined)
const action = createAction()

const plan = () =>
  action.run(async () => {
    const { excludePlayed: _, ...body } = asked(wish.value)
    planned.value = await requests.send<NightPlan>("POST", "/api/plan", { ...body, minutes: minutes.value })
  })

export function Planner() {
  const { pick } = t.value
  return (
    <section class="planner" aria-labelledby="plan">
      <h2 id="plan" class="section">
        {pick.plan}
      </h2>
      <div class="card">
        <Choices
          label={pick.planLength}
          value={minutes.value}
          options={LENGTHS.map((value) => ({ value, text: t.value.minutes(value) }))}
          onChange={(next) => {
            minutes.value = next
          }}
        />
        <button type="button" class="wide" disabled={action.busy.value} onClick={() => void plan()}>
          <Icon name="pick" />
          {planned.value ? pick.planAgain : pick.planRoll}
        </button>
        <Trouble action={action} />
        {planned.value && !action.error.value && <Planned plan={planned.value} />}
      </div>
    </section>
  )
}

const clock = (after: number): string => `${Math.floor(after / 60)}:${String(after % 60).padStart(2, "0")}`

function Planned({ plan: { games, spare_minutes } }: { plan: NightPlan }) {
  const texts = t.value
  return (
    <div aria-live="polite">
      <ol class="rows">
        {games.map(({ game, starts_at, minutes: takes, assumed }) => (
          <li key={starts_at}>
            <time>{clock(starts_at)}</time>
            <span class="what">
              <b>{game.title}</b>
              <small>
                {game.pack_name} · {assumed && "~"}
                {texts.minutes(takes)}
              </small>
            </span>
            {isHost.value && session.value && <Agree id={game.id} title={game.title} />}
          </li>
        ))}
      </ol>
      <p class="soft">{texts.pick.spare(texts.minutes(spare_minutes))}</p>
    </div>
  )
}

/** A plan is for the hosts alone; this tells everybody what comes next of it. */
function Agree({ id, title }: { id: number; title: string }) {
  const { pick } = t.value
  const isNext = night.value?.selection?.game_id === id
  return (
    <button
      type="button"
      class="quiet icon-only"
      aria-pressed={isNext}
      aria-label={`${pick.lock}: ${title}`}
      title={pick.lock}
      onClick={() => void setNext(id, "dice").catch((error) => say(sayWhy(error)))}
    >
      <Icon name={isNext ? "check" : "lock"} />
    </button>
  )
}
