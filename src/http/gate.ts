/** What stands around every route: who is refused before it, how a failure leaves, and what every answer tells. */
import { AppError, defectIn } from "../errors.ts"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { allowOrigin, checkSender, preflight } from "./guard.ts"
import { describeAnswers, headOf } from "./headers.ts"
import { problemResponse } from "./problem.ts"

/** One function around the handler: as a chain of middleware the same takes longer than the rest of a request. */
export function createGate({
  config,
  log,
}: Pick<Deps, "config" | "log">): (handler: HttpHandler) => HttpHandler {
  const check = checkSender(config)
  const allow = allowOrigin(config)
  const describe = describeAnswers(config)

  async function answer(c: HttpContext, handler: HttpHandler): Promise<Response> {
    if (c.req.method === "OPTIONS") return preflight()
    try {
      return await handler(c)
    } catch (error) {
      return failure(error)
    }
  }

  function failure(error: unknown): Response {
    if (isCutOff(error)) return problemResponse(new AppError("invalid_input", CUT_OFF))
    if (!(error instanceof AppError)) log(`[HTTP] ${defectIn(error)}`)
    return problemResponse(error)
  }

  return (handler) => async (c) => {
    const refusal = check(c.req.raw.headers)
    const response = refusal ? problemResponse(refusal) : await answer(c, handler)
    const { headers } = response
    if (!refusal) allow(c, headers)
    describe(headers)
    return c.req.method === "HEAD" ? headOf(response).catch(failure) : response
  }
}

const CUT_OFF = "Cannot read the body: the connection ended before it did"

/** What reading a body ends with where its sender went away: the first on Bun, the second on Node. */
const isCutOff = (error: unknown): boolean =>
  error instanceof Error && (error.name === "AbortError" || ("code" in error && error.code === "ECONNRESET"))
