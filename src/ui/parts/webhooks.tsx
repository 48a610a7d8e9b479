/** Webhooks: other programs that are told of the night; each is turned off and on, tested and removed here. */
import { useSignal } from "@preact/signals"
import { useEffect } from "preact/hooks"
import type { Delivery, Webhook } from "../../webhooks.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { loadWebhooks, switchWebhook, testWebhook, webhookPath, webhooks } from "../webhooks.ts"
import { Switch, Trouble } from "./form.tsx"
import { removeLater } from "./toasts.tsx"
import { WebhookForm } from "./webhook-form.tsx"
import { WebhookLog } from "./webhook-log.tsx"

export function Webhooks() {
  const texts = t.value.webhooks
  const adding = useSignal(false)
  const action = useAction()
  useEffect(() => void action.run(loadWebhooks), [])
  return (
    <section class="card" aria-labelledby="webhooks">
      <h2 id="webhooks" class="card-title">
        {texts.title}
      </h2>
      {webhooks.value?.length === 0 && <p class="soft">{texts.none}</p>}
      <ul class="hooks">
        {webhooks.value?.map((webhook) => (
          <Hook key={webhook.id} webhook={webhook} />
        ))}
      </ul>
      <Trouble action={action} />
      {adding.value ? (
        <WebhookForm
          done={() => {
            adding.value = false
          }}
        />
      ) : (
        <button
          type="button"
          onClick={() => {
            adding.value = true
          }}
        >
          {texts.add}
        </button>
      )}
    </section>
  )
}

function Hook({ webhook }: { webhook: Webhook }) {
  const texts = t.value.webhooks
  const { name, url, events, enabled } = webhook
  const action = useAction()
  const changing = useSignal(false)
  const tested = useSignal<Delivery | undefined>(undefined)
  const test = async () => {
    tested.value = undefined
    tested.value = await testWebhook(webhook)
  }
  return (
    <li>
      <Switch
        label={
          <span class="what">
            <b>{name}</b>
            <small>{url}</small>
          </span>
        }
        on={enabled}
        disabled={action.busy.value}
        onChange={(on) => void action.run(() => switchWebhook(webhook, on))}
      />
      <small>{events.map((event) => texts.events[event]).join(", ")}</small>
      <div class="hook-actions">
        <button
          type="button"
          disabled={action.busy.value}
          aria-label={`${texts.test}: ${name}`}
          onClick={() => void action.run(test)}
        >
          {texts.test}
        </button>
        <button
          type="button"
          class="quiet"
          aria-label={`${texts.change}: ${name}`}
          aria-expanded={changing.value}
          onClick={() => {
            changing.value = !changing.value
          }}
        >
          {texts.change}
        </button>
        <button
          type="button"
          class="quiet danger"
          aria-label={`${texts.remove}: ${name}`}
          onClick={() => removeLater(texts.removed(name), webhookPath(webhook))}
        >
          {texts.remove}
        </button>
      </div>
      {changing.value && (
        <WebhookForm
          webhook={webhook}
          done={() => {
            changing.value = false
          }}
        />
      )}
      <div role="status">{tested.value && <Said tested={tested.value} />}</div>
      <Trouble action={action} />
      <WebhookLog webhook={webhook} newest={tested.value?.id} />
    </li>
  )
}

/** What the receiver said of the test. */
function Said({ tested: { status, error, duration_ms } }: { tested: Delivery }) {
  const texts = t.value.webhooks
  return error === null ? (
    <p class="well">{texts.taken(status, duration_ms)}</p>
  ) : (
    <p class="behind">{texts.refused(error)}</p>
  )
}
