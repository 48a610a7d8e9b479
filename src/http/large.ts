/** How large bodies may be: most of them little, some on a route that says how large. */
import type { MiddlewareHandler } from "hono"
import { bodyLimit } from "hono/body-limit"
import { AppError } from "../errors.ts"
import type { Env, HttpHandler } from "./context.ts"

/** Refuses bodies of more than `maxSize` bytes with `message`. */
export function within(maxSize: number, message: string): MiddlewareHandler<Env> {
  const onError = () => {
    throw new AppError("too_large", message)
  }
  const counting = bodyLimit({ maxSize, onError })
  return (c, next) => {
    const { headers } = c.req.raw
    const length = headers.get("content-length")
    // Of a length that was told nothing is to be counted; looking at the body would make a stream of it.
    if (length === null || headers.has("transfer-encoding")) return counting(c, next)
    return Number(length) > maxSize ? onError() : next()
  }
}

/** Only who may call the route makes the server read that much. */
export function large(what: string, maxSize: number, handler: HttpHandler): HttpHandler {
  const limit = within(maxSize, `Cannot read the ${what}: it has more than ${maxSize} bytes`)
  return async (c) => {
    let answer: Response | undefined
    await limit(c, async () => {
      answer = await handler(c)
    })
    return answer ?? c.res
  }
}
