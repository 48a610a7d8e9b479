/** The script of all pages but Tonight, fetched when the first of them is opened. */
import { signal } from "@preact/signals"
import { connection } from "./live.ts"
import { t } from "./look.ts"
import type { others } from "./pages/others.ts"
import { Waiting } from "./parts/shell.tsx"

export type Others = typeof others

export const fetched = signal<Others | undefined>(undefined)
const failed = signal(false)
let isFetching = false

export function fetchOthers(): void {
  if (isFetching) return
  isFetching = true
  import("./pages/others.ts").then(
    ({ others }) => {
      fetched.value = others
    },
    () => {
      // The service is another one by now, whose scripts have other names: its document knows them.
      if (connection.value === "live") location.reload()
      failed.value = true
    },
  )
}

/** A browser may not try again what it could not fetch, but for a new document. */
export function OnTheWay() {
  const { common } = t.value
  if (!failed.value) return <Waiting />
  return (
    <div class="empty">
      <p class="trouble" role="alert">
        {common.unreachable}
      </p>
      <button type="button" class="primary" onClick={() => location.reload()}>
        {common.retry}
      </button>
    </div>
  )
}
