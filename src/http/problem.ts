/** Errors as clients see them: RFC 9457 problem documents, with the `error` text that older clients read. */
import { AppError, type ErrorCode } from "../errors.ts"

export const STATUS = {
  invalid_input: [400, "Bad Request"],
  unauthenticated: [401, "Unauthorized"],
  invalid_token: [401, "Unauthorized"],
  invalid_key: [401, "Unauthorized"],
  forbidden: [403, "Forbidden"],
  not_found: [404, "Not Found"],
  session_not_found: [404, "Not Found"],
  game_not_found: [404, "Not Found"],
  no_game_fits: [404, "Not Found"],
  poll_not_found: [404, "Not Found"],
  method_not_allowed: [405, "Method Not Allowed"],
  conflict: [409, "Conflict"],
  session_active: [409, "Conflict"],
  session_closed: [409, "Conflict"],
  duplicate_vote: [409, "Conflict"],
  poll_running: [409, "Conflict"],
  poll_closed: [409, "Conflict"],
  idempotency_key_reused: [409, "Conflict"],
  too_large: [413, "Content Too Large"],
  unsupported_media_type: [415, "Unsupported Media Type"],
  misdirected: [421, "Misdirected Request"],
  upgrade_required: [426, "Upgrade Required"],
  rate_limited: [429, "Too Many Requests"],
  internal: [500, "Internal Server Error"],
  shutting_down: [503, "Service Unavailable"],
  disk_full: [507, "Insufficient Storage"],
} as const satisfies Record<ErrorCode, readonly [number, string]>

/** The response to a request that arrives while the service stops; its connection is of no more use. */
export function stoppingResponse(): Response {
  const message = "Cannot answer: the service is stopping"
  const response = problemResponse(new AppError("shutting_down", message, { retryAfter: 1 }))
  response.headers.set("Connection", "close")
  return response
}

/** The response for any failure; one that is not an `AppError` says no more than "Internal error". */
export function problemResponse(error: unknown): Response {
  const known = error instanceof AppError ? error : new AppError("internal", "Internal error")
  const { code, message, details } = known
  const [status, title] = STATUS[code]
  const body = {
    type: "about:blank",
    title,
    status,
    detail: message,
    code,
    error: message,
    ...(details.errors && { errors: details.errors }),
    ...details.members,
  }
  const headers = new Headers({ "Content-Type": "application/problem+json" })
  if (status === 401) headers.set("WWW-Authenticate", "Bearer")
  if (status === 426) {
    headers.set("Upgrade", "websocket")
    headers.set("Sec-WebSocket-Version", "13")
  }
  if (details.allow) headers.set("Allow", details.allow.join(", "))
  if (details.retryAfter !== undefined) headers.set("Retry-After", String(details.retryAfter))
  return new Response(JSON.stringify(body), { status, headers })
}
