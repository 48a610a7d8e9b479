/** Work that takes long, told line by line to a client that asks for it. */
import { AppError } from "../errors.ts"
import type { Progress } from "../game-files.ts"
import type { Deps, HttpContext } from "./context.ts"
import { problemResponse } from "./problem.ts"

const LINES = "application/x-ndjson"

/**
 * One JSON answer. With `Accept: application/x-ndjson` lines instead: how far it is, and last the answer. What is
 * refused before the first of them is an answer like any other; what fails later is the last line.
 */
export async function reportProgress(
  c: HttpContext,
  log: Deps["log"],
  work: (onProgress: Progress) => Promise<object>,
): Promise<Response> {
  c.header("Vary", "Accept", { append: true })
  if (!(c.req.header("accept") ?? "").includes(LINES)) return c.json(await work(() => {}))
  c.env.untimed()
  let open: ReadableStreamDefaultController<Uint8Array> | undefined
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      open = controller
    },
    // Whoever went away hears nothing more; the work goes on, since half of it is of no use.
    cancel() {
      open = undefined
    },
  })
  const encoder = new TextEncoder()
  const tell = (line: object) => open?.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
  const begun = Promise.withResolvers<void>()
  const done = work((done, total) => {
    tell({ type: "progress", done, total })
    begun.resolve()
  })
  // Until the first line is out a failure is the answer.
  await Promise.race([begun.promise, done])
  void done
    .then((answer) => tell({ type: "done", ...answer }))
    .catch(async (error) => {
      if (!(error instanceof AppError)) log(`[HTTP] Internal error: ${error.stack ?? error.message}`)
      const problem: unknown = await problemResponse(error).json()
      tell({ ...Object(problem), type: "error" })
    })
    .finally(() => open?.close())
  return c.body(stream, 200, { "Content-Type": LINES, "X-Accel-Buffering": "no" })
}
