/** The way in to the live socket: a handshake, or a refusal like any other. */
import { AppError } from "../errors.ts"
import type { RequestEnv } from "../hosts/host.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { checkSender } from "./guard.ts"
import { hasBody } from "./large.ts"

/** RFC 6455 section 4.2.1: 16 bytes in base64. */
const KEY = /^[+/0-9A-Za-z]{22}==$/
const VERSION = "13"

/**
 * Turns an offer into a socket before a route sees it, whose context would be a third of what that costs. Where nothing
 * comes of it the route says why; it also weighs the body of an offer that has one.
 */
export function createDoor({ config, upgrade }: Pick<Deps, "config" | "upgrade">) {
  const check = checkSender(config)
  return (request: Request, env: RequestEnv): Response | undefined => {
    const { headers } = request
    return hasBody(headers) || flawIn(headers) || check(headers) ? undefined : upgrade(request, env)
  }
}

export const socketRoute =
  ({ upgrade }: Pick<Deps, "upgrade">): HttpHandler =>
  ({ req: { raw }, env }) => {
    if (!isOffer(raw)) {
      throw new AppError("upgrade_required", "Cannot answer here: this path speaks WebSocket")
    }
    const flaw = flawIn(raw.headers)
    if (flaw) throw flaw
    const taken = upgrade(raw, env)
    if (taken) return taken
    throw new AppError("invalid_input", "Cannot open the socket: the connection does not allow it")
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
