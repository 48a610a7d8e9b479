/** A new webhook: where it goes, what it is told, and the secret that signs it. */
import { useSignal } from "@preact/signals"
import { useId } from "preact/hooks"
import { newKey } from "../../client/request.ts"
import type { Webhook } from "../../webhooks.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { addWebhook } from "../webhooks.ts"
import { errorOf, Field, Trouble } from "./form.tsx"
import { say } from "./toasts.tsx"

type EventName = Webhook["events"][number]

const AT_FIRST: readonly EventName[] = ["session.started", "game.added", "session.ended"]
const FIELDS = ["name", "url", "secret", "events"]

export function WebhookForm({ done }: { done: () => void }) {
  const { webhooks: texts, common } = t.value
  const name = useSignal("")
  const url = useSignal("")
  const secret = useSignal(newKey())
  const events = useSignal(AT_FIRST)
  const action = useAction()
  const add = async () => {
    await addWebhook({ name: name.value, url: url.value, secret: secret.value, events: events.value })
    say(texts.added)
    done()
  }
  return (
    <form
      class="new-hook"
      onSubmit={(event) => {
        event.preventDefault()
        void action.run(add)
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
        hint={texts.secretHint}
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
          {texts.save}
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
