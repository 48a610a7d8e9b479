/** Named tokens: made here, shown once, ended with one press. */
import { signal, useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Role } from "../../store/schema.ts"
import type { NamedToken } from "../../tokens.ts"
import { dayAndTime } from "../clock.ts"
import { stays } from "../leaving.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { Choices, errorOf, Field, Trouble } from "./form.tsx"
import { removeLater, say } from "./toasts.tsx"

const tokens = signal<readonly NamedToken[] | undefined>(undefined)

const load = async (): Promise<void> => {
  tokens.value = await requests.send<NamedToken[]>("GET", "/api/tokens")
}

const pathOf = ({ id }: NamedToken): string => `/api/tokens/${id}`

export function Tokens() {
  const { settings, locale } = t.value
  const action = useAction()
  useEffect(() => void action.run(load), [])
  const good = (tokens.value ?? []).filter(
    (token) => token.revoked_at === null && Date.parse(token.expires_at) > Date.now() && stays(pathOf(token)),
  )
  return (
    <section class="card" aria-labelledby="tokens">
      <h2 id="tokens" class="card-title">
        {settings.tokens}
      </h2>
      <Trouble action={action} />
      {tokens.value && good.length === 0 && <p class="soft">{settings.noTokens}</p>}
      <ul class="rows">
        {good.map((token) => (
          <li key={token.id}>
            <span class="what">
              <b>{token.name}</b>
              <small>
                {settings.roles[token.role]} ·{" "}
                {settings.until(
                  new Date(token.expires_at).toLocaleDateString(locale, { dateStyle: "medium" }),
                )}{" "}
                ·{" "}
                {token.last_used_at === null
                  ? settings.neverUsed
                  : settings.used(dayAndTime(locale, token.last_used_at))}
              </small>
            </span>
            <button
              type="button"
              class="quiet danger"
              aria-label={`${settings.revoke}: ${token.name}`}
              onClick={() => removeLater(settings.revoked(token.name), pathOf(token))}
            >
              {settings.revoke}
            </button>
          </li>
        ))}
      </ul>
      <NewToken />
    </section>
  )
}

const MADE_HERE: readonly Role[] = ["bot", "viewer", "host"]

function NewToken() {
  const { settings } = t.value
  const name = useSignal("")
  const role = useSignal<Role>("bot")
  const made = useSignal<string | undefined>(undefined)
  const action = useAction()
  const make = async () => {
    const body = { name: name.value, role: role.value }
    made.value = (await requests.send<{ token: string }>("POST", "/api/tokens", body)).token
    name.value = ""
    await load()
  }
  return (
    <form
      class="new-token"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(make)
      }}
    >
      <Field
        label={settings.tokenName}
        value={name.value}
        maxLength={64}
        autoComplete="off"
        error={errorOf(action, "name")}
        onInput={(value) => {
          name.value = value
        }}
      />
      <Choices
        label={settings.tokenRole}
        value={role.value}
        options={MADE_HERE.map((value) => ({ value, text: settings.roles[value] }))}
        onChange={(next) => {
          role.value = next
        }}
      />
      <Trouble action={action} fields={["name"]} />
      <button type="submit" disabled={action.busy.value}>
        {settings.makeToken}
      </button>
      {made.value && <Secret text={made.value} />}
    </form>
  )
}

/** Shown this once. */
export function Secret({ text }: { text: string }) {
  const { settings, common } = t.value
  const copy = () => void navigator.clipboard?.writeText(text).then(() => say(common.copied))
  return (
    <div class="secret" role="status">
      <p>{settings.onlyOnce}</p>
      <textarea
        readOnly
        rows={4}
        aria-label={settings.tokens}
        value={text}
        onFocus={(e) => e.currentTarget.select()}
      />
      {navigator.clipboard && (
        <button type="button" onClick={copy}>
          {common.copy}
        </button>
      )}
    </div>
  )
}
