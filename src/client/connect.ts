/** A small client of the live socket: connect, authenticate, subscribe. It runs wherever `WebSocket` exists. */
import type { OutgoingMessage } from "../protocol.ts"
import type { ServerMessage } from "../server-messages.ts"

export type LiveClient = {
  /** The next message of the server. Rejects with `ConnectionClosed` once the socket is closed. */
  next(): Promise<ServerMessage>
  send(message: OutgoingMessage): void
  close(): void
}

/** The socket closed; `code` is its close code (RFC 6455 section 7.4), 1006 if there was none. */
export class ConnectionClosed extends Error {
  override name = "ConnectionClosed"
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string) {
    super(reason ? `Connection closed: ${reason} (code ${code})` : `Connection closed (code ${code})`)
    this.code = code
    this.reason = reason
  }
}

/** Opens the socket at `url`. Rejects with `ConnectionClosed` if nobody answers there. */
export function connect(url: string): Promise<LiveClient> {
  const socket = new WebSocket(url)
  const received: ServerMessage[] = []
  let reader: { resolve(message: ServerMessage): void; reject(error: ConnectionClosed): void } | undefined
  let closed: ConnectionClosed | undefined

  const client: LiveClient = {
    next() {
      const message = received.shift()
      if (message) return Promise.resolve(message)
      if (closed) return Promise.reject(closed)
      return new Promise((resolve, reject) => {
        reader = { resolve, reject }
      })
    },
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  }

  const end = (why: ConnectionClosed): ConnectionClosed => {
    closed ??= why
    reader?.reject(closed)
    reader = undefined
    return closed
  }

  socket.addEventListener("message", ({ data }) => {
    const message = messageIn(data)
    if (!message) {
      end(new ConnectionClosed(1002, "the server sent something that is no message"))
      return socket.close()
    }
    if (reader) reader.resolve(message)
    else received.push(message)
    reader = undefined
  })
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(client))
    socket.addEventListener("close", ({ code, reason }) => reject(end(new ConnectionClosed(code, reason))))
  })
}

/** Any object with a type: a server may be newer than this client. */
function messageIn(data: unknown): ServerMessage | undefined {
  try {
    const json: unknown = JSON.parse(String(data))
    const typed = typeof json === "object" && json !== null && typeof Reflect.get(json, "type") === "string"
    return typed ? (json as ServerMessage) : undefined
  } catch {
    return undefined
  }
}
