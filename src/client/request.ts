/** Requests to the service: with a token, with an Idempotency-Key where it counts, and errors as they are told. */

export type FieldError = { path: string; message: string; line?: number }

/** The body of a refusal; some codes bring members of their own. */
export type Problem = {
  code?: string
  detail?: string
  errors?: readonly FieldError[]
  readonly [member: string]: unknown
}

/** What the service refused, as in its answer (RFC 9457). `code` does not change; 0 stands for no answer at all. */
export class RequestError extends Error {
  override name = "RequestError"
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[]
  readonly body: Problem

  constructor(status: number, code: string, message: string, body: Problem = {}) {
    super(message)
    this.status = status
    this.code = code
    this.errors = body.errors ?? []
    this.body = body
  }
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

export type Requests = {
  /** Gives the JSON of the answer. Throws `RequestError`. */
  send<T>(method: Method, path: string, body?: unknown): Promise<T>
  /** Gives the answer itself, for files and streams. Throws `RequestError`. */
  open(method: Method, path: string, init?: RequestInit): Promise<Response>
}

type Options = {
  /** Such as http://localhost:5000; empty for the page's own. */
  base?: string
  token: () => string | undefined
  /** Hears of a token that is good no more. */
  onRefused?: (token: string) => void
}

/** Tries of a request that gets no answer; what bears a key, or changes nothing, may be sent again. */
const TRIES = 3
const AGAIN_AFTER_MS = 400
const LONGEST_KEPT = 10_000

export function createRequests({ base = "", token, onRefused = () => {} }: Options): Requests {
  async function open(method: Method, path: string, init: RequestInit = {}): Promise<Response> {
    const given = token()
    const headers = new Headers(init.headers)
    if (given && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${given}`)
    if (method === "POST") headers.set("Idempotency-Key", newKey())
    // What was sent is carried out even if its page is closed meanwhile; browsers allow that for 64 KiB.
    const keepalive = method !== "GET" && (init.body === undefined || String(init.body).length < LONGEST_KEPT)
    const answer = await fetchAgain(`${base}${path}`, { ...init, method, headers, keepalive })
    if (answer.ok) return answer
    const body = (await answer.json().catch(() => ({}))) as Problem
    const { code = "unknown", detail = `${answer.status} ${answer.statusText}` } = body
    if (code === "invalid_token" && given) onRefused(given)
    throw new RequestError(answer.status, code, detail, body)
  }

  return {
    open,
    async send<T>(method: Method, path: string, body?: unknown) {
      const json = { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
      const answer = await open(method, path, body === undefined ? {} : json)
      return (answer.status === 204 ? undefined : await answer.json()) as T
    },
  }
}

async function fetchAgain(url: string, init: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(url, init)
    } catch (error) {
      if (tries === TRIES || init.signal?.aborted) {
        throw new RequestError(0, "unreachable", error instanceof Error ? error.message : String(error))
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS * tries))
    }
  }
}

/** 128 bits by chance; `randomUUID` is there over HTTPS only. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
