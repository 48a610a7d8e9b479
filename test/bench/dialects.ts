/** What a follower says on its way in, and how it reads an event, on a plain WebSocket and on that of Socket.IO. */
import { SOCKET_PATH } from "../../src/protocol.ts"

export type DialectName = "plain" | "socket.io"

export type Dialect = {
  path: string
  /** The texts that come before the follower is in, in order, each by how it begins, and what is said to it. */
  greeting(token: string, sessionId: number): { opening: string[]; steps: { hears: string; says?: string }[] }
  /** An event out of the text of a frame. */
  event(text: string): unknown
}

const plain: Dialect = {
  path: SOCKET_PATH,
  greeting: (token, sessionId) => ({
    opening: [JSON.stringify({ type: "auth", token }), JSON.stringify({ type: "subscribe", sessionId })],
    steps: [{ hears: '{"type":"auth_success"' }, { hears: '{"type":"subscribed"' }],
  }),
  event: (text) => JSON.parse(text),
}

/** Source: the protocols of Engine.IO 4 (packet 0 opens, 4 carries) and Socket.IO 5 (0 connects, 2 is an event). */
const socketIo: Dialect = {
  path: "/socket.io/?EIO=4&transport=websocket",
  greeting: (token, sessionId) => ({
    opening: [],
    steps: [
      { hears: "0{", says: `40${JSON.stringify({ token })}` },
      { hears: "40{", says: `42${JSON.stringify(["subscribe", { sessionId }])}` },
      { hears: '42["subscribed"' },
    ],
  }),
  event: (text) => JSON.parse(text.slice(2))[1],
}

export const DIALECTS: Record<DialectName, Dialect> = { plain, "socket.io": socketIo }
