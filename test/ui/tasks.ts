/** The tasks of a page's own thread while it loads, as the browser traces them. */
import type { Browser, Page } from "playwright-core"

/** A piece of work in a trace: `dur` by the clock and `tdur` by the processor, in microseconds. */
type TraceEvent = {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  tdur?: number
  args?: { data?: { url?: string } }
}

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"]

/**
 * Gives the milliseconds of the processor that the longest task of the document at `url` took while `load` went on.
 * What else the machine does meanwhile does not count.
 */
export async function longestTask(browser: Browser, page: Page, url: string, load: () => Promise<void>) {
  await browser.startTracing(page, { screenshots: false, categories: CATEGORIES })
  await load()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const commit = traceEvents.find(({ name, args }) => name === "CommitLoad" && args?.data?.url === url)
  if (!commit) throw new Error(`Cannot read the trace: no document of ${url} in it`)
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid, ts }) =>
      name === "RunTask" && ph === "X" && pid === commit.pid && tid === commit.tid && ts > commit.ts,
  )
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1_000
}
