/** The pages of the hosts: a page for each path. Tonight is there at once, the others once they are needed. */
import type { ComponentType } from "preact"
import { t } from "./look.ts"
import { fetched, fetchOthers, OnTheWay, type Others } from "./other-pages.tsx"
import { Tonight } from "./pages/tonight.tsx"
import { Shell } from "./parts/shell.tsx"
import { path, takeLinks } from "./route.ts"
import { start } from "./start.tsx"

type Name = "tonight" | keyof Others

const PAGES: readonly (readonly [RegExp, Name, () => string])[] = [
  [/^\/$/, "tonight", () => t.value.nav.tonight],
  [/^\/pick$/, "pick", () => t.value.nav.pick],
  [/^\/games$/, "games", () => t.value.nav.games],
  [/^\/history$/, "history", () => t.value.nav.history],
  [/^\/history\/\d+$/, "night", () => t.value.nav.history],
  [/^\/settings$/, "settings", () => t.value.nav.settings],
  [/^\/setup$/, "setup", () => t.value.setup.title],
  [/^\/login$/, "login", () => t.value.login.title],
]

const pageFor = (at: string) => PAGES.find(([pattern]) => pattern.test(at)) ?? PAGES[0]

function pageNamed(name: Name): ComponentType {
  if (name === "tonight") return Tonight
  if (!fetched.value) fetchOthers()
  return fetched.value?.[name] ?? OnTheWay
}

function App() {
  const [, name, title = () => ""] = pageFor(path.value) ?? []
  document.title = `${title()} · gamenight`
  const Page = pageNamed(name ?? "tonight")
  return (
    <Shell>
      <Page key={path.value} />
    </Shell>
  )
}

takeLinks((to) => PAGES.some(([pattern]) => pattern.test(to)))
start(<App />)
