/** The descriptions are whole and true: every route and message, valid documents, examples that are what they show. */
import { beforeAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { Validator } from "@seriousme/openapi-schema-validator"
import Ajv from "ajv"
import Ajv2020 from "ajv/dist/2020"
import { type AsyncApi, asyncApi } from "../src/describe/asyncapi.ts"
import { documents, routes } from "../src/describe/documents.ts"
import { DESCRIPTIONS, type OpenApi, openApi, operationsOf } from "../src/describe/openapi.ts"
import type { Schema } from "../src/describe/page-schemas.ts"
import { TAGS } from "../src/describe/parts.ts"
import { clientMessage } from "../src/protocol.ts"
import { event, serverMessage } from "../src/server-messages.ts"

let http: OpenApi
let socket: AsyncApi
beforeAll(async () => {
  http = plain(await openApi(routes(), "1.2.3"))
  socket = plain(asyncApi("1.2.3"))
})

/** As it is when it was written and read. */
const plain = <T>(document: T): T => JSON.parse(JSON.stringify(document))

const schemaOf = (document: OpenApi, route: string): Schema => {
  const body = operationsOf(document).find((one) => one.route === route)?.operation.requestBody
  return body?.content["application/json"]?.schema ?? {}
}

/** References inside of a document that lead nowhere. */
function dangling(document: object): string[] {
  const found = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? "")
  const at = (path: string) =>
    path
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<unknown>((value, step) => Reflect.get(Object(value), step), document)
  expect(found.length).toBeGreaterThan(10)
  return found.filter((path) => at(path) === undefined)
}

describe("the OpenAPI document", () => {
  test("describes every route, and no other", () => {
    const known = routes().map(([method, path]) => `${method} ${path}`)
    expect(Object.keys(DESCRIPTIONS).sort()).toEqual(known.sort())
    expect(operationsOf(http).length).toBe(known.length)
  })

  test("is valid, and its references lead somewhere", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(http))
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(http.info.version).toBe("1.2.3")
    expect(dangling(http)).toEqual([])
  })

  test("names each operation once, by a verb, and under a tag that is explained", () => {
    const operations = operationsOf(http).map(({ operation }) => operation)
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+\.[a-z][A-Za-z]+$/)
    const used = new Set(operations.flatMap(({ tags }) => tags))
    expect([...used].sort()).toEqual(Object.keys(TAGS).sort())
  })

  test("has examples that are what they show", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ ...http, $id: "openapi" })
    const contents = operationsOf(http).flatMap(({ route, operation }) => [
      { route, content: operation.requestBody?.content ?? {} },
      ...Object.values(operation.responses).map(({ content = {} }) => ({ route, content })),
    ])
    let count = 0
    for (const { route, content } of contents) {
      for (const { schema, example } of Object.values(content)) {
        if (example === undefined) continue
        count++
        const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi#/'))
        const valid = ajv.validate(rooted, example)
        expect({ route, valid, errors: ajv.errors }).toEqual({ route, valid: true, errors: null })
      }
    }
    expect(count).toBeGreaterThan(60)
  })

  test("shows a request as it is sent, not as it is read", () => {
    const parameter = (route: string, name: string) =>
      operationsOf(http)
        .find((one) => one.route === route)
        ?.operation.parameters?.find((one) => one.name === name)
    expect(parameter("GET /api/votes", "limit")?.schema).toEqual({
      type: "integer",
      minimum: 1,
      maximum: 100,
      default: 50,
    })
    expect(parameter("GET /api/events", "types")).toMatchObject({
      style: "form",
      explode: false,
      schema: { type: "array" },
    })
  })

  test("shows what a body may hold, and says in words what no keyword does", () => {
    const { properties } = schemaOf(http, "POST /api/votes/live")
    expect(properties?.timestamp?.anyOf).toEqual([
      { type: "string", format: "date-time", description: expect.stringContaining("ISO 8601") },
      { type: "null" },
    ])
    expect(schemaOf(http, "POST /api/games").properties?.packs).toMatchObject({
      type: "array",
      minItems: 1,
      maxItems: 20,
    })
  })
})

describe("the AsyncAPI document", () => {
  test("is valid by the schema of AsyncAPI, and its references lead somewhere", async () => {
    const path = join(import.meta.dir, "../node_modules/@asyncapi/specs/schemas/3.0.0.json")
    // The schema brings its own copy of the one that it is written in.
    const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false })
    const validate = ajv.compile(await Bun.file(path).json())
    expect({ valid: validate(socket), errors: validate.errors }).toEqual({ valid: true, errors: null })
    expect(validate({ ...socket, operations: { one: { action: "shout" } } })).toBeFalse()
    expect(dangling(socket)).toEqual([])
  })

  test("has every message of the protocol, each with an example that is one", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    const messages = Object.values(socket.components.messages)
    expect(messages.length).toBe(clientMessage.options.length + serverMessage.options.length)
    for (const { title, summary, payload, examples } of messages) {
      expect({ title, summary }).toEqual({ title, summary: expect.stringMatching(/\.$/) })
      expect({ title, count: examples.length }).not.toEqual({ title, count: 0 })
      for (const example of examples) {
        const valid = ajv.validate(payload, example.payload)
        expect({ title, valid, errors: ajv.errors }).toEqual({ title, valid: true, errors: null })
      }
    }
  })

  test("says who sends what, and where an event goes", () => {
    const { operations } = socket
    expect(operations["live.auth"]).toMatchObject({ action: "receive" })
    const topics = Object.entries(operations).flatMap(([name, { action, tags }]) =>
      action === "send" ? [[name, tags?.[0]?.name]] : [],
    )
    const heardByAll = topics.filter(([, topic]) => topic === "everyone").map(([name]) => name)
    expect(heardByAll).toEqual(["live.session.started"])
    expect(topics).toContainEqual(["live.game.added", "session/{sessionId}"])
    expect(topics.length).toBe(event.options.length)
  })
})

describe("the page", () => {
  const pageAt = async (path: string) =>
    String((await documents("1.2.3")).find((one) => one.path === path)?.content)

  test("has a place for every operation and message, and no link that leads nowhere", async () => {
    const page = await pageAt("/docs")
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => String(id))
    expect(new Set(ids).size).toBe(ids.length)
    for (const { operation } of operationsOf(http)) expect(ids).toContain(operation.operationId)
    for (const name of Object.keys(socket.components.messages)) expect(ids).toContain(`message-${name}`)
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => String(id))
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
    expect(page).not.toMatch(/undefined|\[object|<script|https?:\/\/(?!localhost)/)
  })

  test("names each route in its contents as no other, and keeps them shut until a window has room", async () => {
    const [, contents = ""] =
      /<nav[^>]*><details><summary>(.*?)<\/details>/s.exec(await pageAt("/docs")) ?? []
    const names = [...contents.matchAll(/<li><a [^>]+>([^<]+)/g)].map(([, name]) => name)
    expect(names.length).toBe(operationsOf(http).length)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  test("is the same whenever it is built", async () => {
    expect(await documents("1.2.3")).toEqual(await documents("1.2.3"))
  })
})
