/** Settings: who one is, how the pages look, who is connected, and what bots, screens and other programs need. */
import { useSignalEffect } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { account, isAdmin, isHost, logOut } from "../account.ts"
import { timeOfDay } from "../clock.ts"
import { connection } from "../live.ts"
import {
  chooseLanguage,
  chooseTheme,
  LANGUAGES,
  type Language,
  language,
  THEMES,
  type Theme,
  t,
  theme,
} from "../look.ts"
import { Backups } from "../parts/backups.tsx"
import { Choices, Trouble } from "../parts/form.tsx"
import { OverlayLink } from "../parts/overlay-link.tsx"
import { lookForSockets, sockets } from "../parts/presence.tsx"
import { Tokens } from "../parts/tokens.tsx"
import { Webhooks } from "../parts/webhooks.tsx"
import { useAction } from "../trouble.ts"

export function Settings() {
  const { settings } = t.value
  return (
    <div class="page settings">
      <header class="head">
        <h1>{settings.title}</h1>
      </header>
      <div class="columns">
        <div>
          <Me />
          <Look />
          <OverlayLink />
          {isAdmin.value && <Webhooks />}
        </div>
        <div>
          {isHost.value && <Connected />}
          {isAdmin.value && <Tokens />}
          {isAdmin.value && <Backups />}
        </div>
      </div>
    </div>
  )
}

function Me() {
  const { login, common, settings } = t.value
  return (
    <section class="card">
      <h2 class="card-title">{settings.me}</h2>
      {account.value ? (
        <>
          <p class="soft">{login.role(account.value.name, account.value.role)}</p>
          <button type="button" onClick={() => logOut()}>
            {login.out}
          </button>
        </>
      ) : (
        <>
          <p class="soft">{settings.guest}</p>
          <a class="button primary" href="/login">
            {common.logIn}
          </a>
        </>
      )}
    </section>
  )
}

function Look() {
  const { settings } = t.value
  return (
    <section class="card">
      <h2 class="card-title">{settings.look}</h2>
      <Choices<Theme>
        label={settings.theme}
        value={theme.value}
        options={THEMES.map((value) => ({ value, text: settings.themes[value] }))}
        onChange={chooseTheme}
      />
      <Choices<Language>
        label={settings.language}
        value={language.value}
        options={LANGUAGES.map((value) => ({ value, text: settings.languages[value] }))}
        onChange={chooseLanguage}
      />
    </section>
  )
}

const REFRESH_MS = 5_000

function Connected() {
  const { settings } = t.value
  const action = useAction()
  // Our own socket may have come just now.
  useSignalEffect(() => {
    if (connection.value === "live") void lookForSockets().catch(() => {})
  })
  useEffect(() => {
    void action.run(lookForSockets)
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void lookForSockets().catch(() => {})
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <section class="card" aria-labelledby="connected">
      <h2 id="connected" class="card-title">
        {settings.connected}
      </h2>
      <Trouble action={action} />
      <ul class="rows">
        {sockets.value?.map(({ name, role, since, lag_bytes, silent_seconds }) => (
          <li key={`${name} ${since}`}>
            <span class="what">
              <b>{name}</b>
              <small>
                {settings.roles[role]} · {settings.since(timeOfDay(since))}
              </small>
            </span>
            <small class={lag_bytes > 0 || silent_seconds > 60 ? "behind" : "well"}>
              {lag_bytes > 0
                ? settings.behind(Math.ceil(lag_bytes / 1024))
                : silent_seconds > 60
                  ? settings.silent(silent_seconds)
                  : settings.well}
            </small>
          </li>
        ))}
      </ul>
      {sockets.value?.length === 0 && <p class="soft">{settings.nobody}</p>}
    </section>
  )
}
