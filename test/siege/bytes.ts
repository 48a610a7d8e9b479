/** Byte streams that are almost HTTP or almost WebSocket: cut, wounded, run together, or nothing at all. */
import fc from "fast-check"
import { frame, HANDSHAKE } from "../support/light-socket.ts"
import { written } from "../support/pipeline.ts"

const ascii = (text: string): Buffer => Buffer.from(text, "latin1")

const HEADS = [
  "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /api/games HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  "HEAD / HTTP/1.0\r\n\r\n",
  'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"key":"a"}',
  'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{"key":"a"}\r\n0\r\n\r\n',
  "POST /api/auth/setup HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n\r\n--x--\r\n\r\n",
  "POST /api/auth/setup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\ncode=%ff",
  "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET // HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
  "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
  "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
  "POST /api/votes/live HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
  `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"y".repeat(20_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: localhost\r\n${"a: b\r\n".repeat(300)}\r\n`,
  "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
  "\r\n\r\n\r\n",
].map(ascii)

const request: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...HEADS),
  fc
    .record({
      method: fc.constantFrom("GET", "POST", "get", "GÉT", "", "CONNECT", "TRACE"),
      path: fc.constantFrom(
        "/",
        "/health",
        "*",
        "",
        "//",
        "/%",
        "/%00",
        "/a b",
        "?",
        "#",
        "/\u00ff",
        "http://x/",
      ),
      headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 12 }), {
        maxKeys: 3,
      }),
      body: fc.uint8Array({ maxLength: 40 }),
    })
    .map(written),
)

/** A frame with any bits: reserved ones, opcodes that are not there, no mask, lengths that lie. */
const oddFrame: fc.Arbitrary<Buffer> = fc
  .record({
    first: fc.integer({ min: 0, max: 255 }),
    second: fc.integer({ min: 0, max: 255 }),
    rest: fc.uint8Array({ maxLength: 150 }),
  })
  .map(({ first, second, rest }) => Buffer.concat([Buffer.from([first, second]), rest]))

const TEXTS = ['{"type":"ping"}', '{"type":"auth","token":"x"}', "\u0000", "é".repeat(60)]

const goodFrame: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...TEXTS).map((text) => frame(1, Buffer.from(text))),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => frame(1, bytes)),
  fc
    .tuple(fc.constantFrom(0, 2, 8, 9, 10), fc.uint8Array({ maxLength: 130 }))
    .map(([opcode, bytes]) => frame(opcode, bytes)),
  fc.constantFrom(70_000, 200_000).map((length) => frame(1, Buffer.alloc(length, 32))),
)

const socketTalk: fc.Arbitrary<Buffer> = fc
  .array(fc.oneof({ weight: 3, arbitrary: goodFrame }, { weight: 1, arbitrary: oddFrame }), { maxLength: 8 })
  .map((frames) => Buffer.concat([ascii(HANDSHAKE), ...frames]))

const wound = fc.record({
  kind: fc.constantFrom("cut", "flip", "insert", "delete", "none"),
  at: fc.nat(),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
})

function wounded(
  whole: Buffer,
  { kind, at: anywhere, bytes }: { kind: string; at: number; bytes: Uint8Array },
): Buffer {
  const at = anywhere % (whole.length + 1)
  switch (kind) {
    case "cut":
      return whole.subarray(0, at)
    case "flip":
      return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)])
    case "insert":
      return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at)])
    case "delete":
      return Buffer.concat([whole.subarray(0, at), whole.subarray(at + bytes.length)])
    default:
      return whole
  }
}

/** What one connection sends, in pieces, and how it leaves. */
export type Stream = { pieces: Buffer[]; leave: "end" | "reset" }

export const streams: fc.Arbitrary<Stream> = fc
  .record({
    parts: fc.array(fc.tuple(fc.oneof(request, socketTalk, oddFrame), wound), { minLength: 1, maxLength: 4 }),
    cuts: fc.array(fc.nat(), { maxLength: 4 }),
    leave: fc.constantFrom<Stream["leave"]>("end", "end", "reset"),
  })
  .map(({ parts, cuts, leave }) => {
    const whole = Buffer.concat(parts.map(([part, one]) => wounded(part, one)))
    const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length]
    return { pieces: places.slice(1).map((end, i) => whole.subarray(places[i], end)), leave }
  })
