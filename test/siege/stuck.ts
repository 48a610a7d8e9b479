/** Followers that read nothing and have next to no room for what comes: only the system's own calls give that. */
import { dlopen, FFIType, ptr } from "bun:ffi"
import { frame, HANDSHAKE, OPCODE } from "../support/light-socket.ts"
import { written } from "../support/pipeline.ts"
import type { TestServer } from "../support/server.ts"
import { until } from "./figures.ts"
import type { SiegeNight } from "./night.ts"
import { callersFrom } from "./tcp.ts"

/** The address they call from, which tells their connections from all others. */
const ADDRESS = "127.0.0.9"
const ROOM_BYTES = 4_096
/** As on a real network; the large segments of the loopback make the system keep megabytes for each connection. */
const SEGMENT_BYTES = 1_400
const AT_ONCE = 50
const OPEN_WITHIN_MS = 10_000

const AF_INET = 2
const SOCK_STREAM = 1
const SOL_SOCKET = 1
const SO_RCVBUF = 8
const IPPROTO_TCP = 6
const TCP_MAXSEG = 2
const MSG_DONTWAIT = 0x40
const ADDRESS_BYTES = 16

const int = FFIType.int
const bytes = FFIType.ptr
const size = FFIType.i64_fast

const systemCalls = () =>
  dlopen("libc.so.6", {
    socket: { args: [int, int, int], returns: int },
    setsockopt: { args: [int, int, int, bytes, int], returns: int },
    bind: { args: [int, bytes, int], returns: int },
    connect: { args: [int, bytes, int], returns: int },
    recv: { args: [int, bytes, size, int], returns: size },
    write: { args: [int, bytes, size], returns: size },
    close: { args: [int], returns: int },
  }).symbols

function inFour(value: number): Uint8Array {
  const view = Buffer.alloc(4)
  view.writeInt32LE(value, 0)
  return view
}
/** As long as the answer to a handshake may be. */
const answer = Buffer.alloc(1_024)

/** The `sockaddr_in` of an IPv4 address. */
function socketAddress(address: string, port: number): Uint8Array {
  const view = Buffer.alloc(ADDRESS_BYTES)
  view.writeUInt16LE(AF_INET, 0)
  view.writeUInt16BE(port, 2)
  view.set(address.split(".").map(Number), 4)
  return view
}

export type Stuck = {
  address: string
  /** How many of them the service still holds. */
  held(): number
  close(): void
}

/** Opens sockets that follow the session; past the answer to their handshake they read nothing. */
export const stuckFollowers = ({ server, viewer, session }: SiegeNight, count: number): Promise<Stuck> =>
  openStuck(server, count, Buffer.from(HANDSHAKE), joining(viewer.token, session.id))

/** Connections that ask for this path and read nothing of the answer. */
export const stuckDownloads = (server: TestServer, count: number, path: string): Promise<Stuck> =>
  openStuck(server, count, written({ method: "GET", path }), undefined)

/** Each says the first piece, and once it has an answer, which it reads, the second. */
async function openStuck(
  { url, pid }: TestServer,
  count: number,
  first: Buffer,
  second: Buffer | undefined,
): Promise<Stuck> {
  const { hostname, port } = new URL(url)
  const calls = systemCalls()
  const files: number[] = []
  const write = (file: number, what: Buffer) => calls.write(file, ptr(what), what.length)
  const open = () => {
    const file = calls.socket(AF_INET, SOCK_STREAM, 0)
    calls.setsockopt(file, SOL_SOCKET, SO_RCVBUF, ptr(inFour(ROOM_BYTES)), 4)
    calls.setsockopt(file, IPPROTO_TCP, TCP_MAXSEG, ptr(inFour(SEGMENT_BYTES)), 4)
    calls.bind(file, ptr(socketAddress(ADDRESS, 0)), ADDRESS_BYTES)
    if (calls.connect(file, ptr(socketAddress(hostname, Number(port))), ADDRESS_BYTES) !== 0) {
      throw new Error("Cannot connect a stuck reader")
    }
    write(file, first)
    files.push(file)
    return file
  }
  for (let left = count; left > 0; left -= AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, left) }, open)
    for (const file of second ? batch : []) {
      const answered = () => calls.recv(file, ptr(answer), answer.length, MSG_DONTWAIT) > 0
      if (!(await until(answered, OPEN_WITHIN_MS, 5))) throw new Error("A stuck reader got no answer")
      if (second) write(file, second)
    }
  }
  const held = () => callersFrom(pid, ADDRESS)
  if (!(await until(() => held() === count, OPEN_WITHIN_MS)))
    throw new Error(`Only ${held()} of ${count} got in`)
  return {
    address: ADDRESS,
    held,
    close() {
      for (const file of files) calls.close(file)
    },
  }
}

/** What a follower of a session sends. */
const joining = (token: string | undefined, sessionId: number): Buffer =>
  Buffer.concat(
    [
      { type: "auth", token },
      { type: "subscribe", sessionId },
    ].map((message) => frame(OPCODE.text, Buffer.from(JSON.stringify(message)))),
  )
