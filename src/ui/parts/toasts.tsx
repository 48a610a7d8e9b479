/** Notes at the edge of the page; what takes something away waits a little, so that it can be undone. */
import { signal } from "@preact/signals"
import { t } from "../look.ts"
import { sayWhy } from "../trouble.ts"

type Toast = { id: number; text: string; undo?: () => void; seconds: number; end: () => void }

const SHOWN_SECONDS = 4
const UNDO_SECONDS = 6

const toasts = signal<readonly Toast[]>([])
let ids = 0

const drop = (id: number) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}

function show(toast: Omit<Toast, "id">): number {
  const id = ++ids
  toasts.value = [...toasts.value, { ...toast, id }]
  setTimeout(() => {
    if (!toasts.value.some((one) => one.id === id)) return
    drop(id)
    toast.end()
  }, toast.seconds * 1000)
  return id
}

export const say = (text: string): void => void show({ text, seconds: SHOWN_SECONDS, end: () => {} })

/** Does it once nobody can undo it any more; `undone` puts back what the page had taken away at once. */
export function later(text: string, act: () => Promise<unknown>, undone = () => {}): void {
  const undo = () => {
    drop(id)
    undone()
  }
  const end = () =>
    void act().catch((error) => {
      undone()
      say(sayWhy(error))
    })
  const id = show({ text, seconds: UNDO_SECONDS, undo, end })
}

/** Whoever leaves the page meant what they did. */
addEventListener("pagehide", () => {
  const left = toasts.value
  toasts.value = []
  for (const { end } of left) end()
})

/** By keyboard the note at the end of the page is far away; the newest one is undone as anywhere. */
document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z"
  if (!isUndo || (event.target instanceof Element && event.target.matches("input, textarea"))) return
  const newest = toasts.value.findLast(({ undo }) => undo)
  if (!newest) return
  event.preventDefault()
  newest.undo?.()
})

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, undo, seconds }) => (
      <p class="toast" key={id}>
        <span>{text}</span>
        {undo && (
          <button type="button" class="quiet" aria-keyshortcuts="Control+Z" onClick={undo}>
            {t.value.common.undo}
          </button>
        )}
        {undo && <i class="fuse" style={{ animationDuration: `${seconds}s` }} />}
      </p>
    ))}
  </div>
)
