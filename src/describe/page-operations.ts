/** One route of the HTTP API on the page: what it takes, what it answers, and how to call it. */
import { anchor, type Html, html, json, line, paragraphs } from "./html.ts"
import type { MediaType, Operation } from "./openapi.ts"
import { members, row, type Schema, table, typeOf } from "./page-schemas.ts"
import { shellCall } from "./shell-call.ts"

type Resolve = (response: Operation["responses"][string]) => Operation["responses"][string]

export function operationHtml(route: string, operation: Operation, resolve: Resolve): Html {
  const [method = "", path = ""] = route.split(" ")
  const { operationId, summary, description, requestBody } = operation
  return html`<article id="${anchor(operationId)}">
<h3><a href="#${anchor(operationId)}">${summary}</a></h3>
<p class="route"><b class="${method.toLowerCase()}">${method}</b> <code>${breakable(path)}</code></p>
<p class="role">${roleOf(operation)}</p>
${description !== undefined && paragraphs(description)}
${parametersHtml(operation)}
${requestBody && bodyHtml(requestBody)}
<h4>Call</h4>
<pre><code>${shellCall(method, path, operation)}</code></pre>
<h4>Answers</h4>
${answersHtml(Object.entries(operation.responses).map(([status, response]) => [status, resolve(response)]))}
</article>`
}

/** A long path may break behind each of its steps. */
const breakable = (path: string): Html[] =>
  path.split("/").map((step, at) => html`${at > 0 && html`/<wbr>`}${step}`)

function roleOf({ security }: Operation): Html {
  const roles = security.flatMap(({ token }) => token ?? [])
  const [role] = roles
  if (role === undefined) return html`Anyone may call it.`
  if (security.some((one) => Object.keys(one).length === 0)) {
    return html`Anyone may read it; where the owner closed the reads it takes the role <b>${role}</b>.`
  }
  const query = security.some(({ tokenInQuery }) => tokenInQuery !== undefined)
  return html`It takes a token of the role <b>${role}</b>${role !== "admin" && " or a higher one"}${query && html`; that of a viewer may stand in the query as <code>token</code>`}.`
}

function parametersHtml({ parameters = [] }: Operation): Html | undefined {
  if (parameters.length === 0) return undefined
  const rows = parameters.map((parameter) =>
    row(
      parameter.name,
      parameter.schema as Schema,
      parameter.required === true && parameter.in !== "path",
      `${parameter.in === "query" ? "" : `In the ${parameter.in}. `}${parameter.description ?? ""}`,
    ),
  )
  return html`<h4>Parameters</h4>${table(["name", "value"], rows)}`
}

const bodyHtml = ({ required, content }: NonNullable<Operation["requestBody"]>): Html =>
  html`<h4>Body${!required && ", which may be left out"}</h4>${Object.entries(content).map(([type, media]) => mediaHtml(type, media, true))}`

function mediaHtml(type: string, { schema, example }: MediaType, asks = false): Html {
  const rows = members(schema, asks)
  const { type: kind } = schema as Schema
  const shape = kind === "object" ? "" : html`: ${typeOf(schema)}`
  const shown =
    typeof example === "string"
      ? html`<pre><code>${example}</code></pre>`
      : example !== undefined && json(example)
  return html`<p><code>${type}</code>${shape}</p>${rows}${shown}`
}

type Answered = readonly [status: string, response: Operation["responses"][string]]

/** What went well stands open; of refusals their codes, since most routes share them. */
function answersHtml(all: readonly Answered[]): Html[] {
  const refused = all.filter(([status]) => Number(status) >= 400)
  return [
    ...all.filter(([status]) => Number(status) < 400).map(answerHtml),
    html`<details><summary>Refused with ${refused.map(([status]) => status).join(", ")}</summary>${refused.map(answerHtml)}</details>`,
  ]
}

function answerHtml([status, { description = "", content = {} }]: Answered): Html {
  const body = Object.entries(content)
  if (Number(status) >= 400 || body.length === 0) {
    return html`<p class="answer"><b>${status}</b> ${line(description)}</p>`
  }
  return html`<details><summary><b>${status}</b> ${line(description)}</summary>${body.map(([type, media]) => mediaHtml(type, media))}</details>`
}
