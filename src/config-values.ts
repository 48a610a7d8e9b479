/** The kinds of values a setting can have, from their text. */
import * as v from "valibot"
import { isNetwork } from "./addresses.ts"

export const integer = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.transform(Number),
    v.minValue(least, message),
    v.maxValue(most, message),
  )
}
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 }
export const duration = () =>
  v.pipe(
    v.string(),
    v.regex(/^(0|\d{1,6}[smh])$/, "must be a duration such as 12h, 90m or 45s, or 0"),
    v.transform((text) => Number.parseInt(text, 10) * (UNIT_MS[text.at(-1) as keyof typeof UNIT_MS] ?? 0)),
  )
const LONGEST_DELAY_MS = 10 * 60 * 1000
/** How far behind the night the viewers of a chat are. */
export const delay = () => {
  const message = "must be a duration of 10m at most, such as 8s, or 0"
  return v.pipe(
    v.string(),
    v.regex(/^(0|\d{1,6}[smh])$/, message),
    duration(),
    v.maxValue(LONGEST_DELAY_MS, message),
  )
}
/** `twitch=8s,irc=0s`, by the names of sources as the environment has them. */
export const delayList = () =>
  v.pipe(
    v.string(),
    v.transform((text) => text.split(",").map((one) => one.trim().split("="))),
    v.check(
      (pairs) => pairs.every(([name, text, more]) => name && !more && v.is(delay(), text)),
      "must be like twitch=8s,irc=0s, each a duration of 10m at most",
    ),
    v.transform(
      (pairs): Delays =>
        Object.fromEntries(pairs.map(([name = "", text]) => [sourceName(name), v.parse(delay(), text)])),
    ),
  )

/** Milliseconds by the name of a source. */
export type Delays = Readonly<Record<string, number>>

/** Sources in capital letters and digits, with `_` for all else, so that each can stand in a name of the environment. */
export const sourceName = (source: string): string => source.toUpperCase().replace(/[^A-Z0-9]/g, "_")

export const choice = <const T extends readonly [string, ...string[]]>(options: T) =>
  v.pipe(v.string(), v.toLowerCase(), v.picklist(options, `must be ${options.join(" or ")}`))
export const webUrl = () =>
  v.pipe(
    v.string(),
    v.check(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      "must be an http or https URL",
    ),
  )
export const originList = () =>
  v.pipe(
    v.string(),
    v.transform((text) => (text === "*" ? undefined : text.split(",").map((origin) => origin.trim()))),
    v.check(
      (origins) => !origins || origins.every((one) => URL.canParse(one) && new URL(one).origin === one),
      "must be * or origins like https://example.org with commas between",
    ),
  )

export const networkList = () =>
  v.pipe(
    v.string(),
    v.transform((text) => text.split(",").map((network) => network.trim())),
    v.check((networks) => networks.every(isNetwork), "must be like 127.0.0.1,10.0.0.0/8,fd00::/8"),
  )

export const yesNo = () =>
  v.pipe(
    choice(["true", "false", "1", "0"]),
    v.transform((text) => text === "true" || text === "1"),
  )
export const onOff = () =>
  v.pipe(
    choice(["on", "off"]),
    v.transform((text) => text === "on"),
  )
