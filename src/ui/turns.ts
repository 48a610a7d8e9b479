/** What appears a frame later, so that no step of a first load takes long. */
import { signal } from "@preact/signals"

/** Once the frame of now is on the screen. */
export const afterFrame = (act: () => void): number => requestAnimationFrame(() => setTimeout(act))

/** How many parts of a page may show beyond its first; once all were there, every page shows whole. */
export const turn = signal(0)

export function takeTurns(last: number): void {
  if (turn.value >= last) return
  afterFrame(() => {
    turn.value++
    takeTurns(last)
  })
}
