/** How large bodies may be: most of them little, some on a route that says how large. */
import { bodyLimit } from "hono/body-limit"
import { AppError } from "../errors.ts"
import type { HttpContext, HttpHandler } from "./context.ts"

export const hasBody = (headers: Headers): boolean =>
  headers.has("transfer-encoding") || Number(headers.get("content-length")) > 0

/** Refuses bodies of more than `maxSize` bytes with `message`. */
export function within(maxSize: number, message: string, handler: HttpHandler): HttpHandler {
  const onError = () => {
    throw new AppError("too_large", message)
  }
  const counting = bodyLimit({ maxSize, onError })
  async function counted(c: HttpContext): Promise<Response> {
    let answer: Response | undefined
    await counting(c, async () => {
      answer = await handler(c)
    })
    return answer ?? c.res
  }
  return (c) => {
    const { headers } = c.req.raw
    // Any other body has the length that was told, or none; looking at one to count it would make a stream of it.
    if (headers.has("transfer-encoding")) return counted(c)
    return Number(headers.get("content-length")) > maxSize ? onError() : handler(c)
  }
}

/** Only who may call the route makes the server read that much. */
export const large = (what: string, maxSize: number, handler: HttpHandler): HttpHandler =>
  within(maxSize, `Cannot read the ${what}: it has more than ${maxSize} bytes`, handler)
