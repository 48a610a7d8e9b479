/** gamenight on Node 22.14 or later, for machines that Bun has no build for. */
import { hash } from "node:crypto"
import { existsSync, readFileSync, statSync } from "node:fs"
import { createServer, IncomingMessage, type Server, ServerResponse } from "node:http"
import type { Socket as NetSocket } from "node:net"
import type { Duplex } from "node:stream"
import { getRequestListener } from "@hono/node-server"
import { createNodeWebSocket } from "@hono/node-ws"
import SqliteDatabase from "better-sqlite3"
import { Hono } from "hono/tiny"
import type { WebSocket } from "ws"
import type { Socket, SocketHandlers } from "../live-connection.ts"
import { LIMITS } from "../protocol.ts"
import type { RawDatabase } from "../store/folder.ts"
import { type Host, type ListenOptions, type Place, type RequestEnv, STOP_WITHIN_MS } from "./host.ts"
import { runOnNode } from "./node-command.ts"
import { portError } from "./port-error.ts"
import { keepPrepared } from "./prepared.ts"

/** What `upgrade` needs beside the request; `head` is there when Node handed the connection out with it. */
type Env = RequestEnv & { incoming: IncomingMessage; outgoing: ServerResponse; head: Buffer | undefined }
type Topics = Map<string, Set<WebSocket>>

/** Times in milliseconds after which a request that does not come to its end is cut, 15 s with the interval at most. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 13_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
}

/** A connection on which nothing moves for so long is cut; a stream of events gives a sign of life more often. */
const STILL_MS = 20_000

/** How often connections that fell idle are closed during a stop. */
const IDLE_CHECK_MS = 20

export function createNodeHost(): Host {
  const topics: Topics = new Map()
  // Its listener for upgrades is left out: it ends the process on a path like `//` (1.3.1) and answers a refusal
  // without a body.
  const { wss: sockets } = createNodeWebSocket({ app: new Hono() })
  sockets.options.maxPayload = LIMITS.frameBytes

  return {
    openDatabase,
    digest: (text) => hash("sha256", text, "base64url"),
    files: {
      size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
      changedAt: (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0,
      mode: async (path) => statSync(path).mode & 0o777,
      read: async (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
    },
    upgrade: (handlers) => (_request, env) => {
      const { incoming, outgoing, head, address } = env as Env
      if (!head) return undefined
      outgoing.detachSocket(incoming.socket)
      sockets.handleUpgrade(incoming, incoming.socket, head, (ws) => connect(ws, handlers, topics, address))
      return new Response(null, { headers: { "X-Hono-Already-Sent": "true" } })
    },
    command: runOnNode,
    publish(topic, frame) {
      const bytes = Buffer.from(frame)
      for (const ws of topics.get(topic) ?? []) sendOrCut(ws, bytes)
    },
    async listen(options) {
      const server = serverFor(options)
      await listening(server, options)
      const address = server.address()
      return {
        port: typeof address === "object" && address ? address.port : options.port,
        stop: () => stop(server),
      }
    },
    started() {},
  }
}

/** Node hands out the connection of whoever offers any other protocol; all but WebSocket is answered as it is. */
class Incoming extends IncomingMessage {
  declare offered: boolean | null
  get upgrade(): boolean {
    if (!this.offered || this.method === "CONNECT") return Boolean(this.offered)
    return this.method === "GET" && this.headers.upgrade?.toLowerCase() === "websocket"
  }
  set upgrade(offered: boolean | null) {
    this.offered = offered
  }
}

function serverFor({ fetch }: ListenOptions): Server {
  const heads = new WeakMap<IncomingMessage, Buffer>()
  const answer = getRequestListener((request, { incoming, outgoing }) => {
    const { remoteAddress = "" } = incoming.socket
    // Node limits how long a request may take, never its answer.
    const env = {
      address: remoteAddress,
      untimed() {},
      incoming,
      outgoing,
      head: heads.get(incoming as Incoming),
    }
    return fetch(request, env)
  })
  const server = createServer({ ...TIMEOUTS, IncomingMessage: Incoming }, (incoming, outgoing) => {
    // What is no URL with its Host @hono/node-server answers by itself; the application reads the Host as it came.
    incoming.headers.host = "localhost"
    incoming.url = pathIn(incoming.url ?? "")
    void answer(incoming, outgoing)
  })
  server.setTimeout(STILL_MS)
  server.on("upgrade", (incoming: Incoming, socket: NetSocket, head: Buffer) => {
    socket.on("error", () => socket.destroy())
    heads.set(incoming, head)
    const outgoing = responseOver(incoming, socket)
    if (outgoing) server.emit("request", incoming, outgoing)
    else socket.destroy()
  })
  return server
}

function listening(server: Server, { port, hostname }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(portError(error, hostname, port)))
    server.listen(port, hostname, resolve)
  })
}

/** The path and the query that were asked for; "/" where they are no URL, as on Bun. */
function pathIn(url: string): string {
  const whole = url.startsWith("/") ? `http://localhost${url}` : url
  if (!URL.canParse(whole)) return "/"
  const { pathname, search } = new URL(whole)
  return pathname + search
}

/** A response on a connection that Node handed out. Undefined while another one is still being sent on it. */
function responseOver(incoming: IncomingMessage, socket: NetSocket): ServerResponse | undefined {
  const outgoing = new ServerResponse(incoming)
  outgoing.shouldKeepAlive = false
  outgoing.on("finish", () => socket.end())
  try {
    outgoing.assignSocket(socket)
  } catch {
    return undefined
  }
  socket.on("drain", () => outgoing.emit("drain"))
  return outgoing
}

async function stop(server: Server): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  // A connection whose answer ends now would stay open for its keep-alive.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
  const deadline = setTimeout(() => {
    server.closeAllConnections()
    // Not among them are connections in the middle of a handshake, and nothing waits for those.
    resolve()
  }, STOP_WITHIN_MS)
  await closed
  clearInterval(idle)
  clearTimeout(deadline)
}

function connect(ws: WebSocket, handlers: SocketHandlers, topics: Topics, address: string): void {
  const connection = handlers.open(
    portOver(ws, topics, () => handlers.drained(connection)),
    address,
  )
  ws.on("message", (data, isBinary) =>
    handlers.message(connection, isBinary ? new Uint8Array(0) : data.toString()),
  )
  ws.on("ping", () => handlers.seen(connection))
  ws.on("pong", () => handlers.seen(connection))
  // What went wrong is in the close that follows.
  ws.on("error", () => {})
  ws.on("close", () => {
    for (const topic of [...topics.keys()]) leave(topics, topic, ws)
    handlers.closed(connection)
  })
}

/** The connection under a socket, which `ws` keeps to itself. */
const streamOf = (ws: WebSocket): Duplex => (ws as unknown as { _socket: Duplex })._socket

function portOver(ws: WebSocket, topics: Topics, onDrained: () => void): Socket {
  // The stream tells of a drain only where it had asked its writer to wait.
  const onSent = () => {
    if (ws.bufferedAmount === 0) onDrained()
  }
  return {
    send: (frame) => sendOrCut(ws, Buffer.from(frame), onSent),
    getBufferedAmount: () => ws.bufferedAmount,
    cork(act) {
      streamOf(ws).cork()
      act()
      streamOf(ws).uncork()
    },
    ping: () => ws.ping(),
    subscribe(topic) {
      const followers = topics.get(topic)
      if (followers) followers.add(ws)
      else topics.set(topic, new Set([ws]))
    },
    unsubscribe: (topic) => leave(topics, topic, ws),
    close: (code, reason) => ws.close(code, reason),
    terminate: () => ws.terminate(),
  }
}

function leave(topics: Topics, topic: string, ws: WebSocket): void {
  const followers = topics.get(topic)
  followers?.delete(ws)
  if (followers?.size === 0) topics.delete(topic)
}

/** A reader that lets its buffer fill is cut, as Bun does by itself. Of a text Node would count the letters there. */
function sendOrCut(ws: WebSocket, frame: Buffer, onSent?: () => void): void {
  if (ws.bufferedAmount > LIMITS.writeBufferBytes) ws.terminate()
  else if (ws.readyState === ws.OPEN) ws.send(frame, { binary: false }, onSent)
}

function openDatabase(path: string, { readonly }: { readonly: boolean }): RawDatabase {
  const db = new SqliteDatabase(path, { readonly })
  const { prepare } = keepPrepared(
    (sql) => db.prepare(sql),
    () => {},
  )
  return {
    exec: (sql) => void db.exec(sql),
    close: () => void db.close(),
    prepare,
  }
}
