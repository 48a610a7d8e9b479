/** Values for fuzzing, grown from the valibot schemas that will judge them. */
import fc from "fast-check"
import type * as v from "valibot"

/** What these generators read of a schema; valibot keeps all of it as plain members. */
type Shape = {
  type: string
  entries?: Record<string, Shape>
  options?: readonly unknown[]
  literal?: unknown
  wrapped?: Shape
  item?: Shape
  pipe?: readonly { type: string; requirement?: unknown }[]
}

const SURROGATES = fc.constantFrom("\ud800", "\udfff", "a\udc00b", "\ud83d")
const CONTROLS = fc.constantFrom("\u0000", "\u0007", "\u001b[31m", "a\r\nb", "\u007f", "\u0085", "\t", "\n")
const NAMES = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "length",
  "type",
  "hasOwnProperty",
)
const NUMBERS = fc.constantFrom(
  0,
  -0,
  -1,
  0.5,
  1e21,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
)

/** Text that a program could stumble over. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary", maxLength: 40 }),
  SURROGATES,
  CONTROLS,
  NAMES,
  fc.constantFrom("", " ", "\u202e", "null", "NaN", "'; DROP TABLE votes; --", "%00", "😀", "ﬀ", "İ"),
  fc.integer({ min: 1, max: 3_000 }).map((length) => "é".repeat(length)),
)

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner, _, i) => (i % 2 === 0 ? [inner] : { a: inner }), 1)

/** A JSON value of any kind, with the odd ones often. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  NUMBERS,
  fc.constantFrom(null, true, false, [], {}),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer({ min: 2, max: 40 }).map(nested),
  fc.dictionary(fc.oneof(NAMES, fc.string()), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
)

/** Values that fit a schema, as far as its shape tells; rules written as code may still refuse some. */
export function fitting(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  return grow(schema as unknown as Shape)
}

function grow(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case "object":
    case "strict_object": {
      const members = Object.entries(shape.entries ?? {}).map(
        ([name, member]) => [name, grow(member)] as const,
      )
      const optional = Object.entries(shape.entries ?? {}).filter(([, { wrapped }]) => wrapped !== undefined)
      const left = fc.subarray(optional.map(([name]) => name))
      return fc
        .tuple(fc.record(Object.fromEntries(members)), left)
        .map(([value, names]) => without(value, names))
    }
    case "variant":
    case "union":
      return fc.oneof(...(shape.options as Shape[]).map(grow))
    case "picklist":
      return fc.constantFrom(...(shape.options ?? []))
    case "literal":
      return fc.constant(shape.literal)
    case "array":
      return fc.array(grow(shape.item ?? { type: "unknown" }), { maxLength: 4 })
    case "boolean":
      return fc.boolean()
    case "number":
      return numbers(shape)
    case "string":
      return texts(shape)
    default:
      return shape.wrapped ? grow(shape.wrapped) : oddValue
  }
}

const without = (value: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

const ruleOf = (shape: Shape, type: string): unknown =>
  shape.pipe?.find((step) => step.type === type)?.requirement

function numbers(shape: Shape): fc.Arbitrary<number> {
  const min = Number(ruleOf(shape, "min_value") ?? -10)
  const max = Number(ruleOf(shape, "max_value") ?? Number.MAX_SAFE_INTEGER)
  return fc.oneof(fc.integer({ min, max: Math.min(max, min + 8) }), fc.integer({ min, max }))
}

function texts(shape: Shape): fc.Arbitrary<string> {
  const pattern = ruleOf(shape, "regex")
  if (pattern instanceof RegExp) return fc.stringMatching(pattern, { size: "-1" })
  if (shape.pipe?.some(({ type }) => type === "iso_timestamp")) {
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  }
  const maxLength = Number(ruleOf(shape, "max_length") ?? 40)
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: Math.min(maxLength, 24) }),
    },
    { weight: 1, arbitrary: fc.constantFrom("ann", "Bob", "zoë") },
    { weight: 1, arbitrary: fc.constant("x".repeat(maxLength)) },
  )
}

/** Values of the same build with something wrong: a member gone, changed, new, or wrapped. */
export function nearly(schema: v.GenericSchema): fc.Arbitrary<unknown> {
  const twist = fc.record({
    kind: fc.constantFrom("drop", "change", "add", "wrap", "text"),
    at: fc.nat(8),
    name: fc.oneof(NAMES, fc.string({ maxLength: 8 })),
    value: oddValue,
  })
  return fc.tuple(fitting(schema), fc.array(twist, { minLength: 1, maxLength: 2 })).map(([value, twists]) =>
    twists.reduce<unknown>((current, { kind, at, name, value: other }) => {
      if (typeof current !== "object" || current === null || kind === "wrap") return [current]
      if (kind === "text") return JSON.stringify(current)
      const entries = Object.entries(current)
      if (kind === "add" || entries.length === 0) entries.push([name, other])
      else if (kind === "drop") entries.splice(at % entries.length, 1)
      else entries[at % entries.length] = [entries[at % entries.length]?.[0] ?? name, other]
      return fromEntries(entries)
    }, value),
  )
}

/** As `Object.fromEntries`, which makes `__proto__` a member like any other too, but says so. */
const fromEntries = (entries: readonly [string, unknown][]): object => Object.fromEntries(entries)

/** Numbers that JSON can write and JavaScript cannot hold. */
const HUGE = ["1e999", "-1e999", "123456789012345678901234567890", "0.1e-999", "-0"]

/** JSON text with a wound: cut, doubled, stretched, or with a foreign character in it. */
export function wounded(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const wound = fc.record({
    at: fc.nat(200),
    kind: fc.constantFrom("cut", "insert", "delete", "double", "huge", "deep"),
    with: fc.oneof(oddText, fc.constantFrom(...HUGE)),
    depth: fc.integer({ min: 10, max: 2_000 }),
  })
  return fc.tuple(text, wound).map(([whole, { at: anywhere, kind, with: other, depth }]) => {
    const at = anywhere % (whole.length + 1)
    switch (kind) {
      case "cut":
        return whole.slice(0, at)
      case "insert":
        return whole.slice(0, at) + other + whole.slice(at)
      case "delete":
        return whole.slice(0, at) + whole.slice(at + 1)
      case "double":
        return whole + whole
      case "huge":
        return whole.replace(/\d+/, HUGE[at % HUGE.length] ?? "1e999")
      default:
        return `${"[".repeat(depth)}${whole}${at % 2 ? "]".repeat(depth) : ""}`
    }
  })
}

/** JSON texts as a client of the schema might send them, from right to hopeless. */
export function jsonTexts(schema: v.GenericSchema | undefined): fc.Arbitrary<string> {
  const write = (value: unknown) => JSON.stringify(value) ?? ""
  const odd = oddValue.map(write)
  if (!schema) return fc.oneof({ weight: 3, arbitrary: odd }, { weight: 1, arbitrary: wounded(odd) })
  const right = fitting(schema).map(write)
  return fc.oneof(
    { weight: 4, arbitrary: right },
    { weight: 4, arbitrary: nearly(schema).map(write) },
    { weight: 1, arbitrary: odd },
    { weight: 2, arbitrary: wounded(right) },
    { weight: 1, arbitrary: oddText },
  )
}
