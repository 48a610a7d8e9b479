/** An HTTP/1.1 client that writes what it is told, many requests at once on one connection, as no library does. */

export type RawRequest = { method: string; path: string; headers?: Record<string, string>; body?: Uint8Array }
export type RawAnswer = { status: number; headers: Map<string, string>; body: Buffer }

export type Pipeline = {
  /** Resolves with the answer; undefined if the connection ended before it. Answers come in the order asked. */
  ask(request: RawRequest): Promise<RawAnswer | undefined>
  readonly isOpen: boolean
  close(): void
}

/** Answers that never end; their head is enough, and their connection is of no further use. */
const STREAM = /event-stream|ndjson/

type Asked = { method: string; answer: (answer: RawAnswer | undefined) => void }

export async function openPipeline({ url }: { url: string }, from?: string): Promise<Pipeline> {
  const { hostname, port } = new URL(url)
  const asked: Asked[] = []
  let received: Buffer = Buffer.alloc(0)
  let open = true

  function read(): void {
    for (let first = asked[0]; first; first = asked[0]) {
      const found = readAnswer(received, first.method)
      if (!found) return
      asked.shift()
      received = received.subarray(found.length)
      first.answer(found.answer)
      if (STREAM.test(found.answer.headers.get("content-type") ?? "")) return void socket.terminate()
    }
  }
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    ...(from !== undefined && { localAddress: from }),
    socket: {
      data(_socket, chunk) {
        received = Buffer.concat([received, chunk])
        read()
      },
      close() {
        open = false
        for (const { answer } of asked.splice(0)) answer(undefined)
      },
      error: () => {},
    },
  })
  return {
    ask: (request) =>
      new Promise((answer) => {
        if (!open) return answer(undefined)
        asked.push({ method: request.method, answer })
        socket.write(written(request))
      }),
    get isOpen() {
      return open
    },
    close: () => void socket.terminate(),
  }
}

export function written({ method, path, headers = {}, body }: RawRequest): Buffer {
  const lines = Object.entries({ Host: "localhost", ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const length = body ? `Content-Length: ${body.length}\r\n` : ""
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}${length}\r\n`, "latin1")
  return body ? Buffer.concat([head, body]) : head
}

/** RFC 9112 section 6.3 */
function readAnswer(bytes: Buffer, method: string): { answer: RawAnswer; length: number } | undefined {
  const end = bytes.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n")
  const status = Number(/^HTTP\/1\.1 (\d{3})( |$)/.exec(first)?.[1] ?? Number.NaN)
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  const start = end + 4
  const bodyless = method === "HEAD" || status < 200 || status === 204 || status === 304
  const rest = bytes.subarray(start)
  const found = bodyless ? { body: Buffer.alloc(0), length: 0 } : readBody(rest, headers)
  return found && { answer: { status, headers, body: found.body }, length: start + found.length }
}

function readBody(bytes: Buffer, headers: Map<string, string>): { body: Buffer; length: number } | undefined {
  if (STREAM.test(headers.get("content-type") ?? "")) return { body: Buffer.alloc(0), length: 0 }
  if (headers.get("transfer-encoding") === "chunked") return readChunks(bytes)
  const length = Number(headers.get("content-length") ?? 0)
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length), length }
}

function readChunks(bytes: Buffer): { body: Buffer; length: number } | undefined {
  const parts: Buffer[] = []
  for (let at = 0; ; ) {
    const line = bytes.indexOf("\r\n", at)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.toString("latin1", at, line), 16)
    const end = line + 2 + size + 2
    if (bytes.length < end) return undefined
    if (size === 0) return { body: Buffer.concat(parts), length: end }
    parts.push(bytes.subarray(line + 2, end - 2))
    at = end
  }
}
