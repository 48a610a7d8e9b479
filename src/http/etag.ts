/** Answers that a client may have already: it names their ETag and gets 304, so that polling costs nothing. */
import type { Digest } from "../digest.ts"
import type { HttpContext } from "./context.ts"

/** `value` as JSON, or 304 to a client that has it (RFC 9110 section 13.1.2). */
export function jsonUnlessKnown(c: HttpContext, digest: Digest, value: unknown): Response {
  const text = JSON.stringify(value)
  const etag = `"${digest(text).slice(0, 22)}"`
  c.header("ETag", etag)
  c.header("Cache-Control", "no-cache")
  if (knows(c, etag)) return c.body(null, 304)
  return c.body(text, 200, { "Content-Type": "application/json" })
}

/** Whether the client has what bears this ETag. */
export function knows(c: HttpContext, etag: string): boolean {
  const tags = c.req.header("if-none-match")?.split(",") ?? []
  return tags.some((one) => one.trim() === "*" || one.trim().replace(/^W\//, "") === etag)
}
