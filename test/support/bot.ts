/** A bot on the live socket that waits for messages instead of time. */
import type { Body } from "./api.ts"
import { type TestServer, within } from "./server.ts"

export type Bot = {
  send(message: unknown): void
  sendRaw(data: string | Uint8Array): void
  /** The next message, which must be of this type. */
  next(type?: string): Promise<Body>
  /** Everything received and not yet asked for, once the server has answered a ping sent now. */
  drain(): Promise<Body[]>
  closed: Promise<{ code: number; reason: string }>
  close(): void
}

export async function openBot(
  { socketUrl }: Pick<TestServer, "socketUrl">,
  headers: Record<string, string> = {},
): Promise<Bot> {
  const socket = new WebSocket(socketUrl, { headers })
  const received: Body[] = []
  let wake = () => {}
  socket.addEventListener("message", ({ data }) => {
    received.push(JSON.parse(String(data)))
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }))
  })
  await within(`an open socket at ${socketUrl}`, (done) =>
    socket.addEventListener("open", () => done(undefined)),
  )

  const next = async (type?: string): Promise<Body> => {
    if (received.length === 0) {
      await within(type ?? "a message", (done) => {
        wake = () => done(undefined)
      })
    }
    const message = received.shift()
    if (type !== undefined && message.type !== type) {
      throw new Error(`Expected ${type}, got ${JSON.stringify(message)}`)
    }
    return message
  }
  const send = (message: unknown) => socket.send(JSON.stringify(message))
  return {
    send,
    sendRaw: (data) => socket.send(data as string),
    next,
    async drain() {
      send({ type: "ping" })
      const messages: Body[] = []
      for (;;) {
        const message = await next()
        if (message.type === "pong") return messages
        messages.push(message)
      }
    },
    closed,
    close: () => socket.close(),
  }
}

/** A bot that is in, and follows these sessions. */
export async function followingBot(
  server: Pick<TestServer, "socketUrl">,
  token: string | undefined,
  ...sessionIds: number[]
): Promise<Bot> {
  const bot = await openBot(server)
  bot.send({ type: "auth", token })
  await bot.next("auth_success")
  for (const sessionId of sessionIds) {
    bot.send({ type: "subscribe", sessionId })
    await bot.next("subscribed")
  }
  return bot
}
