/** The way in to the live socket: a handshake, or a refusal like any other. */
import { AppError } from "../errors.ts"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"

/** RFC 6455 section 4.2.1: 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/
const VERSION = "13"

export function socketRoute({ upgrade }: Deps): HttpHandler {
  return (c) => {
    if (!isOffer(c)) throw new AppError("upgrade_required", "Cannot answer here: this path speaks WebSocket")
    if (c.req.header("sec-websocket-version") !== VERSION) {
      throw new AppError(
        "upgrade_required",
        `Cannot open the socket: Sec-WebSocket-Version must be ${VERSION}`,
      )
    }
    if (!KEY.test(c.req.header("sec-websocket-key") ?? "")) {
      throw new AppError(
        "invalid_input",
        "Cannot open the socket: Sec-WebSocket-Key must be 16 bytes in base64",
      )
    }
    if (upgrade(c.req.raw, c.env)) return handedOver()
    throw new AppError("invalid_input", "Cannot open the socket: the connection does not allow it")
  }
}

let nothing: Response | undefined

/** What stands for an answer where the host took the connection: nobody is sent it, so that one is enough. */
export function handedOver(): Response {
  nothing ??= new Response(null, { headers: { "X-Hono-Already-Sent": "true" } })
  return nothing
}

export const presenceRoute =
  ({ present }: Deps): HttpHandler =>
  (c) =>
    c.json(present())

const isOffer = ({ req }: HttpContext): boolean =>
  req.method === "GET" &&
  /(^|,)\s*upgrade\s*(,|$)/i.test(req.header("connection") ?? "") &&
  req.header("upgrade")?.toLowerCase() === "websocket"
