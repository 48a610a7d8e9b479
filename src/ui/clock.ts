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

const two = (number: number): string => String(number).padStart(2, "0")

/** The time of day here, such as 20:15; a formatter of the browser would cost more than a whole page. */
export function timeOfDay(at: string | number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}
