/** History: the nights, newest first, to search by words and days. */
import { signal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Session } from "../../sessions.ts"
import { isHost } from "../account.ts"
import { requests, session } from "../live.ts"
import { t } from "../look.ts"
import { Field, Trouble } from "../parts/form.tsx"
import { Icon } from "../parts/icons.tsx"
import { Waiting } from "../parts/shell.tsx"
import { leaving } from "../past.ts"
import { createAction } from "../trouble.ts"

const PAGE = 30

type Asked = { search: string; from: string; to: string; filter: "default" | "archived" }

const asked = signal<Asked>({ search: "", from: "", to: "", filter: "default" })
const nights = signal<readonly Session[] | undefined>(undefined)
const total = signal(0)
const action = createAction()
let newest = 0

/** The answer to an older question is of no use any more. */
async function load(offset: number): Promise<void> {
  const nth = ++newest
  const { search, from, to, filter } = asked.value
  const query = new URLSearchParams({ filter, limit: String(PAGE), offset: String(offset) })
  for (const [name, value] of Object.entries({ search: search.trim(), from, to }))
    if (value) query.set(name, value)
  const answer = await requests.open("GET", `/api/sessions?${query}`)
  const page = (await answer.json()) as Session[]
  if (nth !== newest) return
  total.value = Number(answer.headers.get("X-Total-Count") ?? page.length)
  nights.value = offset === 0 ? page : [...(nights.value ?? []), ...page]
}

let typing: ReturnType<typeof setTimeout> | undefined

function ask(more: Partial<Asked>): void {
  asked.value = { ...asked.value, ...more }
  clearTimeout(typing)
  typing = setTimeout(() => void look(), 200)
}

const look = async (): Promise<void> => {
  action.error.value = undefined
  await load(0).catch((error) => {
    action.error.value = error
  })
}

export function History() {
  const texts = t.value.history
  const { search, from, to, filter } = asked.value
  useEffect(() => void look(), [])
  const list = nights.value?.filter(({ id }) => !leaving.value.includes(id))
  const isNarrow = Boolean(search || from || to || filter === "archived")
  if (list?.length === 0 && !isNarrow) return <Nothing />
  return (
    <div class="page">
      <header class="head">
        <h1>{texts.title}</h1>
      </header>
      <search class="asked">
        <Field
          label={texts.search}
          type="search"
          value={search}
          enterkeyhint="search"
          onInput={(value) => ask({ search: value })}
        />
        <Field label={texts.from} type="date" value={from} onInput={(value) => ask({ from: value })} />
        <Field label={texts.to} type="date" value={to} onInput={(value) => ask({ to: value })} />
        <label class="chip archive">
          <input
            type="checkbox"
            checked={filter === "archived"}
            onChange={({ currentTarget }) => ask({ filter: currentTarget.checked ? "archived" : "default" })}
          />
          <span>{texts.archived}</span>
        </label>
      </search>
      <Trouble action={action} />
      {!list && !action.error.value && <Waiting />}
      {list?.length === 0 && <p class="nothing soft">{texts.noneFound}</p>}
      {list && list.length > 0 && (
        <ul class="rows nights">
          {list.map((night) => (
            <NightLine night={night} key={night.id} />
          ))}
        </ul>
      )}
      {list && list.length < total.value && (
        <button type="button" class="wide" onClick={() => void action.run(() => load(list.length))}>
          {t.value.common.more}
        </button>
      )}
    </div>
  )
}

const Nothing = () => (
  <div class="empty">
    <p class="moon" aria-hidden="true">
      <Icon name="history" />
    </p>
    <h1>{t.value.history.none}</h1>
    <p class="soft">{t.value.history.noneHint}</p>
    <a class="button primary" href="/">
      {isHost.value && !session.value ? t.value.tonight.start : t.value.tonight.title}
    </a>
  </div>
)

const isThisYear = (day: Date): boolean => day.getFullYear() === new Date().getFullYear()

function NightLine({ night: { id, notes, created_at, closed_at, games_played } }: { night: Session }) {
  const { history, locale, games, minutes } = t.value
  const day = new Date(created_at)
  const length = closed_at ? Math.round((Date.parse(closed_at) - Date.parse(created_at)) / 60_000) : undefined
  return (
    <li>
      <a href={`/history/${id}`}>
        <time dateTime={created_at}>
          <b>{day.toLocaleDateString(locale, { day: "numeric" })}</b>
          {day.toLocaleDateString(locale, { month: "short" })}
        </time>
        <span class="what">
          <b>{notes?.split("\n")[0] || history.unnamed}</b>
          <small>
            {day.toLocaleDateString(locale, { weekday: "long" })} {!isThisYear(day) && day.getFullYear()} ·{" "}
            {games(games_played)}
            {length !== undefined && ` · ${minutes(length)}`}
          </small>
        </span>
        {length === undefined && <small class="running">{history.running}</small>}
      </a>
    </li>
  )
}
