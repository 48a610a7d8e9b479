/** The way in to the live socket: a handshake, or a refusal like any other. */
import { AppError } from "../errors.ts"
import type { RequestEnv } from "../hosts/host.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { checkSender } from "./guard.ts"

/** RFC 6455 section 4.2.1: 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/
const VERSION = "13"

/**
 * Turns an offer into a socket before a route sees it, whose context would be a third of what that costs. Where nothing
 * comes of it the route says why.
 */
export function createDoor({ config, upgrade }: Pick<Deps, "config" | "upgrade">) {
  const check = checkSender(config)
  let taken: Response | undefined
  return (request: Request, env: RequestEnv): Response | undefined => {
    const { headers } = request
    if (flawIn(headers) || check(headers) || !upgrade(request, env)) return undefined
    // Stands for an answer, and nobody is sent it.
    taken ??= new Response(null, { headers: { "X-Hono-Already-Sent": "true" } })
    return taken
  }
}

export const socketRoute: HttpHandler = ({ req: { raw } }) => {
  if (!isOffer(raw)) throw new AppError("upgrade_required", "Cannot answer here: this path speaks WebSocket")
  const refused = "Cannot open the socket: the connection does not allow it"
  throw flawIn(raw.headers) ?? new AppError("invalid_input", refused)
}

/** What is wrong with the handshake in an offer. */
function flawIn(headers: Headers): AppError | undefined {
  if (headers.get("sec-websocket-version") !== VERSION) {
    const message = `Cannot open the socket: Sec-WebSocket-Version must be ${VERSION}`
    return new AppError("upgrade_required", message)
  }
  if (KEY.test(headers.get("sec-websocket-key") ?? "")) return undefined
  return new AppError("invalid_input", "Cannot open the socket: Sec-WebSocket-Key must be 16 bytes in base64")
}

/** Nearly no request is one: what tells most of them apart comes first. */
export const isOffer = ({ method, headers }: Request): boolean =>
  method === "GET" &&
  headers.get("upgrade")?.toLowerCase() === "websocket" &&
  /(^|,)\s*upgrade\s*(,|$)/i.test(headers.get("connection") ?? "")

export const presenceRoute =
  ({ present }: Deps): HttpHandler =>
  (c) =>
    c.json(present())
