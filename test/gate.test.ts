/** What stands around every route, where a handler or its answer breaks. */
import { expect, test } from "bun:test"
import { Hono } from "hono"
import { readConfig } from "../src/config.ts"
import type { Env } from "../src/http/context.ts"
import { createGate } from "../src/http/gate.ts"

const host = { headers: { host: "localhost" } }

function gated(handler: () => Response) {
  const logged: string[] = []
  const gate = createGate({ config: readConfig({}, {}, String), log: (line) => logged.push(line) })
  const app = new Hono<Env>().get("/", gate(handler))
  const ask = async (method: string) => {
    const answer = await app.request("/", { method, ...host })
    const length = answer.headers.get("content-length")
    return { status: answer.status, type: answer.headers.get("content-type"), length }
  }
  return { ask, logged }
}

const BROKEN = { status: 500, type: "application/problem+json", length: null }

test("what a handler throws is told to nobody but the log, even if it is no error", async () => {
  const { ask, logged } = gated(() => {
    throw "a text"
  })
  expect(await ask("GET")).toEqual(BROKEN)
  expect(await ask("HEAD")).toEqual({ ...BROKEN, length: expect.any(String) })
  expect(logged).toEqual(Array(2).fill("[HTTP] Internal error: a text"))
})

test("a file that says how long it is is not read for HEAD", async () => {
  let read = 0
  const { ask } = gated(() => {
    const body = new ReadableStream({ pull: () => void read++ }, { highWaterMark: 0 })
    return new Response(body, {
      headers: { "Content-Type": "application/vnd.sqlite3", "Content-Length": "9" },
    })
  })
  expect(await ask("HEAD")).toEqual({ status: 200, type: "application/vnd.sqlite3", length: "9" })
  expect(read).toBe(0)
})

test("an answer that breaks while its bytes are counted for HEAD is an internal error like any other", async () => {
  const { ask, logged } = gated(
    () =>
      new Response(
        new ReadableStream({
          pull() {
            throw new Error("The file is gone")
          },
        }),
      ),
  )
  expect(await ask("HEAD")).toEqual(BROKEN)
  expect(logged).toEqual([expect.stringContaining("The file is gone")])
})
