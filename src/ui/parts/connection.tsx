/** Whether the page is live. It says nothing while all is well, but for a small light. */
import { connection } from "../live.ts"
import { t } from "../look.ts"

export function Connection() {
  const state = connection.value
  return (
    <p class={`connection ${state}`} role="status">
      <i />
      <span>{t.value.connection[state]}</span>
    </p>
  )
}
