/** What the clients of the tests asked and got, for whoever wants to hold it against something. */

export type Exchange = {
  method: string
  path: string
  /** The headers and the body of the request, as far as the client knows them. */
  sent?: Readonly<Record<string, string>>
  payload?: string | Uint8Array | undefined
  status: number
  headers: Headers
  /** The body of the answer; undefined while it is still coming in. */
  text?: string
}

type Listener = (exchange: Exchange) => void
const listeners = new Set<Listener>()

export function tellExchange(exchange: Exchange): void {
  for (const listener of listeners) listener(exchange)
}

/** Hears every exchange from now on, until the function it gives is called. */
export function overhear(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
