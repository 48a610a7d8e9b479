/** Who else is here: other hosts, bots and screens. */
import { signal, useSignalEffect } from "@preact/signals"
import type { PresentSocket } from "../../live-presence.ts"
import { isHost } from "../account.ts"
import { requests } from "../live.ts"
import { t } from "../look.ts"

const LOOK_EVERY_MS = 15_000

export const sockets = signal<readonly PresentSocket[] | undefined>(undefined)

export const lookForSockets = async (): Promise<void> => {
  sockets.value = await requests.send<PresentSocket[]>("GET", "/api/sockets")
}

export function Presence() {
  useSignalEffect(() => {
    if (!isHost.value) return
    const look = () => document.visibilityState === "visible" && lookForSockets().catch(() => {})
    look()
    const timer = setInterval(look, LOOK_EVERY_MS)
    return () => clearInterval(timer)
  })
  const { tonight } = t.value
  const count = (...roles: string[]) =>
    (sockets.value ?? []).filter(({ role }) => roles.includes(role)).length
  const there = [
    { n: count("host", "admin"), text: tonight.hosts },
    { n: count("bot"), text: tonight.bots },
    { n: count("viewer"), text: tonight.screens },
  ].filter(({ n }) => n > 0)
  return (
    <p class="presence soft">
      {there.length > 0 && isHost.value
        ? there.map(({ n, text }) => <span key={text(2)}>{text(n)}</span>)
        : " "}
    </p>
  )
}
