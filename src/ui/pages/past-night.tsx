/** One night, looked back on: how it went, what was played, and what to take away from it. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { isAdmin, isHost } from "../account.ts"
import { timeOfDay } from "../clock.ts"
import { download } from "../files.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { Chart } from "../parts/chart.tsx"
import { Trouble } from "../parts/form.tsx"
import { Icon } from "../parts/icons.tsx"
import { Recap } from "../parts/recap.tsx"
import { Waiting } from "../parts/shell.tsx"
import { Score } from "../parts/tally.tsx"
import { later, say } from "../parts/toasts.tsx"
import { leaving, type PastNight, readNight } from "../past.ts"
import { go, path } from "../route.ts"
import { useAction } from "../trouble.ts"

export function PastNightPage() {
  const id = Number(path.value.split("/")[2])
  const night = useSignal<PastNight | undefined>(undefined)
  const action = useAction()
  useEffect(() => {
    void action.run(async () => {
      night.value = await readNight(id)
    })
  }, [id])
  if (!night.value) {
    return action.error.value ? (
      <div class="page">
        <Back />
        <Trouble action={action} />
      </div>
    ) : (
      <Waiting />
    )
  }
  return <Shown night={night.value} />
}

const Back = () => (
  <a class="back" href="/history">
    ← {t.value.history.title}
  </a>
)

function Shown({ night }: { night: PastNight }) {
  const { history, locale, games, votes, minutes } = t.value
  const { session } = night
  const [title = "", ...notes] = (session.notes || history.unnamed).split("\n")
  const day = new Date(session.created_at).toLocaleDateString(locale, { dateStyle: "full" })
  const length =
    session.closed_at === null
      ? null
      : Math.round((Date.parse(session.closed_at) - Date.parse(session.created_at)) / 60_000)
  return (
    <div class="page">
      <Back />
      <header class="head">
        <h1>{title}</h1>
        <p class="soft">
          {day} · {games(night.games.length)} · {votes(night.votes.length)}
          {!night.isWhole && "+"}
          {length !== null && ` · ${minutes(length)}`}
        </p>
        {notes.length > 0 && <p class="notes">{notes.join("\n")}</p>}
      </header>
      <section class="card" aria-labelledby="chart">
        <h2 id="chart" class="card-title">
          {history.chartTitle}
        </h2>
        <Chart night={night} />
      </section>
      <div class="columns">
        <section aria-labelledby="played">
          <h2 id="played" class="section">
            {history.played}
          </h2>
          <Played night={night} />
        </section>
        <section aria-labelledby="recap">
          <h2 id="recap" class="section">
            {history.recap}
          </h2>
          <Recap id={session.id} />
        </section>
      </div>
      {isHost.value && session.closed_at && <Keep night={night} />}
    </div>
  )
}

function Played({ night: { games } }: { night: PastNight }) {
  const { history, tonight } = t.value
  if (games.length === 0) return <p class="soft">{history.noGames}</p>
  return (
    <ol class="rows">
      {games.map((game, at) => (
        <li key={game.id}>
          <b class="nth">{at + 1}</b>
          <time dateTime={game.played_at}>{timeOfDay(game.played_at)}</time>
          <span class="what">
            <b>{game.title}</b>
            <small>{game.status === "skipped" ? tonight.skipped : game.pack_name}</small>
          </span>
          <Score {...game} />
        </li>
      ))}
    </ol>
  )
}

/** Files to take away, the archive, and the end of it all. */
function Keep({ night: { session } }: { night: PastNight }) {
  const { history } = t.value
  const action = useAction()
  const isArchived = useSignal(session.archived === 1)
  const archive = async () => {
    await requests.send("POST", `/api/sessions/${session.id}/${isArchived.value ? "unarchive" : "archive"}`)
    isArchived.value = !isArchived.value
    say(isArchived.value ? history.isArchived : history.isBack)
  }
  const remove = () => {
    const { id } = session
    leaving.value = [...leaving.value, id]
    go("/history")
    later(
      history.removed,
      () => requests.send("DELETE", `/api/sessions/${id}`),
      () => {
        leaving.value = leaving.value.filter((one) => one !== id)
      },
    )
  }
  return (
    <section aria-labelledby="keep">
      <h2 id="keep" class="section">
        {history.files}
      </h2>
      <div class="actions">
        {(["json", "csv", "txt"] as const).map((format) => (
          <button
            type="button"
            key={format}
            onClick={() =>
              void action.run(() => download(`/api/sessions/${session.id}/export?format=${format}`))
            }
          >
            <Icon name="file" />
            {format.toUpperCase()}
          </button>
        ))}
        <button type="button" onClick={() => void action.run(archive)}>
          {isArchived.value ? history.unarchive : history.archive}
        </button>
        {isAdmin.value && (
          <button type="button" class="danger" onClick={remove}>
            {history.remove}
          </button>
        )}
      </div>
      <Trouble action={action} />
    </section>
  )
}
