/** What stands around every page of the hosts: the way to the others, and whether the page is live. */
import type { ComponentChildren } from "preact"
import { t } from "../look.ts"
import { path } from "../route.ts"
import { Connection } from "./connection.tsx"
import { Icon, type IconName } from "./icons.tsx"
import { Toasts } from "./toasts.tsx"

type Tab = Exclude<keyof ReturnType<typeof tabTexts>, "label" | "skip">
const tabTexts = () => t.value.nav

const TABS: readonly (readonly [Tab & IconName, string])[] = [
  ["tonight", "/"],
  ["pick", "/pick"],
  ["games", "/games"],
  ["history", "/history"],
  ["settings", "/settings"],
]

const isHere = (to: string): boolean => (to === "/" ? path.value === "/" : path.value.startsWith(to))

export function Shell({ children }: { children: ComponentChildren }) {
  const texts = t.value.nav
  return (
    <>
      <a class="skip" href="#main">
        {texts.skip}
      </a>
      <nav class="tabs" aria-label={texts.label}>
        {TABS.map(([name, to]) => (
          <a href={to} key={to} aria-current={isHere(to) ? "page" : undefined}>
            <Icon name={name} />
            <span>{texts[name]}</span>
          </a>
        ))}
        <Connection />
      </nav>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <Toasts />
    </>
  )
}

/** A page that does not have its data yet keeps its place, so that nothing jumps. */
export const Waiting = () => (
  <p class="waiting" role="status">
    {t.value.common.loading}
  </p>
)
