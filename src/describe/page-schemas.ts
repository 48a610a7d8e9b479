/** JSON Schemas as people read them: the type of a value in words, and the members of an object in a table. */
import { anchor, type Html, html, line } from "./html.ts"

/** What is read of a JSON Schema. */
export type Schema = {
  $ref?: string
  type?: string
  description?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  items?: Schema
  prefixItems?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  default?: unknown
  format?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  minItems?: number
}

const number = (value: number): string => value.toLocaleString("en-US")

/** The type in words, a named one as a link to it. */
export function typeOf(schema: Schema): Html[] {
  const { $ref, anyOf, oneOf, items, type, format, maxLength, maxItems } = schema
  if ($ref) {
    const name = $ref.split("/").at(-1) ?? ""
    return [html`<a href="#${anchor(`schema-${name}`)}">${name}</a>`]
  }
  if (schema.const !== undefined) return [html`<code>${JSON.stringify(schema.const)}</code>`]
  if (schema.enum) return joined(schema.enum.map((one) => html`<code>${JSON.stringify(one)}</code>`))
  const choices = anyOf ?? oneOf
  if (choices) return joined(choices.flatMap(alternatives).map((one) => html`${typeOf(one)}`))
  if (type === "array") {
    const size = maxItems === undefined ? "" : `, ${number(maxItems)} entries at most`
    return [html`list of ${items ? typeOf(items) : "anything"}${size}`]
  }
  if (type === "string") {
    if (format === "date-time") return [html`moment`]
    return [html`text${maxLength === undefined ? "" : ` (${number(maxLength)} at most)`}`]
  }
  if (type === "integer" || type === "number")
    return [html`${type === "integer" ? "whole number" : "number"}${range(schema)}`]
  return [html`${type ?? "anything"}`]
}

/** A choice within a choice is one more choice. */
const alternatives = (schema: Schema): readonly Schema[] =>
  schema.anyOf && !schema.$ref ? schema.anyOf.flatMap(alternatives) : [schema]

function range({ minimum, maximum }: Schema): string {
  if (minimum === undefined) return ""
  const open = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
  return open ? ` from ${number(minimum)}` : ` from ${number(minimum)} to ${number(maximum)}`
}

function joined(parts: readonly Html[]): Html[] {
  const different = [...new Map(parts.map((part) => [part.html, part])).values()]
  return different.flatMap((part, at) => (at === 0 ? [part] : [html` or `, part]))
}

type Member = { name: string; schema: Schema; required: boolean }

/** Every member of an object, those inside of it too, by dotted path. */
function membersOf(schema: Schema, path = ""): Member[] {
  const inside = schema.anyOf ?? schema.oneOf
  if (inside) {
    const all = inside.flatMap((one) => membersOf(one, path))
    return [...new Map(all.map((member) => [member.name, member])).values()]
  }
  if (schema.type === "array") return schema.items ? membersOf(schema.items, `${path}[].`) : []
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
    { name: path + name, schema: one, required: schema.required?.includes(name) ?? false },
    ...membersOf(one, one.type === "array" ? path + name : `${path}${name}.`),
  ])
}

/** The table of members, if there are any. `asks` marks those of a request that must be there. */
export function members(schema: Schema, asks = false): Html[] {
  const found = membersOf(schema)
  if (found.length === 0) return []
  const rows = found.map(({ name, schema: one, required }) => row(name, one, asks && required))
  return [table(["member", "value"], rows)]
}

export const row = (name: string, schema: Schema, required: boolean, more = ""): Html => {
  const words = [schema.description, more].filter((text) => text).join(". ")
  const usual = schema.default === undefined || schema.default === null ? "" : JSON.stringify(schema.default)
  return html`<tr><td><code>${name}</code>${required && html` <em>required</em>`}</td><td>${typeOf(schema)}${
    usual !== "" && html`; default <code>${usual}</code>`
  }${words !== "" && html`<br><small>${line(words)}</small>`}</td></tr>`
}

/** A table that scrolls by itself where the window is narrow. */
export const table = (head: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="wide"><table><thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`
