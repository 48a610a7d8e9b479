/** Logging in with the key of an admin, or with a named token of a host. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import { RequestError } from "../../client/request.ts"
import { account, accountOf, logIn, loginEnded, logOut } from "../account.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { Field } from "../parts/form.tsx"
import { Icon } from "../parts/icons.tsx"
import { go } from "../route.ts"
import { sayWhy, useAction } from "../trouble.ts"

const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)

/** Throws what the service says of a wrong one. */
async function enter(text: string): Promise<void> {
  if (!isToken(text)) {
    const { token } = await requests.send<{ token: string }>("POST", "/api/auth/login", { key: text })
    return logIn(token)
  }
  await requests.open("POST", "/api/auth/verify", { headers: { Authorization: `Bearer ${text}` } })
  const role = accountOf(text)?.role
  if (role !== "host" && role !== "admin") throw new Error(t.value.login.weak)
  logIn(text)
}

export function Login() {
  const { login, common } = t.value
  const key = useSignal("")
  const action = useAction()
  const submit = (text: string) => action.run(() => enter(text)).then((done) => done && go("/"))

  useEffect(() => {
    // The page behind the set-up link hands its token over in the address, where no server sees it.
    const given = new URLSearchParams(location.hash.slice(1)).get("token")
    if (!given) return
    history.replaceState(null, "", location.pathname)
    void submit(given)
  }, [])

  if (account.value) {
    return (
      <div class="empty">
        <h1>{login.title}</h1>
        <p class="soft">{login.role(account.value.name, account.value.role)}</p>
        <button type="button" onClick={() => logOut()}>
          {login.out}
        </button>
      </div>
    )
  }
  return (
    <div class="empty login">
      <p class="moon" aria-hidden="true">
        <Icon name="lock" />
      </p>
      <h1>{login.title}</h1>
      <p class="soft">{loginEnded.value ? login.ended : login.lead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit(key.value.trim())
        }}
      >
        <Field
          label={login.key}
          hint={login.keyHint}
          type="password"
          name="key"
          autoComplete="current-password"
          required
          value={key.value}
          error={wrong(action.error.value)}
          onInput={(value) => {
            key.value = value
          }}
        />
        <button type="submit" class="primary big wide" disabled={action.busy.value}>
          {common.logIn}
        </button>
      </form>
      <a href="/">{login.asGuest}</a>
    </div>
  )
}

function wrong(error: unknown): string | undefined {
  if (error === undefined) return undefined
  const { login } = t.value
  if (!(error instanceof RequestError)) return error instanceof Error ? error.message : String(error)
  if (error.status === 401) return login.wrong
  return sayWhy(error)
}
