/** Reads an answer that stays open, piece by piece. */
import { tellExchange } from "./exchanges.ts"
import { type TestServer, within } from "./server.ts"

export type Stream = {
  status: number
  headers: Headers
  /** The text up to the next `end`, without it. */
  next(end: string): Promise<string>
  /** Resolves once the server ended it. */
  ended: Promise<void>
  close(): void
}

export async function openStream(
  { url }: Pick<TestServer, "url">,
  path: string,
  headers: Record<string, string>,
): Promise<Stream> {
  const abort = new AbortController()
  const response = await fetch(url + path, { headers, signal: abort.signal })
  tellExchange({ method: "GET", path, sent: headers, status: response.status, headers: response.headers })
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let text = ""
  let wake = () => {}
  void (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      wake()
    }
  })().then(end, end)
  return {
    status: response.status,
    headers: response.headers,
    async next(mark) {
      while (!text.includes(mark)) {
        await within<void>(`${JSON.stringify(mark)} in the stream ${path}`, (done) => {
          wake = done
        })
      }
      const at = text.indexOf(mark)
      const found = text.slice(0, at)
      text = text.slice(at + mark.length)
      return found
    },
    ended,
    close: () => abort.abort(),
  }
}
