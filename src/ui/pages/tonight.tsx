/** Tonight: what is played, how it is liked, what comes next. */
import { useSignal } from "@preact/signals"
import { useLayoutEffect } from "preact/hooks"
import { isHost } from "../account.ts"
import { minutesSince } from "../clock.ts"
import { current, isClosed, night, session } from "../live.ts"
import { t } from "../look.ts"
import { errorOf, Field, Trouble } from "../parts/form.tsx"
import { Icon } from "../parts/icons.tsx"
import { NextCard } from "../parts/next-card.tsx"
import { NowCard } from "../parts/now-card.tsx"
import { Presence } from "../parts/presence.tsx"
import { Setlist } from "../parts/setlist.tsx"
import { Waiting } from "../parts/shell.tsx"
import { later } from "../parts/toasts.tsx"
import { closeNight, startNight } from "../tonight.ts"
import { useAction } from "../trouble.ts"
import { takeTurns, turn } from "../turns.ts"

export function Tonight() {
  const { common, tonight } = t.value
  if (isClosed.value && !night.value) {
    return (
      <div class="empty">
        <h1>{tonight.title}</h1>
        <p>{common.closed}</p>
        <a class="button primary" href="/login">
          {common.logIn}
        </a>
      </div>
    )
  }
  if (!night.value) return <Waiting />
  return session.value ? <Running /> : <NoNight />
}

function NoNight() {
  const { common, tonight } = t.value
  const ended = night.value?.ended
  return (
    <div class="empty">
      <p class="moon" aria-hidden="true">
        <Icon name="tonight" />
      </p>
      <h1>{ended ? tonight.ended(ended.games_played) : tonight.none}</h1>
      <p class="soft">{isHost.value ? tonight.noneHint : tonight.noneGuest}</p>
      {ended && (
        <a class="button" href={`/history/${ended.id}`}>
          {tonight.recap}
        </a>
      )}
      {isHost.value ? (
        <StartForm />
      ) : (
        <a class="button primary" href="/login">
          {common.logIn}
        </a>
      )}
    </div>
  )
}

function StartForm() {
  const { tonight } = t.value
  const notes = useSignal("")
  const action = useAction()
  return (
    <form
      class="start"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(() => startNight(notes.value))
      }}
    >
      <Field
        label={tonight.notes}
        placeholder={tonight.notesHint}
        value={notes.value}
        maxLength={120}
        autoComplete="off"
        error={errorOf(action, "notes")}
        onInput={(value) => {
          notes.value = value
        }}
      />
      <Trouble action={action} fields={["notes"]} />
      <button type="submit" class="primary big" disabled={action.busy.value}>
        {tonight.start}
      </button>
    </form>
  )
}

function Running() {
  const texts = t.value
  const { tonight } = texts
  const game = current.value
  const { notes = null, created_at = "" } = session.value ?? {}
  useLayoutEffect(() => takeTurns(2), [])
  return (
    <div class="page tonight">
      <header class="head">
        <h1>{notes?.split("\n")[0] || tonight.title}</h1>
        <p class="soft">
          {tonight.since(minutesSince(created_at))} · {texts.games(night.value?.games.length ?? 0)}
        </p>
        <Presence />
      </header>
      <div class="columns">
        <div>
          {game ? (
            <NowCard game={game} key={game.played_at} />
          ) : (
            !night.value?.poll && !night.value?.selection && <Idle />
          )}
          {turn.value > 0 && (game || night.value?.poll || night.value?.selection) && <NextCard />}
        </div>
        {turn.value > 1 && (
          <div>
            <Setlist />
            <Share />
            {isHost.value && <CloseNight />}
          </div>
        )}
      </div>
    </div>
  )
}

const Idle = () => (
  <section class="card idle">
    <h2>{t.value.tonight.idle}</h2>
    <p class="soft">{isHost.value ? t.value.tonight.idleHint : t.value.tonight.idleGuest}</p>
    {isHost.value && (
      <div class="actions">
        <a class="button primary" href="/pick">
          <Icon name="pick" />
          {t.value.tonight.pick}
        </a>
        <a class="button" href="/games">
          <Icon name="games" />
          {t.value.nav.games}
        </a>
      </div>
    )}
  </section>
)

const Share = () => (
  <section aria-labelledby="share">
    <h2 id="share" class="section">
      {t.value.tonight.share}
    </h2>
    <p class="links">
      <a href="/vote" target="_blank" rel="noreferrer">
        <Icon name="phone" />
        {t.value.tonight.forPhones}
      </a>
      <a href="/big" target="_blank" rel="noreferrer">
        <Icon name="screen" />
        {t.value.tonight.forBig}
      </a>
      <a href="/overlay?preview" target="_blank" rel="noreferrer">
        <Icon name="stream" />
        {t.value.tonight.forOverlay}
      </a>
    </p>
  </section>
)

const CloseNight = () => (
  <button type="button" class="quiet danger wide" onClick={() => later(t.value.tonight.closing, closeNight)}>
    {t.value.tonight.close}
  </button>
)
