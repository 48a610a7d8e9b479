/** Past nights as documents, and numbers over all of them. */
import * as v from "valibot"
import type { Document } from "../history.ts"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { idIn, lazily, line, query } from "./input.ts"

const TYPES = {
  json: "application/json",
  txt: "text/plain; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
  md: "text/markdown; charset=utf-8",
  svg: "image/svg+xml",
} as const

export const exportWish = lazily(() =>
  v.object({ format: v.optional(v.picklist(["json", "txt", "csv"], "Must be json, txt or csv"), "json") }),
)

export const recapWish = lazily(() =>
  v.object({
    format: v.optional(v.picklist(["md", "svg"], "Must be md or svg"), "md"),
    timezone: v.optional(
      v.pipe(line(64), v.check(isTimeZone, "Must be a time zone such as Europe/Berlin")),
      "UTC",
    ),
    lang: v.optional(v.picklist(["en", "de"], "Must be en or de"), "en"),
  }),
)

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name })
    return true
  } catch {
    return false
  }
}

export function historyRoutes({ history, stats }: Deps) {
  return {
    export: async (c) => {
      const { format } = query(c, exportWish)
      return send(c, await history.export(idIn(c), format), TYPES[format], "attachment")
    },

    recap: async (c) => {
      const { format, timezone: timeZone, lang: language } = query(c, recapWish)
      const recap = await history.recap(idIn(c), format, { timeZone, language })
      return send(c, recap, TYPES[format], "inline")
    },

    stats: async (c) => c.json(await stats.read()),
  } satisfies Record<string, HttpHandler>
}

/** Written as fast as it is read. */
function send(
  c: HttpContext,
  { name, parts }: Document,
  type: string,
  disposition: "attachment" | "inline",
): Response {
  const encoder = new TextEncoder()
  const iterator = parts[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
    },
    { highWaterMark: 0 },
  )
  return c.body(body, 200, {
    "Content-Type": type,
    "Content-Disposition": `${disposition}; filename="${name}"`,
  })
}
