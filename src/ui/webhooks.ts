/** The webhooks of the settings, as the service has them. */
import { signal } from "@preact/signals"
import type { Delivery, NewWebhook, Webhook } from "../webhooks.ts"
import { requests } from "./live.ts"

export const webhooks = signal<readonly Webhook[] | undefined>(undefined)

export async function loadWebhooks(): Promise<void> {
  webhooks.value = await requests.send<Webhook[]>("GET", "/api/webhooks")
}

export async function addWebhook(webhook: Omit<NewWebhook, "enabled">): Promise<void> {
  await requests.send("POST", "/api/webhooks", webhook)
  await loadWebhooks()
}

const put = (webhook: Webhook): void => {
  webhooks.value = webhooks.value?.map((one) => (one.id === webhook.id ? webhook : one))
}

/** Shown at once, and taken back where the service refuses. */
export async function switchWebhook(webhook: Webhook, enabled: boolean): Promise<void> {
  put({ ...webhook, enabled })
  try {
    put(await requests.send<Webhook>("PATCH", `/api/webhooks/${webhook.id}`, { enabled }))
  } catch (error) {
    put(webhook)
    throw error
  }
}

export const removeWebhook = ({ id }: Webhook): Promise<void> =>
  requests.send("DELETE", `/api/webhooks/${id}`)

export const testWebhook = ({ id }: Webhook): Promise<Delivery> =>
  requests.send("POST", `/api/webhooks/test/${id}`)

export const logOf = ({ id }: Webhook): Promise<Delivery[]> =>
  requests.send("GET", `/api/webhooks/${id}/logs?limit=20`)
