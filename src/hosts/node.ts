/** gamenight on Node 22.14 or later, for machines that Bun has no build for. */
import { hash } from "node:crypto"
import { EventEmitter } from "node:events"
import { existsSync, readFileSync, statSync } from "node:fs"
import type { IncomingMessage, Server } from "node:http"
import type { Duplex } from "node:stream"
import { type HttpBindings, serve } from "@hono/node-server"
import { createNodeWebSocket } from "@hono/node-ws"
import SqliteDatabase from "better-sqlite3"
import type { Hono } from "hono"
import type { WSContext } from "hono/ws"
import type { WebSocket } from "ws"
import type { Connection, Socket, SocketHandlers } from "../live-connection.ts"
import { LIMITS } from "../protocol.ts"
import type { RawDatabase } from "../store/folder.ts"
import { type Host, type ListenOptions, type RequestEnv, STOP_WITHIN_MS } from "./host.ts"
import { portError } from "./port-error.ts"
import { keepPrepared } from "./prepared.ts"

type FetchCallback = Parameters<typeof serve>[0]["fetch"]

/** Times in milliseconds after which a request that does not come to its end is cut. */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
}

/** How often connections that fell idle are closed during a stop. */
const IDLE_CHECK_MS = 20

// @hono/node-ws builds one when a socket fails, and Node has none.
Reflect.set(globalThis, "ErrorEvent", Reflect.get(globalThis, "ErrorEvent") ?? class extends Event {})

type Topics = Map<string, Set<WebSocket>>

export function createNodeHost(): Host {
  const topics: Topics = new Map()
  let listenOptions: ListenOptions | undefined
  const app = {
    request(url: URL, init: RequestInit, env: HttpBindings & RequestEnv) {
      if (!listenOptions) throw new Error("Cannot answer: the host does not listen yet")
      return listenOptions.fetch(new Request(String(url), init), Object.assign(env, envOf(env.incoming)))
    },
  }
  const sockets = createNodeWebSocket({ app: app as unknown as Hono })
  sockets.wss.options.maxPayload = LIMITS.frameBytes

  return {
    openDatabase,
    digest: (text) => hash("sha256", text, "base64url"),
    files: {
      size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
      mode: async (path) => statSync(path).mode & 0o777,
      read: async (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined),
    },
    upgrade: (handlers) => sockets.upgradeWebSocket((c) => socketEvents(handlers, topics, c.env.address)),
    publish(topic, frame) {
      for (const ws of topics.get(topic) ?? []) sendOrCut(ws, frame)
    },
    async listen(options) {
      listenOptions = options
      const server = await listen(options)
      guardUpgrades(server, sockets.injectWebSocket)
      const address = server.address()
      return {
        port: typeof address === "object" && address ? address.port : options.port,
        stop: () => stop(server),
      }
    },
  }
}

/** Node limits how long a request may take, never its answer. */
const envOf = ({ socket }: { socket: { remoteAddress?: string | undefined } }): RequestEnv => ({
  address: socket.remoteAddress ?? "",
  untimed() {},
})

function listen({ port, hostname, fetch }: ListenOptions): Promise<Server> {
  return new Promise((resolve, reject) => {
    const answer: FetchCallback = (request, { incoming }) => fetch(request, envOf(incoming))
    const server = serve({ port, hostname, fetch: answer, serverOptions: TIMEOUTS }, () =>
      resolve(server as Server),
    )
    server.once("error", (error) => reject(portError(error, hostname, port)))
  })
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

/**
 * Stands before the upgrade listener of @hono/node-ws 1.3.1, which ends the process on a path like `//` and on a
 * reset during the upgrade, and which never forgets a request whose handshake fails.
 */
function guardUpgrades(server: Server, inject: (server: Server) => void): void {
  const inner = new EventEmitter()
  inject(inner as unknown as Server)
  const upgrade = inner.listeners("upgrade")[0] as (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ) => Promise<void>
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy())
    if (!isHandshake(request)) {
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
      return
    }
    upgrade(request, socket, head).catch(() => socket.destroy())
  })
}

/** RFC 6455 section 4.2.1. */
function isHandshake({ url = "", method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    url.startsWith("/") &&
    URL.canParse(url, "http://localhost") &&
    URL.canParse(`http://${headers.host ?? ""}`) &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
    headers["sec-websocket-version"] === "13"
  )
}

function socketEvents(handlers: SocketHandlers, topics: Topics, address: string) {
  let connection: Connection | undefined
  return {
    onOpen(_event: Event, { raw }: WSContext<WebSocket>) {
      if (!raw) return
      const opened = handlers.open(
        portOver(raw, topics, () => handlers.drained(opened)),
        address,
      )
      connection = opened
      raw.on("ping", () => handlers.seen(opened))
      raw.on("pong", () => handlers.seen(opened))
      raw.on("close", () => {
        for (const topic of [...topics.keys()]) leave(topics, topic, raw)
      })
    },
    onMessage({ data }: MessageEvent) {
      if (connection) handlers.message(connection, typeof data === "string" ? data : new Uint8Array(0))
    },
    onClose() {
      if (connection) handlers.closed(connection)
    },
  }
}

/** The connection under a socket, which `ws` keeps to itself. */
const streamOf = (ws: WebSocket): Duplex => (ws as unknown as { _socket: Duplex })._socket

function portOver(ws: WebSocket, topics: Topics, onDrained: () => void): Socket {
  // The stream tells of a drain only where it had asked its writer to wait.
  const onSent = () => {
    if (ws.bufferedAmount === 0) onDrained()
  }
  return {
    send: (frame) => sendOrCut(ws, frame, onSent),
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

/** A reader that lets its buffer fill is cut, as Bun does by itself. */
function sendOrCut(ws: WebSocket, frame: string, onSent?: () => void): void {
  if (ws.bufferedAmount > LIMITS.writeBufferBytes) ws.terminate()
  else if (ws.readyState === ws.OPEN) ws.send(frame, onSent)
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
