/** A webhook, new or changed: where it goes, what it is told, and the secret that signs it. */
import { useSignal } from "@preact/signals"
import { useEffect, useId, useRef } from "preact/hooks"
import { newKey } from "../../client/request.ts"
import type { Webhook } from "../../webhooks.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { addWebhook, changeWebhook } from "../webhooks.ts"
import { errorOf, Field, Trouble } from "./form.tsx"
import { say } from "./toasts.tsx"

type EventName = Webhook["events"][number]

const AT_FIRST: readonly EventName[] = ["session.started", "game.added", "session.ended"]
const FIELDS = ["name", "url", "secret", "events"]

/** Without `webhook` for a new one. The secret of one that is there stays unless another is typed. */
export function WebhookForm({ webhook, done }: { webhook?: Webhook; done: () => void }) {
  const { webhooks: texts, common } = t.value
  const name = useSignal(webhook?.name ?? "")
  const url = useSignal(webhook?.url ?? "")
  const secret = useSignal(webhook ? "" : newKey())
  const events = useSignal<readonly EventName[]>(webhook?.events ?? AT_FIRST)
  const action = useAction()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector("input")?.focus(), [])
  const save = async () => {
    const facts = { name: name.value, url: url.value, events: events.value }
    if (!webhook) await addWebhook({ ...facts, secret: secret.value })
    else await changeWebhook(webhook, { ...facts, ...(secret.value && { secret: secret.value }) })
    say(webhook ? texts.changed : texts.added)
    done()
  }
  return (
    <form
      ref={form}
      class="new-hook"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(save)
      }}
    >
      <Field
        label={texts.name}
        value={name.value}
        maxLength={120}
        autoComplete="off"
        error={errorOf(action, "name")}
        onInput={(value) => {
          name.value = value
        }}
      />
      <Field
        label={texts.url}
        value={url.value}
        placeholder="http://localhost:3001/gamenight"
        inputMode="url"
        maxLength={2_048}
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        error={errorOf(action, "url")}
        onInput={(value) => {
          url.value = value
        }}
      />
      <Field
        label={texts.secret}
        value={secret.value}
        hint={webhook ? texts.secretStays : texts.secretHint}
        maxLength={256}
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        error={errorOf(action, "secret")}
        onInput={(value) => {
          secret.value = value
        }}
      />
      <Events
        chosen={events.value}
        error={errorOf(action, "events")}
        onChange={(next) => {
          events.value = next
        }}
      />
      <Trouble action={action} fields={FIELDS} />
      <div class="hook-actions">
        <button type="submit" class="primary" disabled={action.busy.value}>
          {webhook ? common.save : texts.save}
        </button>
        <button type="button" class="quiet" onClick={done}>
          {common.cancel}
        </button>
      </div>
    </form>
  )
}

function Events({
  chosen,
  error,
  onChange,
}: {
  chosen: readonly EventName[]
  error: string | undefined
  onChange: (events: readonly EventName[]) => void
}) {
  const texts = t.value.webhooks
  const id = useId()
  const names = Object.entries(texts.events) as [EventName, string][]
  return (
    <fieldset class="hook-events" aria-describedby={error && id}>
      <legend>{texts.tell}</legend>
      <div class="chips">
        {names.map(([event, text]) => (
          <label class="chip" key={event}>
            <input
              type="checkbox"
              checked={chosen.includes(event)}
              onChange={({ currentTarget }) =>
                onChange(currentTarget.checked ? [...chosen, event] : chosen.filter((one) => one !== event))
              }
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {error && (
        <small id={id} class="trouble" role="alert">
          {error}
        </small>
      )}
    </fieldset>
  )
}
