/** Puts a page on the screen in short steps, so that a slow phone answers a finger in between. */
import { type ComponentChild, render } from "preact"
import { startClock } from "./clock.ts"
import { goLive } from "./live.ts"
import { spoken, wearLook } from "./look.ts"

export function start(page: ComponentChild): void {
  wearLook()
  goLive()
  startClock()
  // A task of its own: evaluating the script was one.
  setTimeout(async () => {
    await spoken
    const root = document.getElementById("page")
    if (root) render(page, root)
  })
}
