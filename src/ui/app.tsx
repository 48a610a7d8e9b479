/** The pages of the hosts: one script, one document, a page for each path. */
import type { ComponentType } from "preact"
import { t } from "./look.ts"
import { Games } from "./pages/games.tsx"
import { History } from "./pages/history.tsx"
import { Login } from "./pages/login.tsx"
import { PastNightPage } from "./pages/past-night.tsx"
import { Pick } from "./pages/pick.tsx"
import { Settings } from "./pages/settings.tsx"
import { Setup } from "./pages/setup.tsx"
import { Tonight } from "./pages/tonight.tsx"
import { Shell } from "./parts/shell.tsx"
import { path, takeLinks } from "./route.ts"
import { start } from "./start.tsx"

const PAGES: readonly (readonly [RegExp, ComponentType, () => string])[] = [
  [/^\/$/, Tonight, () => t.value.nav.tonight],
  [/^\/pick$/, Pick, () => t.value.nav.pick],
  [/^\/games$/, Games, () => t.value.nav.games],
  [/^\/history$/, History, () => t.value.nav.history],
  [/^\/history\/\d+$/, PastNightPage, () => t.value.nav.history],
  [/^\/settings$/, Settings, () => t.value.nav.settings],
  [/^\/setup$/, Setup, () => t.value.setup.title],
  [/^\/login$/, Login, () => t.value.login.title],
]

const pageFor = (at: string) => PAGES.find(([pattern]) => pattern.test(at)) ?? PAGES[0]

function App() {
  const [, Page = Tonight, title = () => ""] = pageFor(path.value) ?? []
  document.title = `${title()} · gamenight`
  return (
    <Shell>
      <Page key={path.value} />
    </Shell>
  )
}

takeLinks((to) => PAGES.some(([pattern]) => pattern.test(to)))
start(<App />)
