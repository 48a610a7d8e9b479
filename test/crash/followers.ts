/** Bots on the live socket that write down every frame as it came. */
import { EVERYONE, SOCKET_PATH, sessionTopic } from "../../src/protocol.ts"
import type { Body } from "../support/api.ts"
import { within } from "../support/server.ts"
import type { Stream } from "./streams.ts"

export type Follower = {
  readonly stream: Stream
  /** Resolves once everything published before this call has come in. */
  caughtUp(): Promise<void>
  close(): void
}

type Options = { name: string; url: string; token: string; tick: () => number }

const EVENTS: ReadonlySet<string> = new Set([
  "session.started",
  "game.added",
  "vote.received",
  "session.ended",
])

/** A bot as the seeds show it: it subscribes to the running session and to each one that starts. */
export async function openPlainFollower(
  options: Options & { activeId: number | undefined },
): Promise<Follower> {
  const { name, url, token, tick, activeId } = options
  const stream: Stream = { name, heard: [] }
  const subscribe = (sessionId: number) => line.send({ type: "subscribe", sessionId })
  const line = openLine(url, (message, frame) => {
    if (EVENTS.has(message.type)) stream.heard.push({ frame })
    if (message.type === "session.started") subscribe(message.data.session.id)
    const follow =
      message.type === "auth_success"
        ? EVERYONE
        : message.type === "subscribed" && sessionTopic(message.sessionId)
    if (follow) stream.heard.push({ follow, from: { tick: tick() } })
  })
  await line.opened
  line.send({ type: "auth", token })
  if (activeId !== undefined) subscribe(activeId)
  return { stream, caughtUp: line.pong, close: line.close }
}

/** What a resuming follower takes along from one connection to the next. */
type Cursor = { epoch: string; seq: number; sessions: number[] }

/** How many sessions it names when it comes back: under a clock that jumps a late vote may reach an old one. */
const SESSIONS_KEPT = 100

export type ResumingFollower = {
  readonly stream: Stream
  /** Takes up where it was, at a server on the same folder, and resolves once it has caught up. */
  resume(url: string): Promise<void>
  caughtUp(): Promise<void>
  /** Hears nothing more until the next resume. */
  close(): void
  /** Times at which the server could not give everything since. */
  readonly lost: readonly string[]
}

/** A bot that asks for what it missed and follows every session. */
export function createResumingFollower({ name, token }: Pick<Options, "name" | "token">): ResumingFollower {
  const stream: Stream = { name, heard: [] }
  const lost: string[] = []
  let cursor: Cursor | undefined
  let line: Line | undefined

  function follow(sessionId: number, seq: number): void {
    if (!cursor) return
    cursor.sessions = [...cursor.sessions.filter((one) => one !== sessionId), sessionId].slice(-SESSIONS_KEPT)
    stream.heard.push({ follow: sessionTopic(sessionId), from: { seq } })
  }

  function enter({ epoch, seq, recovered, active_session }: Body): void {
    if (recovered) return
    if (cursor) lost.push(`${name} could not resume at seq ${cursor.seq}`)
    cursor = { epoch, seq, sessions: [] }
    stream.heard.push({ follow: EVERYONE, from: { seq } })
    if (active_session) follow(active_session.id, seq)
  }

  return {
    stream,
    lost,
    caughtUp: () => line?.pong() ?? Promise.reject(new Error(`${name} is not connected`)),
    close: () => line?.close(),
    async resume(url) {
      line = openLine(url, (message, frame) => {
        if (message.type === "auth_success") enter(message)
        if (!EVENTS.has(message.type)) return
        stream.heard.push({ frame })
        if (cursor) cursor.seq = message.seq
        if (message.type === "session.started") follow(message.data.session.id, message.seq)
      })
      await line.opened
      line.send({ type: "auth", token, resume: cursor ?? {}, follow: true })
      await line.pong()
    },
  }
}

type Line = {
  opened: Promise<void>
  send(message: object): void
  pong(): Promise<void>
  close(): void
}

/** A socket whose every message is heard, with the text it came in. */
function openLine(url: string, hear: (message: Body, frame: string) => void): Line {
  const socket = new WebSocket(`${url.replace("http", "ws")}${SOCKET_PATH}`)
  let ponged = () => {}
  let closed = false
  socket.addEventListener("message", ({ data }) => {
    if (closed) return
    const frame = String(data)
    const message = JSON.parse(frame)
    if (message.type === "pong") ponged()
    else hear(message, frame)
  })
  // A server that is killed is no failure of the follower: what it heard until then is what counts.
  socket.addEventListener("error", () => {})
  const send = (message: object) => socket.send(JSON.stringify(message))
  return {
    opened: within("an open socket", (done) => socket.addEventListener("open", () => done(undefined))),
    send,
    pong: () =>
      within("a pong", (done) => {
        ponged = () => done(undefined)
        send({ type: "ping" })
      }),
    close() {
      closed = true
      socket.close()
    },
  }
}
