/** What was taken away on this page: its lists show it no more, while that can be undone and ever after. */
import { signal } from "@preact/signals"

const leaving = signal<readonly string[]>([])

/** Whether a list still shows what the service has at this path. */
export const stays = (path: string): boolean => !leaving.value.includes(path)

/** Gives a function that brings it back. */
export function leave(path: string): () => void {
  leaving.value = [...leaving.value, path]
  return () => {
    leaving.value = leaving.value.filter((one) => one !== path)
  }
}
