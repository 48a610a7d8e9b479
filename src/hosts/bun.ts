/** gamenight on Bun: its own SQLite, its HTTP server and its native WebSocket topics. */
import { Database, type SQLQueryBindings, type Statement } from "bun:sqlite"
import type { Server, WebSocketHandler } from "bun"
import type { Connection, SocketHandlers } from "../live-connection.ts"
import { LIMITS } from "../protocol.ts"
import type { RawDatabase } from "../store/folder.ts"
import { type Host, type Listening, type ListenOptions, type RequestEnv, STOP_WITHIN_MS } from "./host.ts"
import { portError } from "./port-error.ts"
import { keepPrepared } from "./prepared.ts"

/** What a socket carries: the address it comes from, then only what the hub keeps for it. */
type SocketState = string | Connection
/** The service listens before its hub is there. */
type CurrentHandlers = () => SocketHandlers | undefined

export function createBunHost(): Host {
  let server: Server<SocketState> | undefined
  let sockets: SocketHandlers | undefined
  /** Nobody is sent it, so that one serves all. */
  let taken: Response | undefined

  return {
    openDatabase,
    digest: (text) => Bun.SHA256.hash(text, "base64url"),
    files: {
      size: (path) => Bun.file(path).size,
      changedAt: (path) => Bun.file(path).lastModified,
      mode: async (path) => (await Bun.file(path).stat()).mode & 0o777,
      async read(path) {
        const file = Bun.file(path)
        // Anew, since Bun 1.4.5 reads a file whose size was asked for up to that, and those of /proc say 0.
        return file.size > 0 || (await file.exists()) ? Bun.file(path).text() : undefined
      },
    },
    upgrade(handlers) {
      sockets = handlers
      return (request, { address }) => {
        if (!server?.upgrade(request, { data: address })) return undefined
        taken ??= new Response(null)
        return taken
      }
    },
    async command(words, signal) {
      const self = Bun.isStandaloneExecutable ? [process.execPath] : [process.execPath, Bun.main]
      const { exited, stdout, stderr } = Bun.spawn([...self, ...words], {
        stdin: "ignore",
        stderr: "pipe",
        signal,
      })
      const [exitCode, said, complaint] = await Promise.all([exited, stdout.text(), stderr.text()])
      return { exitCode, stdout: said, stderr: complaint }
    },
    publish(topic, frame) {
      server?.publish(topic, frame)
    },
    async listen(options) {
      server = serve(options, () => sockets)
      return listening(server)
    },
    // Until now the executable compiled nothing, see build.ts.
    started: () => Bun.unsafe.setJITPolicy(1),
  }
}

function serve(options: ListenOptions, sockets: CurrentHandlers): Server<SocketState> {
  const { port, hostname, fetch } = options
  try {
    return Bun.serve<SocketState>({
      port,
      hostname,
      development: false,
      // Without development mode Bun shares the port with any other server unless told otherwise.
      reusePort: false,
      // The application refuses large bodies itself and says so; Bun would send 413 and nothing else.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request, server) => {
        const env: RequestEnv = {
          // A call of the system, and most requests do not need it.
          get address() {
            return server.requestIP(request)?.address ?? ""
          },
          untimed: () => server.timeout(request, 0),
        }
        return fetch(request, env)
      },
      error: () => new Response("Internal error", { status: 500 }),
      websocket: webSocket(sockets),
    })
  } catch (error) {
    throw portError(error, hostname, port)
  }
}

const isOpen = (state: SocketState): state is Connection => typeof state !== "string"

function webSocket(sockets: CurrentHandlers): WebSocketHandler<SocketState> {
  const seen = (data: SocketState) => {
    if (isOpen(data)) sockets()?.seen(data)
  }
  return {
    data: {} as SocketState,
    maxPayloadLength: LIMITS.frameBytes,
    backpressureLimit: LIMITS.writeBufferBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: 0,
    sendPings: false,
    perMessageDeflate: false,
    open(ws) {
      const handlers = sockets()
      if (handlers && !isOpen(ws.data)) ws.data = handlers.open(ws, ws.data)
    },
    message({ data }, message) {
      if (isOpen(data)) sockets()?.message(data, message)
    },
    ping: ({ data }) => seen(data),
    pong: ({ data }) => seen(data),
    drain({ data }) {
      if (isOpen(data)) sockets()?.drained(data)
    },
    close({ data }) {
      if (isOpen(data)) sockets()?.closed(data)
    },
  }
}

function listening(server: Server<SocketState>): Listening {
  return {
    port: server.port ?? 0,
    async stop() {
      // Without force it waits for every request that is not answered yet.
      const deadline = setTimeout(() => server.stop(true), STOP_WITHIN_MS)
      await server.stop()
      clearTimeout(deadline)
    },
  }
}

function openDatabase(path: string, { readonly }: { readonly: boolean }): RawDatabase {
  const db = new Database(path, readonly ? { readonly, strict: true } : { create: true, strict: true })
  const { prepare, dropAll } = keepPrepared(
    (sql) => adapt(db.prepare<unknown, SQLQueryBindings[]>(sql)),
    (statement) => statement.finalize(),
  )
  return {
    exec: (sql) => db.exec(sql),
    // A connection with open statements stays half open, and its write-ahead log behind.
    close() {
      dropAll()
      db.close()
    },
    prepare,
  }
}

function adapt(statement: Statement<unknown, SQLQueryBindings[]>) {
  return {
    reader: statement.columnNames.length > 0,
    all: (parameters: readonly unknown[]) => statement.all(...(parameters as SQLQueryBindings[])),
    run: (parameters: readonly unknown[]) => statement.run(...(parameters as SQLQueryBindings[])),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as SQLQueryBindings[])),
    finalize: () => statement.finalize(),
  }
}
