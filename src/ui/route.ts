/** Which page is shown: the path of the address, changed without a reload. */
import { signal } from "@preact/signals"

export const path = signal(location.pathname)

export function go(to: string): void {
  if (to === location.pathname + location.search) return
  history.pushState(null, "", to)
  path.value = location.pathname
  scrollTo(0, 0)
  // Whoever reads by ear or moves by keyboard begins at the new page.
  setTimeout(() => document.getElementById("main")?.focus({ preventScroll: true }))
}

/** Links to our own pages stay in the page; with a key held down they open as any link. */
export function takeLinks(pages: (path: string) => boolean): void {
  addEventListener("popstate", () => {
    path.value = location.pathname
  })
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null
    if (!link || event.defaultPrevented || event.button !== 0 || link.target || link.download) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const url = new URL(link.href)
    if (url.origin !== location.origin || !pages(url.pathname)) return
    event.preventDefault()
    go(url.pathname + url.search)
  })
}
