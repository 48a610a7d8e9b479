/** What every answer tells a browser. */
import type { Config } from "../config.ts"

/** Headers of every answer, refusals too; one that the handler set itself stays. */
export function describeAnswers({ allowedOrigins }: Config): (headers: Headers) => void {
  const common = Object.entries({
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    // What a page loads without asking, as with an image, names no origin that could be checked.
    "Cross-Origin-Resource-Policy": allowedOrigins ? "same-origin" : "cross-origin",
    // An answer tells of this moment, and some carry a token.
    "Cache-Control": "no-store",
  })
  return (headers) => {
    for (const [name, value] of common) if (!headers.has(name)) headers.set(name, value)
  }
}

/**
 * HEAD says how long the answer to GET is (RFC 9110 section 8.6); without it Bun would say 0, and @hono/node-server
 * 1.19 would leave out what was set since the answer was made. A file says it itself, and is not read for it; another
 * stream has no length.
 */
export async function headOf({ status, headers, body }: Response): Promise<Response> {
  if (headers.has("Content-Length")) await body?.cancel()
  else if (body) headers.set("Content-Length", String((await new Response(body).arrayBuffer()).byteLength))
  else if (status === 200) headers.set("Transfer-Encoding", "chunked")
  return new Response(null, { status, headers })
}
