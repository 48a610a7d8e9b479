/** Puts a page on the screen in short steps, so that a slow phone answers a finger in between. */
import { type ComponentChild, render } from "preact"
import { startClock } from "./clock.ts"
import { goLive } from "./live.ts"
import { spoken, wearLook } from "./look.ts"
import { afterFrame } from "./turns.ts"

export function start(page: ComponentChild): void {
  wearLook()
  goLive()
  startClock()
  // The first frame of a page is dear even when it is empty: it reads the style sheet.
  afterFrame(async () => {
    await spoken
    const root = document.getElementById("page")
    if (root) render(page, root)
  })
}
