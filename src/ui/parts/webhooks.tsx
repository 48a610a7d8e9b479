/** Webhooks: other programs that are told of the night; each is turned off and on, tested and removed here. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { Delivery, Webhook } from "../../webhooks.ts"
import { t } from "../look.ts"
import { useAction } from "../trouble.ts"
import { loadWebhooks, switchWebhook, testWebhook, webhookPath, webhooks } from "../webhooks.ts"
import { Switch, Trouble } from "./form.tsx"
import { removeLater } from "./toasts.tsx"
import { WebhookForm } from "./webhook-form.tsx"
import { WebhookLog } from "./webhook-log.tsx"

/** A form that a button opens; the button has the focus again once it is closed. */
function useForm() {
  const isOpen = useSignal(false)
  const opener = useRef<HTMLButtonElement>(null)
  const toggle = () => {
    isOpen.value = !isOpen.value
    if (!isOpen.value) setTimeout(() => opener.current?.focus())
  }
  return { isOpen, opener, toggle }
}

/** What anybody may see who looks at the screen: a password in the address is for the receiver alone. */
const shownAddress = (url: string): string => url.replace(/^(https?:\/\/[^/:@]*):[^/@]*@/, "$1:•••@")

export function Webhooks() {
  const texts = t.value.webhooks
  const { isOpen, opener, toggle } = useForm()
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
      {isOpen.value ? (
        <WebhookForm done={toggle} />
      ) : (
        <button ref={opener} type="button" onClick={toggle}>
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
  const { isOpen, opener, toggle } = useForm()
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
            <small>{shownAddress(url)}</small>
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
          aria-expanded={isOpen.value}
          ref={opener}
          onClick={toggle}
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
      {isOpen.value && <WebhookForm webhook={webhook} done={toggle} />}
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
