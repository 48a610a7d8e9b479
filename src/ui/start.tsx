/** Puts a page on the screen: once instead of twice where the night is there at once. */
import { effect } from "@preact/signals"
import { type ComponentChild, render } from "preact"
import { startClock } from "./clock.ts"
import { goLive, night } from "./live.ts"
import { wearLook } from "./look.ts"

/** Whoever has to wait longer sees the frame of the page meanwhile. */
const PATIENCE_MS = 120

export function start(page: ComponentChild): void {
  wearLook()
  goLive()
  startClock()
  let shown = false
  const show = () => {
    const root = document.getElementById("page")
    if (root && !shown) render(page, root)
    shown = true
  }
  setTimeout(show, PATIENCE_MS)
  effect(() => {
    if (night.value) show()
  })
}
