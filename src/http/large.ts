/** Bodies that may be larger than others, each on a route that says how large. */
import { bodyLimit } from "hono/body-limit"
import { AppError } from "../errors.ts"
import type { HttpHandler } from "./context.ts"

/** Only who may call the route makes the server read that much. */
export function large(what: string, maxSize: number, handler: HttpHandler): HttpHandler {
  const limit = bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError("too_large", `Cannot read the ${what}: it has more than ${maxSize} bytes`)
    },
  })
  return async (c) => {
    let answer: Response | undefined
    await limit(c, async () => {
      answer = await handler(c)
    })
    return answer ?? c.res
  }
}
