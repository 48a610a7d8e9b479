/** A WebSocket client that writes many messages in one piece, which no library does on demand. */
import { connect } from "node:net"
import { HANDSHAKE } from "./light-socket.ts"
import { type TestServer, within } from "./server.ts"

/** Opens a socket, sends the messages in one write and gives the close frame that follows. */
export function sendAtOnce(
  { url }: Pick<TestServer, "url">,
  messages: readonly object[],
): Promise<{ code: number; reason: string }> {
  const { hostname, port } = new URL(url)
  return within("a close frame", (done) => {
    let received: Buffer = Buffer.alloc(0)
    const socket = connect(Number(port), hostname, () => socket.write(HANDSHAKE))
    let sent = false
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data])
      if (!sent && received.includes("\r\n\r\n")) {
        sent = true
        received = received.subarray(received.indexOf("\r\n\r\n") + 4)
        socket.write(Buffer.concat(messages.map(textFrame)))
      }
      const closing = sent ? closeFrameIn(received) : undefined
      if (!closing) return
      socket.destroy()
      done(closing)
    })
  })
}

/** RFC 6455 section 5.2: a whole text frame, masked with zeros. */
function textFrame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message))
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload])
}

/** RFC 6455 section 5.2: the whole frames at the beginning of what a server sent, and how many bytes they take. */
function framesIn(bytes: Buffer): { frames: { opcode: number; payload: Buffer }[]; length: number } {
  const frames: { opcode: number; payload: Buffer }[] = []
  let at = 0
  while (at + 2 <= bytes.length) {
    const short = (bytes[at + 1] ?? 0) & 0x7f
    const header = short === 126 ? 4 : short === 127 ? 10 : 2
    if (at + header > bytes.length) break
    const size =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? bytes.readUInt32BE(at + 6) : short
    if (at + header + size > bytes.length) break
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(at + header, at + header + size) })
    at += header + size
  }
  return { frames, length: at }
}

/** The close frame behind whatever short frames came before it. */
function closeFrameIn(bytes: Buffer): { code: number; reason: string } | undefined {
  const closing = framesIn(bytes).frames.find(({ opcode }) => opcode === 8)?.payload
  return closing && { code: closing.readUInt16BE(0), reason: closing.toString("utf8", 2) }
}

/** A client that sends a message and then reads nothing for a while; gives the messages it gets once it reads on. */
export function readLate(
  { url }: Pick<TestServer, "url">,
  message: object,
  { pauseMs, until }: { pauseMs: number; until: (message: { type: string; seq?: number }) => boolean },
): Promise<{ type: string; seq?: number }[]> {
  const { hostname, port } = new URL(url)
  return within("everything a late reader was sent", (done) => {
    const messages: { type: string; seq?: number }[] = []
    let rest: Buffer = Buffer.alloc(0)
    let open = false
    const socket = connect(Number(port), hostname, () => socket.write(HANDSHAKE))
    socket.on("close", () => done(messages))
    socket.on("error", () => socket.destroy())
    socket.on("data", (data: Buffer) => {
      rest = Buffer.concat([rest, data])
      if (!open) {
        if (!rest.includes("\r\n\r\n")) return
        open = true
        rest = rest.subarray(rest.indexOf("\r\n\r\n") + 4)
        socket.write(textFrame(message))
        socket.pause()
        setTimeout(() => socket.resume(), pauseMs)
      }
      const { frames, length } = framesIn(rest)
      rest = rest.subarray(length)
      for (const { opcode, payload } of frames)
        if (opcode === 1) messages.push(JSON.parse(payload.toString()))
      const last = messages.at(-1)
      if (last && until(last)) socket.destroy()
    })
  })
}
