/** The webhooks of the settings, as the service has them. */
import { computed, signal } from "@preact/signals"
import type { Delivery, NewWebhook, Webhook } from "../webhooks.ts"
import { stays } from "./leaving.ts"
import { requests } from "./live.ts"

const all = signal<readonly Webhook[] | undefined>(undefined)

export const webhookPath = ({ id }: Webhook): string => `/api/webhooks/${id}`

export const webhooks = computed(() => all.value?.filter((webhook) => stays(webhookPath(webhook))))

export async function loadWebhooks(): Promise<void> {
  all.value = await requests.send<Webhook[]>("GET", "/api/webhooks")
}

const put = (webhook: Webhook): void => {
  all.value = all.value?.map((one) => (one.id === webhook.id ? webhook : one))
}

/** What is not named stays. */
export async function changeWebhook(webhook: Webhook, changes: Partial<NewWebhook>): Promise<void> {
  put(await requests.send<Webhook>("PATCH", webhookPath(webhook), changes))
}

export async function addWebhook(webhook: Omit<NewWebhook, "enabled">): Promise<void> {
  await requests.send("POST", "/api/webhooks", webhook)
  await loadWebhooks()
}

/** Shown at once, and taken back where the service refuses. */
export async function switchWebhook(webhook: Webhook, enabled: boolean): Promise<void> {
  put({ ...webhook, enabled })
  try {
    await changeWebhook(webhook, { enabled })
  } catch (error) {
    put(webhook)
    throw error
  }
}

export const testWebhook = ({ id }: Webhook): Promise<Delivery> =>
  requests.send("POST", `/api/webhooks/test/${id}`)

export const logOf = (webhook: Webhook): Promise<Delivery[]> =>
  requests.send("GET", `${webhookPath(webhook)}/logs?limit=20`)
