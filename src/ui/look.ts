/** How the pages look and speak: theme and language, as chosen here or by the browser. */
import { effect, signal } from "@preact/signals"
import { recall, remember } from "./keep.ts"
import { english, type Texts } from "./texts.en.ts"

export const THEMES = ["auto", "dark", "light"] as const
export const LANGUAGES = ["en", "de"] as const
export type Theme = (typeof THEMES)[number]
export type Language = (typeof LANGUAGES)[number]

const asked = new URLSearchParams(location.search)

const chosen = <T extends string>(known: readonly T[], key: string, otherwise: T): T =>
  known.find((one) => one === (asked.get(key) ?? recall(`gamenight.${key}`))) ?? otherwise

const preferred = navigator.languages.find((one) => /^(en|de)\b/.test(one))?.startsWith("de") ? "de" : "en"

export const theme = signal<Theme>(chosen(THEMES, "theme", "auto"))
export const language = signal<Language>(chosen(LANGUAGES, "language", preferred))

/** Every text of the pages in the language of now. */
export const t = signal<Texts>(english)

/** A language that is not spoken here is not fetched. */
async function speak(next: Language): Promise<void> {
  const texts = next === "de" ? (await import("./texts.de.ts")).german : english
  if (language.value === next) t.value = texts
}

/** Resolves once the texts are there; where the service went away meanwhile they stay as they are. */
export const spoken = speak(language.value).catch(() => {})

export function chooseTheme(next: Theme): void {
  theme.value = next
  remember("gamenight.theme", next)
}

export function chooseLanguage(next: Language): void {
  language.value = next
  remember("gamenight.language", next)
  void speak(next).catch(() => {})
}

/** Puts both where the style sheet and screen readers look for them. */
export function wearLook(): void {
  effect(() => {
    const { documentElement } = document
    documentElement.lang = t.value.locale.slice(0, 2)
    if (theme.value === "auto") delete documentElement.dataset.theme
    else documentElement.dataset.theme = theme.value
  })
}
