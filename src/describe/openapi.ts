/** The OpenAPI document: the table of routes, each with its description. */
import { Hono } from "hono"
import { describeRoute, generateSpecs, resolver, validator } from "hono-openapi"
import * as v from "valibot"
import type { Access, Route } from "../http/context.ts"
import { accepted } from "./accepted.ts"
import { accessDescriptions } from "./access.ts"
import { backupDescriptions } from "./backups.ts"
import { gameFileDescriptions } from "./game-files.ts"
import { gameDescriptions } from "./games.ts"
import { historyDescriptions } from "./history.ts"
import { INTRODUCTION } from "./introduction.ts"
import { pageDescriptions } from "./pages.ts"
import {
  type Answer,
  type Content,
  type Description,
  type Descriptions,
  HEADERS,
  HEARD_HEADERS,
  TAGS,
} from "./parts.ts"
import { phoneVoteDescriptions } from "./phone-votes.ts"
import { pickDescriptions } from "./picks.ts"
import { pollDescriptions } from "./polls.ts"
import { byStatus, codesOf, problem } from "./problems.ts"
import { serviceDescriptions } from "./service.ts"
import { sessionGameDescriptions } from "./session-games.ts"
import { sessionDescriptions } from "./sessions.ts"
import { voteDescriptions } from "./votes.ts"
import { webhookDescriptions } from "./webhooks.ts"

export type OpenApi = Awaited<ReturnType<typeof generateSpecs>>
type Responses = NonNullable<Parameters<typeof describeRoute>[0]["responses"]>
type Parameter = {
  in: "path" | "query" | "header"
  name: string
  description?: string
  required?: boolean
  schema: Readonly<Record<string, unknown>>
}
/** What is read of an operation once it is made. */
export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Record<string, MediaType> }
  responses: Record<string, { $ref?: string; description?: string; content?: Record<string, MediaType> }>
}
export type MediaType = { schema: object; example?: unknown }

/** By tag the order of the document. */
export const DESCRIPTIONS: Descriptions = {
  ...sessionDescriptions,
  ...sessionGameDescriptions,
  ...voteDescriptions,
  ...pollDescriptions,
  ...serviceDescriptions,
  ...gameDescriptions,
  ...gameFileDescriptions,
  ...pickDescriptions,
  ...historyDescriptions,
  ...accessDescriptions,
  ...pageDescriptions,
  ...phoneVoteDescriptions,
  ...backupDescriptions,
  ...webhookDescriptions,
}

/** Describes the routes that have a description. */
export async function openApi(routes: readonly Route[], version: string): Promise<OpenApi> {
  const described = new Hono()
  const problems: Responses = {}
  for (const [method, path, access] of routes) {
    const description = DESCRIPTIONS[`${method} ${path}`]
    if (!description) continue
    const spec = describeRoute({ ...operation(method, path, access, description, problems) })
    const { query } = description
    described.on(method, path, spec)
    if (query)
      described.on(method, path, validator("query", accepted(query()), undefined, { options: DIALECT }))
  }
  const document = await generateSpecs(described, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: {
        title: "gamenight",
        version,
        description: INTRODUCTION,
        license: { name: "MIT", identifier: "MIT" },
      },
      servers: [{ url: "/", description: "This service" }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: { responses: problems, securitySchemes: SECURITY_SCHEMES },
    },
  })
  for (const { operation } of operationsOf(document)) orderParameters(operation)
  return document
}

/** As OpenAPI 3.1 speaks. */
const DIALECT = { target: "draft-2020-12", typeMode: "input" }

const SECURITY_SCHEMES = {
  token: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A token from a login, or a named one.",
  },
  tokenInQuery: { type: "apiKey", in: "query", name: "token", description: "Only a token of role viewer." },
} as const

/** Roles stand behind the scheme, as OpenAPI 3.1 allows. */
function securityOf(access: Access): Operation["security"] {
  if (access === "anyone") return []
  if (access === "reader") return [{}, { token: ["viewer"] }]
  return access === "listener" ? [{ token: ["viewer"] }, { tokenInQuery: [] }] : [{ token: [access] }]
}

function operation(
  method: string,
  path: string,
  access: Access,
  description: Description,
  problems: Responses,
) {
  const { id, tag, summary, body, answers } = description
  const refused = byStatus(codesOf(method, path, access, description)).map(([status, codes]) => {
    const name = codes.join(".")
    problems[name] ??= response(problem(status, codes))
    return [status, { $ref: `#/components/responses/${name}` }] as const
  })
  const given = Object.entries(answers).map(([status, answer]) => [status, response(answer)] as const)
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description.description && { description: description.description }),
    security: securityOf(access),
    parameters: [...pathParameters(path), ...headerParameters(description)],
    ...(body && { requestBody: { required: isRequired(body), content: contents(body) } }),
    responses: Object.fromEntries([...given, ...refused]),
  }
}

const contents = (content: Readonly<Record<string, Content>>) =>
  Object.fromEntries(
    Object.entries(content).map(([type, { schema, example }]) => [
      type,
      { schema: resolver(accepted(schema), { options: DIALECT }), ...(example !== undefined && { example }) },
    ]),
  )

const response = ({ description, content, headers = [] }: Answer) => ({
  description,
  ...(headers.length > 0 && {
    headers: Object.fromEntries(
      headers.map((name) => [
        name,
        { description: HEADERS[name], schema: { type: NUMBERS.has(name) ? "integer" : "string" } as const },
      ]),
    ),
  }),
  ...(content && { content: contents(content) }),
})

const NUMBERS: ReadonlySet<string> = new Set(["X-Total-Count", "Retry-After"])

/** An empty body is an empty object to a route that takes JSON. */
const isRequired = (body: Readonly<Record<string, Content>>): boolean =>
  Object.values(body).every(({ schema }) => !v.is(schema, {}))

const ROW_ID = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }

/** What stands in a path. */
const PLACES: Readonly<Record<string, Pick<Parameter, "description" | "schema">>> = {
  id: { description: "The `id` of the row.", schema: ROW_ID },
  gameRow: { description: "The `id` of the session game, not of the game.", schema: ROW_ID },
  name: { description: "The name of the pack.", schema: { type: "string" } },
  file: { description: "The `name` of the backup.", schema: { type: "string" } },
  token: { description: "The `id` of the token.", schema: { type: "string" } },
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    const place = PLACES[path.startsWith("/api/tokens/") ? "token" : name]
    if (!place) throw new Error(`Cannot describe ${path}: nobody knows what ${name} is`)
    return { in: "path", name, required: true, ...place }
  })
}

function headerParameters({ once, heeds = [] }: Description): Parameter[] {
  const heard = heeds.map(
    (name): Parameter => ({
      in: "header",
      name,
      description: HEARD_HEADERS[name],
      schema: { type: "string" },
    }),
  )
  return once ? [...heard, IDEMPOTENCY_KEY] : heard
}

const IDEMPOTENCY_KEY: Parameter = {
  in: "header",
  name: "Idempotency-Key",
  description:
    "The request is carried out once: sent again within 24 hours it changes nothing and gets the same answer.",
  schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,255}$" },
}

/** Every operation with its route, as `GET /api/sessions/{id}`. */
export const operationsOf = (document: OpenApi): { route: string; operation: Operation }[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods ?? {}).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation: operation as Operation,
    })),
  )

const PLACES_OF_PARAMETERS = ["path", "query", "header"]

/** First those of the path. A list in a query stands in one value, its entries with commas between them. */
function orderParameters(operation: Operation): void {
  const rank = (parameter: Parameter) => PLACES_OF_PARAMETERS.indexOf(parameter.in)
  operation.parameters?.sort((a, b) => rank(a) - rank(b))
  for (const parameter of operation.parameters ?? []) {
    if (parameter.schema.type === "array") Object.assign(parameter, { style: "form", explode: false })
  }
}
