/** Holds exchanges against the OpenAPI document: route, status, media type and body must be as it says. */
import Ajv, { type ValidateFunction } from "ajv/dist/2020"
import { type MediaType, type OpenApi, type Operation, operationsOf } from "../../src/describe/openapi.ts"
import type { Exchange } from "./exchanges.ts"

export type Described = {
  /** What of an exchange the document does not know; one line each. */
  faults(exchange: Exchange): string[]
  /** Pairs of a route and a status, such as `GET /api/sessions 200`, that the document has and nobody has seen. */
  unseen(): string[]
}

type Responses = Operation["responses"]
type Route = { method: string; steps: string[]; route: string; operation: Operation }

export function createDescribed(document: OpenApi): Described {
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false })
  ajv.addSchema({ ...document, $id: "openapi" })
  const shared = (document.components?.responses ?? {}) as Responses
  const routes = operationsOf(document).map(({ route, operation }): Route => {
    const [method = "", path = ""] = route.split(" ")
    return { method, steps: path.split("/"), route, operation }
  })
  const responseOf = ({ operation }: Route, status: number) => {
    const response = operation.responses[status]
    return response?.$ref === undefined ? response : shared[response.$ref.split("/").at(-1) ?? ""]
  }
  const pairs = routes.flatMap(({ route, operation }) =>
    Object.keys(operation.responses).map((status) => `${route} ${status}`),
  )
  const seen = new Set<string>()

  const compiled = new Map<object, ValidateFunction>()

  function validatorOf(schema: object): ValidateFunction {
    const known = compiled.get(schema) ?? ajv.compile(rooted(schema))
    compiled.set(schema, known)
    return known
  }

  function misfits({ schema }: MediaType, text: string): string[] {
    const validate = validatorOf(schema)
    if (validate(JSON.parse(text))) return []
    return [`says ${ajv.errorsText(validate.errors)} of ${text.slice(0, 300)}`]
  }

  /** A number in a query is text there, and a list has commas. */
  function wrongQuery({ operation: { parameters = [] } }: Route, { path, status }: Exchange): string[] {
    const given = new URLSearchParams(path.split("?")[1])
    return parameters.flatMap(({ in: place, name, schema }) => {
      const value = place === "query" && status < 300 ? given.get(name) : null
      if (value === null) return []
      const meant = [value, Number(value), value.split(",")]
      return meant.some((one) => validatorOf(schema)(one)) ? [] : [`takes no ${name}=${value}`]
    })
  }

  function wrongAnswer(route: Route, { method, status, headers, text }: Exchange): string[] {
    const response = responseOf(route, status)
    if (!response) return ["has no such status"]
    const { content } = response
    const type = essence(headers.get("content-type"))
    if (method === "HEAD" || text === undefined) return []
    if (!content) return text === "" ? [] : ["has no body there"]
    const media = content[type]
    if (!media) return [`does not know ${type} there`]
    return isJson(type) ? misfits(media, text) : []
  }

  function wrongRequest({ operation: { requestBody } }: Route, exchange: Exchange): string[] {
    const { sent = {}, payload, status } = exchange
    if (!requestBody || status >= 300) return []
    if (payload === undefined || payload.length === 0)
      return requestBody.required ? ["takes no empty body"] : []
    const type = essence(Object.entries(sent).find(([name]) => name.toLowerCase() === "content-type")?.[1])
    const media = requestBody.content[isJson(type) ? "application/json" : type]
    if (!media) return [`takes no ${type}`]
    return isJson(type)
      ? misfits(media, typeof payload === "string" ? payload : Buffer.from(payload).toString())
      : []
  }

  return {
    faults(exchange) {
      const { method, path, status, headers } = exchange
      // What is not HTTP for the runtime never reaches the program.
      if ((status === 400 || status === 505) && !headers.has("content-type")) return []
      const route = routeOf(routes, method, path)
      if (!route) return []
      seen.add(`${route.route} ${status}`)
      const wrong = [
        ...wrongAnswer(route, exchange),
        ...wrongRequest(route, exchange),
        ...wrongQuery(route, exchange),
      ]
      return wrong.map((what) => `${route.route} ${status}: the document ${what}`)
    },
    unseen: () => pairs.filter((pair) => !seen.has(pair)),
  }
}

/** Named schemas are looked up where the document has them. */
const rooted = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/'))

const essence = (type: string | null | undefined): string => type?.split(";")[0]?.trim().toLowerCase() ?? ""

const isJson = (type: string): boolean => /^application\/([\w.+-]+\+)?json$/.test(type)

/** One without places goes before one with them; HEAD is described by its GET. */
function routeOf(routes: readonly Route[], method: string, path: string): Route | undefined {
  const given = (path.split("?")[0] ?? "").replace(/([^/])\/$/, "$1").split("/")
  const fitting = routes.filter(
    ({ method: known, steps }) =>
      known === (method === "HEAD" ? "GET" : method) &&
      steps.length === given.length &&
      steps.every((step, at) => (step.startsWith("{") ? given[at] !== "" : step === given[at])),
  )
  return fitting.find(({ steps }) => !steps.some((step) => step.startsWith("{"))) ?? fitting[0]
}
