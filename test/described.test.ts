/** The check against the OpenAPI document notices what it is there for. */
import { expect, test } from "bun:test"
import { routes } from "../src/describe/documents.ts"
import { session } from "../src/describe/examples.ts"
import { openApi } from "../src/describe/openapi.ts"
import { createDescribed } from "./support/described.ts"
import type { Exchange } from "./support/exchanges.ts"

const described = createDescribed(await openApi(routes(), "1.2.3"))
const JSON_TYPE = "application/json"

const exchange = (more: Partial<Exchange> = {}, type = JSON_TYPE): Exchange => ({
  method: "POST",
  path: "/api/sessions",
  sent: { "Content-Type": JSON_TYPE },
  payload: '{"notes":"Friday"}',
  status: 201,
  headers: new Headers({ "content-type": type }),
  text: JSON.stringify(session),
  ...more,
})

test("what is described passes, with its query, with a slash at its end, and as the head of it", () => {
  expect(described.faults(exchange())).toEqual([])
  const read = { method: "GET", path: "/api/sessions/17/?x=1", status: 200 }
  expect(described.faults(exchange(read))).toEqual([])
  expect(described.faults(exchange({ ...read, method: "HEAD", text: "" }))).toEqual([])
  expect(described.unseen()).not.toContain("GET /api/sessions/{id} 200")
  expect(described.unseen()).toContain("GET /api/sessions/{id} 404")
})

test.each<[string, Exchange, string]>([
  ["a status", exchange({ status: 202 }), "has no such status"],
  ["a media type", exchange({}, "text/html"), "does not know text/html there"],
  [
    "a body where there is none",
    exchange({ method: "DELETE", path: "/api/tokens/x", status: 204 }),
    "has no body",
  ],
  [
    "a member too much",
    exchange({ text: JSON.stringify({ ...session, secret: 1 }) }),
    "additional properties",
  ],
  [
    "a member of another type",
    exchange({ text: JSON.stringify({ ...session, id: "17" }) }),
    "must be integer",
  ],
  ["a member too few", exchange({ text: "{}" }), "must have required property"],
  [
    "a code that the route does not give",
    exchange(
      {
        status: 409,
        text: '{"type":"about:blank","title":"Conflict","status":409,"detail":"","code":"duplicate_vote","error":""}',
      },
      "application/problem+json",
    ),
    "must be equal to one of the allowed values",
  ],
  ["a body that was taken", exchange({ payload: '{"notes":5}' }), 'of {"notes":5}'],
  [
    "a type of body that was taken",
    exchange({ sent: { "content-type": "text/plain" } }),
    "takes no text/plain",
  ],
  [
    "a query that was taken",
    exchange({ method: "GET", path: "/api/votes?limit=0", status: 200 }),
    "takes no limit=0",
  ],
  ["an empty body that was taken", exchange({ path: "/api/tokens", payload: "" }), "takes no empty body"],
])("%s that the document does not know is a fault", (_what, wrong, said) => {
  expect(described.faults(wrong).join()).toContain(said)
})
