/** The texts of the pages: each language says everything, and nothing was left in English. */
import { expect, test } from "bun:test"
import * as v from "valibot"
import { fieldErrors, line, wholeNumber } from "../src/http/input.ts"
import { label } from "../src/http/polls.ts"
import { german } from "../src/ui/texts.de.ts"
import { english } from "../src/ui/texts.en.ts"

/** Every text and every function that makes one, by its path. */
function texts(of: object, path = ""): [string, unknown][] {
  return Object.entries(of).flatMap(([name, value]): [string, unknown][] =>
    typeof value === "object" && value !== null ? texts(value, `${path}${name}.`) : [[path + name, value]],
  )
}

/** A text, or what the function says of some numbers. */
const said = (text: unknown): string => (typeof text === "function" ? String(text(3, 4, 5)) : String(text))

test("both languages have the same members, each a text or a function of as many things", () => {
  const shape = (of: object) =>
    texts(of).map(([path, text]) => [path, typeof text === "function" ? text.length : typeof text])
  expect(shape(german)).toEqual(shape(english))
})

test("no text is empty, and none of the German ones was left in English", () => {
  const inGerman = new Map(texts(german))
  const same = texts(english).filter(([path, text]) => said(text) === said(inGerman.get(path)))
  for (const [path, text] of [...texts(english), ...inGerman])
    expect([path, said(text).trim()]).not.toEqual([path, ""])
  const SAME =
    /^(settings\.(languages|roles)\.|connection\.live$|tonight\.(bots|hosts)$|pick\.filters\.packs$|settings\.(backups|megabytes|tokenName)$|webhooks\.(title|milliseconds)$|common\.wrong$)/
  expect(same.map(([path]) => path).filter((path) => !SAME.test(path))).toEqual([])
})

test("what the service says of a field is said in German too", () => {
  const numbers = v.object({ seconds: wholeNumber(5, 3_600), name: line(64), label: label() })
  const wrong = v.safeParse(numbers, { seconds: 2, name: "x".repeat(65), label: "12" }).issues ?? []
  const none = v.safeParse(numbers, { seconds: 5, name: "x\u0001", label: " " }).issues ?? []
  const messages = [
    ...fieldErrors([...wrong, ...none]),
    ...fieldErrors(v.safeParse(numbers, {}).issues ?? []),
  ]
  expect(messages.length).toBeGreaterThan(6)
  for (const { message } of messages) {
    expect(english.common.wrong(message)).toBe(message)
    expect([message, german.common.wrong(message)]).not.toEqual([message, message])
  }
  for (const message of ["Must be a whole address of http or https", "Must have 1 entry at least"]) {
    expect(german.common.wrong(message)).not.toBe(message)
  }
  expect(german.common.wrong("Must be a whole number from 5 to 3600")).toContain("von 5 bis 3600")
})
