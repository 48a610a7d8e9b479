/** What became of the messages of one webhook, as long as somebody looks. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Delivery, Webhook } from "../../webhooks.ts"
import { dayAndTime } from "../clock.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { logOf } from "../webhooks.ts"
import { Trouble } from "./form.tsx"

const REFRESH_MS = 5_000

/** Reads anew whenever `newest` is another one. */
export function WebhookLog({ webhook, newest }: { webhook: Webhook; newest: number | undefined }) {
  const texts = t.value.webhooks
  const open = useSignal(false)
  return (
    <details
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open
      }}
    >
      <summary aria-label={`${texts.log}: ${webhook.name}`}>{texts.log}</summary>
      {open.value && <Lines key={newest} webhook={webhook} />}
    </details>
  )
}

function Lines({ webhook }: { webhook: Webhook }) {
  const texts = t.value.webhooks
  const lines = useSignal<readonly Delivery[] | undefined>(undefined)
  const action = useAction()
  useEffect(() => {
    const read = async () => {
      lines.value = await logOf(webhook)
    }
    void action.run(read)
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void action.run(read)
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <Trouble action={action} />
      {lines.value?.length === 0 && <p class="soft">{texts.noLog}</p>}
      <ol class="rows">
        {lines.value?.map((line) => (
          <Line key={line.id} line={line} />
        ))}
      </ol>
    </>
  )
}

function Line({ line }: { line: Delivery }) {
  const { webhooks: texts, locale } = t.value
  const { event, attempt, status, error, duration_ms, created_at } = line
  return (
    <li>
      <span class="what">
        <b>{nameOf(event)}</b>
        <small>
          {dayAndTime(locale, created_at)}
          {attempt > 0 && ` · ${texts.milliseconds(duration_ms)}`}
          {attempt > 1 && ` · ${texts.attempt(attempt)}`}
        </small>
        {error !== null && <small class="behind">{error}</small>}
      </span>
      <small class={error === null ? "well" : "behind"}>
        {status ?? (attempt > 0 ? texts.noAnswer : texts.lost)}
      </small>
    </li>
  )
}

/** An event that this page does not know bears the name it has on the wire. */
function nameOf(event: string): string {
  const { events, others } = t.value.webhooks
  const known: Readonly<Record<string, string>> = { ...events, ...others }
  return known[event] ?? event
}
