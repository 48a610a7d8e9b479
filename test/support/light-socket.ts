/** A WebSocket client of a few lines: thousands fit into one process, and what it writes need not be a frame. */
import { SOCKET_PATH } from "../../src/protocol.ts"
import { within } from "./server.ts"
import { openTcp } from "./tcp.ts"

export type LightSocket = {
  /** Sends these texts, a frame each, in one write. */
  send(...texts: string[]): void
  /** Writes bytes as they are. */
  write(bytes: Uint8Array | string): void
  /** The code of the close frame; 1006 if the connection ended without one. */
  closed: Promise<number>
  /** Says goodbye as the protocol asks. */
  close(): void
  /** Ends the connection with a reset instead of a goodbye. */
  reset(): void
  /** Reads no more until it is told to go on. */
  pause(): void
  resume(): void
}

export type LightOptions = {
  onText?: (text: string) => void
  /** The address to call from, such as 127.0.0.2. */
  from?: string
}

export const HANDSHAKE = [
  `GET ${SOCKET_PATH} HTTP/1.1`,
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "",
  "",
].join("\r\n")

/** Resolves once the handshake is through; rejects when the service does not take it. */
export async function openLight(
  { url }: { url: string },
  { onText = () => {}, from }: LightOptions = {},
): Promise<LightSocket> {
  const { promise: closed, resolve: end } = Promise.withResolvers<number>()
  const opened = Promise.withResolvers<void>()
  let head = Buffer.alloc(0)
  let open = false
  let code = 1006
  const read = createFrameReader((opcode, payload) => {
    if (opcode === OPCODE.text) onText(payload.toString("utf8"))
    if (opcode === OPCODE.ping) socket.write(frame(OPCODE.pong, payload))
    if (opcode !== OPCODE.close) return
    code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
    socket.write(frame(OPCODE.close, payload))
    socket.end()
  })
  const handlers = {
    data(chunk: Buffer) {
      if (open) return read(chunk)
      head = Buffer.concat([head, chunk])
      const end = head.indexOf("\r\n\r\n")
      if (end < 0) return
      if (!head.toString("latin1").startsWith("HTTP/1.1 101 ")) {
        return opened.reject(new Error(`Cannot open a socket: ${head.toString("latin1", 0, 80)}`))
      }
      open = true
      opened.resolve()
      read(head.subarray(end + 4))
    },
    closed() {
      opened.reject(new Error("Cannot open a socket: the connection ended"))
      end(code)
    },
  }
  const socket = await openTcp(url, handlers, from)
  socket.write(HANDSHAKE)
  await within("the answer to a handshake", (done) => void opened.promise.then(done, done), 20_000)
  await opened.promise
  return {
    send: (...texts) =>
      socket.write(Buffer.concat(texts.map((text) => frame(OPCODE.text, Buffer.from(text))))),
    write: socket.write,
    closed,
    close: () => socket.write(frame(OPCODE.close, Buffer.from([0x03, 0xe8]))),
    reset: socket.reset,
    pause: socket.pause,
    resume: socket.resume,
  }
}

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** RFC 6455 section 5.2: a whole frame, masked with zeros. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const head = Buffer.alloc(length < 126 ? 6 : length < 65_536 ? 8 : 14)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127)
  if (head.length === 8) head.writeUInt16BE(length, 2)
  if (head.length === 14) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

/** Takes what comes from a service, which neither masks nor splits, and gives it on frame by frame. */
function createFrameReader(onFrame: (opcode: number, payload: Buffer) => void): (chunk: Uint8Array) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let at = 0
    while (at + 2 <= rest.length) {
      const short = (rest[at + 1] ?? 0) & 0x7f
      const head = short < 126 ? 2 : short === 126 ? 4 : 10
      if (at + head > rest.length) break
      const length =
        head === 2 ? short : head === 4 ? rest.readUInt16BE(at + 2) : Number(rest.readBigUInt64BE(at + 2))
      if (at + head + length > rest.length) break
      onFrame((rest[at] ?? 0) & 0x0f, rest.subarray(at + head, at + head + length))
      at += head + length
    }
    rest = rest.subarray(at)
  }
}
