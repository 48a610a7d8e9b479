/** One follower: its way in, and then its bytes for the stream. */
import { frame, OPCODE } from "../support/light-socket.ts"
import { DIALECTS, type DialectName } from "./dialects.ts"
import { frameSize, headSize, newReader, type Reader } from "./stream.ts"

export type Way = { url: string; token: string; sessionId: number; dialect: DialectName }

export type Follower = { reader: Reader; send(opcode: number, payload: Uint8Array): void; leave(): void }

type Listeners = {
  /** What came after the follower was in. */
  data(follower: Follower, chunk: Buffer): void
  closed(follower: Follower): void
}

/** Resolves once the follower is subscribed; rejects when it is not let in. */
export function openFollower(way: Way, { data, closed }: Listeners): Promise<Follower> {
  const { hostname, port } = new URL(way.url)
  const { path, greeting } = DIALECTS[way.dialect]
  const { opening, steps } = greeting(way.token, way.sessionId)
  const { promise, resolve, reject } = Promise.withResolvers<Follower>()
  let before: Buffer | undefined = Buffer.alloc(0)
  let upgraded = false

  function enter(follower: Follower, chunk: Buffer): void {
    if (!before) return data(follower, chunk)
    before = before.length === 0 ? chunk : Buffer.concat([before, chunk])
    if (!upgraded) {
      const end = before.indexOf("\r\n\r\n")
      if (end < 0) return
      if (!before.toString("latin1").startsWith("HTTP/1.1 101 ")) {
        return reject(new Error(`Cannot open a follower: ${before.toString("latin1", 0, 80)}`))
      }
      upgraded = true
      before = before.subarray(end + 4)
      for (const text of opening) follower.send(OPCODE.text, Buffer.from(text))
    }
    greet(follower)
  }

  function greet(follower: Follower): void {
    while (before && steps.length > 0) {
      const size = frameSize(before)
      if (size === 0 || before.length < size) return
      const text = before.toString("utf8", headSize(before), size)
      before = before.subarray(size)
      const step = steps.shift()
      if (!step || !text.startsWith(step.hears)) return reject(new Error(`Cannot open a follower: ${text}`))
      if (step.says !== undefined) follower.send(OPCODE.text, Buffer.from(step.says))
    }
    const rest = before
    before = undefined
    resolve(follower)
    if (rest && rest.length > 0) data(follower, rest)
  }

  void Bun.connect<Follower>({
    hostname,
    port: Number(port),
    socket: {
      open(socket) {
        socket.data = {
          reader: newReader(),
          send: (opcode, payload) => void socket.write(frame(opcode, payload)),
          leave: () => socket.terminate(),
        }
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        )
      },
      data: (socket, chunk) => enter(socket.data, chunk),
      close(socket) {
        reject(new Error("Cannot open a follower: the connection ended"))
        closed(socket.data)
      },
      error: () => {},
    },
  }).catch(reject)
  return promise
}
