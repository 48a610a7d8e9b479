/** The page at /docs: both documents for people, in one file that needs no script and no network. */
import { createHash } from "node:crypto"
import type { AsyncApi, SocketMessage, SocketOperation } from "./asyncapi.ts"
import { anchor, type Html, html, json, line, paragraphs } from "./html.ts"
import { type OpenApi, type Operation, operationsOf } from "./openapi.ts"
import { operationHtml } from "./page-operations.ts"
import { members, type Schema, table } from "./page-schemas.ts"
import { STYLE } from "./page-style.ts"
import { TAGS } from "./parts.ts"

/** The policy lets this page have its own style and icon, and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export function docsPage(openApi: OpenApi, asyncApi: AsyncApi): string {
  const operations = operationsOf(openApi)
  const byTag = Object.keys(TAGS).map((tag) => ({
    tag,
    routes: operations.filter(({ operation }) => operation.tags.includes(tag)),
  }))
  const { html: page } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>gamenight ${openApi.info.version}: the API</title>
<link rel="icon" href="/favicon.svg"><style>${{ html: STYLE }}</style></head><body>
<a class="skip" href="#top">Skip the contents</a>
<nav aria-label="Contents"><details><summary>Contents</summary>
${byTag.map(({ tag, routes }) => contents(tag, routes))}
<h2><a href="#live">Live socket</a></h2>
<h2><a href="#schemas">Rows</a></h2>
</details></nav>
<main id="top"><h1>gamenight <small>${openApi.info.version}</small></h1>
<p>For programs: <a href="/api/openapi.json">OpenAPI 3.1</a> and <a href="/api/asyncapi.json">AsyncAPI 3.0</a>.</p>
${paragraphs(openApi.info.description ?? "")}
${byTag.map(({ tag, routes }) => section(tag, routes, openApi))}
${socket(asyncApi)}
<section id="schemas"><h2>Rows</h2>${Object.entries(openApi.components?.schemas ?? {}).map(schemaHtml)}</section>
</main></body></html>
`
  return page
}

type Routes = ReturnType<typeof operationsOf>

const contents = (tag: string, routes: Routes): Html =>
  html`<h2><a href="#${anchor(`tag-${tag}`)}">${tag}</a></h2><ul>${routes.map(
    ({ operation }) => html`<li><a href="#${anchor(operation.operationId)}">${operation.summary}</a></li>`,
  )}</ul>`

function section(tag: string, routes: Routes, openApi: OpenApi): Html {
  const shared = (openApi.components?.responses ?? {}) as Operation["responses"]
  const resolve = (response: Operation["responses"][string]) =>
    response.$ref === undefined ? response : (shared[response.$ref.split("/").at(-1) ?? ""] ?? response)
  return html`<section id="${anchor(`tag-${tag}`)}"><h2>${tag}</h2><p>${line(TAGS[tag as keyof typeof TAGS])}</p>
${routes.map(({ route, operation }) => operationHtml(route, operation, resolve))}</section>`
}

const schemaHtml = ([name, schema]: [string, object]): Html =>
  html`<article id="${anchor(`schema-${name}`)}"><h3>${name}</h3>${members(schema as Schema)}</article>`

function socket({ info, channels, operations, components }: AsyncApi): Html {
  const { live } = channels
  const all = Object.values(operations)
  const nameOf = ({ $ref }: { $ref: string }) => $ref.split("/").at(-1) ?? ""
  const shown = (refs: SocketOperation["messages"]) =>
    refs.map((ref) => messageHtml(nameOf(ref), components.messages[nameOf(ref)]))
  const received = all.filter(({ action }) => action === "receive")
  const answers = [...new Set(received.flatMap(({ reply }) => reply?.messages.map(nameOf) ?? []))]
  return html`<section id="live"><h2>Live socket</h2><p class="route"><b class="get">WS</b> <code>${live.address}</code></p>
${paragraphs(info.description)}
<h3>You send</h3>${received.map(({ messages }) => shown(messages))}
<h3>You hear as an answer</h3>${answers.map((name) => messageHtml(name, components.messages[name]))}
<h3>You hear as it happens</h3>${all.filter(({ action }) => action === "send").map(({ messages }) => shown(messages))}
<h3>Close codes</h3>${table(
    ["code", "why", "what to do"],
    live["x-close-codes"].map(
      ({ code, why, what }) => html`<tr><td>${code}</td><td>${line(why)}</td><td>${line(what)}</td></tr>`,
    ),
  )}
<h3>Limits</h3>${table(
    ["limit", "of what"],
    live["x-limits"].map(
      ({ value, description }) =>
        html`<tr><td>${value.toLocaleString("en-US")}</td><td>${line(description)}</td></tr>`,
    ),
  )}</section>`
}

const messageHtml = (name: string, message: SocketMessage | undefined): Html =>
  html`<article id="${anchor(`message-${name}`)}"><h4><code>${message?.name}</code></h4><p>${line(message?.summary ?? "")}</p>${message?.examples.map(
    ({ payload }) => json(payload),
  )}</article>`
