/** A WebSocket client that writes many messages in one piece, which no library does on demand. */
import { connect } from "node:net"
import { SOCKET_PATH } from "../../src/protocol.ts"
import { type TestServer, within } from "./server.ts"

const OPENING = [
  `GET ${SOCKET_PATH} HTTP/1.1`,
  "Host: localhost",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "",
  "",
].join("\r\n")

/** Opens a socket, sends the messages in one write and gives the close frame that follows. */
export function sendAtOnce(
  { url }: Pick<TestServer, "url">,
  messages: readonly object[],
): Promise<{ code: number; reason: string }> {
  const { hostname, port } = new URL(url)
  return within("a close frame", (done) => {
    let received: Buffer = Buffer.alloc(0)
    const socket = connect(Number(port), hostname, () => socket.write(OPENING))
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

/** The close frame behind whatever short frames came before it. */
function closeFrameIn(bytes: Buffer): { code: number; reason: string } | undefined {
  let at = 0
  while (at + 2 <= bytes.length) {
    const length = (bytes[at + 1] ?? 0) & 0x7f
    const payload = bytes.subarray(at + 2, at + 2 + length)
    if (payload.length < length) return undefined
    if (bytes[at] === 0x88) return { code: payload.readUInt16BE(0), reason: payload.toString("utf8", 2) }
    at += 2 + length
  }
  return undefined
}
