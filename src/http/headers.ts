/** What every answer tells a browser. */
import type { MiddlewareHandler } from "hono"
import type { Config } from "../config.ts"
import type { Env } from "./context.ts"

/** Headers of every answer, refusals too; one that the handler set itself stays. */
export function describeAnswers({ allowedOrigins }: Config): MiddlewareHandler<Env> {
  const common = Object.entries({
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    // What a page loads without asking, as with an image, names no origin that could be checked.
    "Cross-Origin-Resource-Policy": allowedOrigins ? "same-origin" : "cross-origin",
    // An answer tells of this moment, and some carry a token.
    "Cache-Control": "no-store",
  })
  return async (c, next) => {
    await next()
    const { headers } = c.res
    for (const [name, value] of common) if (!headers.has(name)) headers.set(name, value)
    // @hono/node-server 1.19 makes the answer to HEAD from what this one was made of, without what was set since.
    if (c.req.method === "HEAD") c.res = await withoutBody(c.res)
  }
}

/** HEAD says how long the answer to GET is (RFC 9110 section 8.6); without it Bun would say 0. A stream has no length. */
async function withoutBody(response: Response): Promise<Response> {
  const { status, headers, body } = response
  if (body) headers.set("Content-Length", String((await response.arrayBuffer()).byteLength))
  else if (status === 200) headers.set("Transfer-Encoding", "chunked")
  return new Response(null, { status, headers })
}
