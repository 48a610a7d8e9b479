/** Sends bytes that no HTTP client would, and reads the one answer to them. */
import { connect } from "node:net"
import type { Answer } from "./api.ts"
import { tellExchange } from "./exchanges.ts"
import { type TestServer, within } from "./server.ts"

/** Throws when the connection ends without an answer. */
export async function sendRaw({ url }: Pick<TestServer, "url">, text: string): Promise<Answer> {
  const { hostname, port } = new URL(url)
  const what = JSON.stringify(text.slice(0, 200))
  const answer = await within<Answer | undefined>(`an answer to ${what}`, (done) => {
    let received = ""
    const socket = connect(Number(port), hostname, () => socket.write(text))
    socket.setEncoding("latin1")
    socket.on("data", (data) => {
      received += data
      const whole = answerIn(received, text.startsWith("HEAD "), false)
      if (whole) done(whole)
      if (whole) socket.destroy()
    })
    socket.on("error", () => {})
    socket.on("close", () => done(answerIn(received, text.startsWith("HEAD "), true)))
  })
  if (!answer) throw new Error(`The connection ended without an answer to ${what}`)
  const [method = "", path = ""] = text.split(" ", 2)
  if (path.startsWith("/")) tellExchange({ method, path, ...answer })
  return answer
}

/** Sends the body of a request once the server waits for it, and breaks the connection off before an answer comes. */
export async function breakOffAfter(
  { url }: Pick<TestServer, "url">,
  { head, body }: { head: readonly string[]; body: string },
): Promise<void> {
  const { hostname, port } = new URL(url)
  const lines = [...head, "Host: localhost", "Expect: 100-continue", `Content-Length: ${body.length}`]
  await within<void>(`the end of ${head[0]}`, (done) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join("\r\n")}\r\n\r\n`))
    socket.on("data", async () => {
      // What answers this has begun with the request before.
      await fetch(`${url}/health`)
      socket.write(body, () => socket.resetAndDestroy())
    })
    socket.on("error", () => {})
    socket.on("close", () => done())
  })
}

/** RFC 9112 section 6.3: where the body ends. */
function answerIn(received: string, toHead: boolean, ended: boolean): Answer | undefined {
  const end = received.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const [first = "", ...lines] = received.slice(0, end).split("\r\n")
  const headers = new Headers(lines.map((line) => line.split(/:\s*/, 2) as [string, string]))
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  const rest = received.slice(end + 4)
  const chunked = headers.get("transfer-encoding") === "chunked"
  const bodiless = toHead || status === 101 || status === 204 || status === 304
  const length = bodiless ? 0 : Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY)
  const whole = chunked && !bodiless ? rest.endsWith("0\r\n\r\n") : rest.length >= length
  if (!whole && !ended) return undefined
  const text = chunked ? rest.replace(/0\r\n\r\n$/, "") : rest.slice(0, length)
  const body = headers.get("content-type")?.includes("json") && text !== "" ? JSON.parse(text) : text
  return { status, headers, text, body }
}
