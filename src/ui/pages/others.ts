/** Every page but Tonight, in a script of their own that is fetched when the first of them is needed. */
import type { ComponentType } from "preact"
import { Games } from "./games.tsx"
import { History } from "./history.tsx"
import { Login } from "./login.tsx"
import { PastNightPage } from "./past-night.tsx"
import { Pick } from "./pick.tsx"
import { Settings } from "./settings.tsx"
import { Setup } from "./setup.tsx"

export const others = {
  pick: Pick,
  games: Games,
  history: History,
  night: PastNightPage,
  settings: Settings,
  setup: Setup,
  login: Login,
} satisfies Record<string, ComponentType>
