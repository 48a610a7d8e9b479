/**
 * The schemas of requests as documents can show them: what a client may send, not what the routes make of it. A JSON
 * Schema knows no steps that turn a text into a number, so each such pipe is put as the value that it accepts.
 */
import * as v from "valibot"
import { momentIn } from "../http/input.ts"

/** What is read of a valibot schema or of a step of its pipe. */
type Node = {
  kind: string
  type: string
  pipe?: readonly Node[]
  entries?: Readonly<Record<string, Node>>
  options?: readonly unknown[]
  item?: Node
  wrapped?: Node
  default?: unknown
  message?: unknown
  requirement?: unknown
  operation?: unknown
}

/** The same schema without what happens behind the edge; words for what JSON Schema cannot say stand beside it. */
export const accepted = (schema: v.GenericSchema): v.GenericSchema =>
  plain(schema as unknown as Node) as unknown as v.GenericSchema

function plain(node: Node): Node {
  if (node.pipe) return piped(node.pipe)
  const { entries, options, item, wrapped } = node
  return {
    ...node,
    ...(entries && {
      entries: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, plain(entry)])),
    }),
    ...(options && node.type !== "picklist" && { options: (options as Node[]).map(plain) }),
    ...(item && { item: plain(item) }),
    ...(wrapped && optional(node, plain(wrapped))),
  }
}

/** A default stands there as it would be sent. */
const optional = (node: Node, wrapped: Node): Partial<Node> => {
  const isNumber = [wrapped, ...(wrapped.pipe ?? [])].some(({ type }) => type === "number")
  return { wrapped, ...(isNumber && typeof node.default === "string" && { default: Number(node.default) }) }
}

const flat = (pipe: readonly Node[]): Node[] => pipe.flatMap((step) => (step.pipe ? flat(step.pipe) : [step]))

function piped(pipe: readonly Node[]): Node {
  const [first, ...steps] = flat(pipe)
  if (!first) throw new Error("Cannot describe a pipe without a schema")
  const list = steps.find(({ kind, type }) => kind === "schema" && type === "array")
  // What takes anything at first takes what comes behind that.
  const next = steps.findIndex(({ kind }) => kind === "schema")
  if (first.type === "unknown" && next >= 0) return piped(steps.slice(next))
  const turn = steps.findIndex(({ kind, type }) => kind === "schema" || type === "transform")
  const before = turn < 0 ? steps : steps.slice(0, turn)
  const said = wordsOf(steps, turn)
  // A list is looked at as a whole before its entries are, and a text with commas is a list in a query.
  if (list) return join(plain(list), steps.filter(isBound), said)
  if (first.type === "custom") return join(node(v.array(v.unknown())), before, said)
  if (steps.some(({ operation }) => operation === Number)) {
    return join(node(v.number()), [node(v.integer()), ...steps.filter(isBound)], [])
  }
  const moment = steps.some(({ operation }) => operation === momentIn) ? [node(v.isoTimestamp())] : []
  return join(plain(first), [...before, ...moment], said)
}

const node = (schema: unknown): Node => schema as Node

const isBound = ({ type }: Node): boolean => /^(min|max)_(value|length)$/.test(type)

/** Said of every text in the introduction. */
const SAID_ONCE = ["Must be well-formed Unicode", "Must not hold control characters"]

/** The words in which a request is refused where no keyword says it: of checks, and of what a text must turn into. */
const wordsOf = (steps: readonly Node[], turn: number): string[] =>
  steps.flatMap(({ kind, type, message }, at) => {
    const own = type === "check" || (kind === "schema" && turn >= 0 && at > turn)
    return own && typeof message === "string" && !SAID_ONCE.includes(message) ? [message] : []
  })

function join(schema: Node, steps: readonly Node[], said: readonly string[]): Node {
  const words = said.length > 0 ? [node(v.description([...new Set(said)].join(". ")))] : []
  const kept = steps.filter(({ type }) => type !== "check" && type !== "trim")
  if (kept.length + words.length === 0) return schema
  const { pipe, ...bare } = schema
  return { ...bare, pipe: [...(pipe ?? [bare]), ...kept, ...words] }
}
