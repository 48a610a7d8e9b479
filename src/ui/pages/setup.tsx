/** Behind the one-time link of the first start. Only the button uses it up, so that a preview in a chat does not. */

import { RequestError } from "../../client/request.ts"
import { account, logIn } from "../account.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"
import { Icon } from "../parts/icons.tsx"
import { go } from "../route.ts"
import { sayWhy, useAction } from "../trouble.ts"

const code = new URLSearchParams(location.search).get("code") ?? ""

async function redeem(): Promise<void> {
  const { token } = await requests.send<{ token: string }>("POST", "/api/auth/setup", { code })
  logIn(token)
}

export function Setup() {
  const { setup } = t.value
  const action = useAction()
  const error = action.error.value
  const used = error instanceof RequestError && (error.status === 401 || error.status === 400)
  return (
    <div class="empty">
      <p class="moon" aria-hidden="true">
        <Icon name="star" />
      </p>
      <h1>{setup.title}</h1>
      <p class="soft">{setup.lead}</p>
      <button
        type="button"
        class="primary big wide"
        disabled={action.busy.value || account.value !== undefined}
        onClick={() => action.run(redeem).then((done) => done && go("/"))}
      >
        {setup.use}
      </button>
      <div role="alert">
        {error !== undefined && <p class="trouble">{used ? setup.used : sayWhy(error)}</p>}
      </div>
      {used && (
        <a class="button" href="/login">
          {t.value.common.logIn}
        </a>
      )}
    </div>
  )
}
