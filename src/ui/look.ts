/** How the pages look and speak: theme and language, as chosen here or by the browser. */
import { computed, effect, signal } from "@preact/signals"
import { recall, remember } from "./keep.ts"
import { german } from "./texts.de.ts"
import { english, type Texts } from "./texts.en.ts"

export const THEMES = ["auto", "dark", "light"] as const
export const LANGUAGES = ["en", "de"] as const
export type Theme = (typeof THEMES)[number]
export type Language = (typeof LANGUAGES)[number]

const asked = new URLSearchParams(location.search)

const chosen = <T extends string>(known: readonly T[], key: string, otherwise: T): T =>
  known.find((one) => one === (asked.get(key) ?? recall(`gamenight.${key}`))) ?? otherwise

const spoken = navigator.languages.find((one) => /^(en|de)\b/.test(one))?.startsWith("de") ? "de" : "en"

export const theme = signal<Theme>(chosen(THEMES, "theme", "auto"))
export const language = signal<Language>(chosen(LANGUAGES, "language", spoken))

const TEXTS: Readonly<Record<Language, Texts>> = { en: english, de: german }

/** Every text of the pages in the language of now. */
export const t = computed(() => TEXTS[language.value])

export function chooseTheme(next: Theme): void {
  theme.value = next
  remember("gamenight.theme", next)
}

export function chooseLanguage(next: Language): void {
  language.value = next
  remember("gamenight.language", next)
}

/** Puts both where the style sheet and screen readers look for them. */
export function wearLook(): void {
  effect(() => {
    const { documentElement } = document
    documentElement.lang = language.value
    if (theme.value === "auto") delete documentElement.dataset.theme
    else documentElement.dataset.theme = theme.value
  })
}
