/** The minute hand of the pages: one signal that all of them read. */
import { signal } from "@preact/signals"

export const now = signal(Date.now())

export function startClock(): void {
  setInterval(() => {
    now.value = Date.now()
  }, 1_000)
}

/** Whole minutes from `since` until the clock of now; never less than none, whatever the clocks say. */
export const minutesSince = (since: string): number =>
  Math.max(0, Math.floor((now.value - Date.parse(since)) / 60_000))
