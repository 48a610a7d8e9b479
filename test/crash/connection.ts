/** A keep-alive HTTP connection that sends every request exactly once: `fetch` may send a lost one again by itself. */
import { connect, type Socket } from "node:net"
import type { Body } from "../support/api.ts"

export type Reply = { status: number; body: Body }

export type Connection = {
  /** One request at a time. Undefined when the connection was lost before the whole answer came. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply | undefined>
  close(): void
}

/** A connection to a server that is gone gives no answers, and does not throw. */
export async function openConnection(url: string, token: string): Promise<Connection> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  let lost = false
  let received: Buffer = Buffer.alloc(0)
  let wake = () => {}
  socket.on("data", (data: Buffer) => {
    received = received.length === 0 ? data : Buffer.concat([received, data])
    wake()
  })
  const lose = () => {
    lost = true
    wake()
  }
  socket.on("error", lose).on("close", lose)
  socket.setNoDelay(true)
  await opened(socket)

  return {
    async call(method, path, body, headers = {}) {
      if (lost) return undefined
      const text = body === undefined ? "" : JSON.stringify(body)
      const fields = { Host: host, Authorization: `Bearer ${token}`, ...headers, ...sizeOf(text, body) }
      const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`)
      for (;;) {
        const answer = answerIn(received)
        if (answer) {
          received = received.subarray(answer.bytes)
          return answer
        }
        if (lost) return undefined
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    close: () => socket.destroy(),
  }
}

const opened = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once("connect", () => resolve()).once("close", () => resolve())
  })

const sizeOf = (text: string, body: unknown): Record<string, string> =>
  body === undefined
    ? { "Content-Length": "0" }
    : { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(text)) }

/** The whole answer at the beginning of `bytes`, if it is there; the service always says its length. */
function answerIn(bytes: Buffer): (Reply & { bytes: number }) | undefined {
  const end = bytes.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const head = bytes.toString("latin1", 0, end)
  const length = Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0)
  const whole = end + 4 + length
  if (bytes.length < whole) return undefined
  const text = bytes.toString("utf8", end + 4, whole)
  return { status: Number(head.slice(9, 12)), body: text ? JSON.parse(text) : undefined, bytes: whole }
}
