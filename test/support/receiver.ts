/** A real receiver of webhooks on loopback: keeps what comes, and answers as the test says. */
import { createHmac } from "node:crypto"
import type { Body } from "./api.ts"
import { within } from "./server.ts"

export type Received = {
  headers: Record<string, string>
  bytes: Buffer
  /** What the bytes say. */
  body: Body
}

export type Receiver = {
  url: string
  /** Everything since the start, in the order it came. */
  received: Received[]
  /** The next message that was not taken by an earlier call. */
  next(): Promise<Received>
  /** Resolves once so many came in all. */
  came(count: number): Promise<Received[]>
  /** Lets nobody in any more; what is on its way is cut. */
  stop(): Promise<void>
}

type Options = {
  /** One that was given before, to come back to. */
  port?: number
  /** 200 with nothing unless told; `nth` counts from 1. */
  answer?: (nth: number, message: Received, request: Request) => Response | Promise<Response>
}

export function openReceiver({ port = 0, answer = () => new Response() }: Options = {}): Receiver {
  const received: Received[] = []
  let taken = 0
  let listeners: (() => void)[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    idleTimeout: 60,
    async fetch(request) {
      const bytes = Buffer.from(await request.arrayBuffer())
      const message = {
        headers: Object.fromEntries(request.headers),
        bytes,
        body: JSON.parse(bytes.toString()),
      }
      received.push(message)
      const nth = received.length
      for (const listener of listeners) listener()
      return answer(nth, message, request)
    },
  })

  const came = (count: number): Promise<Received[]> =>
    within(
      `${count} messages`,
      (done) => {
        const look = () => {
          if (received.length < count) return
          listeners = listeners.filter((one) => one !== look)
          done(received)
        }
        listeners.push(look)
        look()
      },
      20_000,
    )

  return {
    url: `http://127.0.0.1:${server.port}/hook`,
    received,
    came,
    async next() {
      const at = taken++
      return (await came(at + 1))[at] as Received
    },
    stop: () => server.stop(true),
  }
}

/** As a receiver checks it: over the bytes that came, by a library of its own. */
export const isSigned = ({ headers, bytes }: Received, secret: string): boolean =>
  headers["x-webhook-signature"] === `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`

/** An address at which nobody listens. */
export async function closedAddress(): Promise<string> {
  const { url, stop } = openReceiver()
  await stop()
  return url
}
