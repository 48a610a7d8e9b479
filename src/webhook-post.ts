/** One message to a receiver: signed, sent once, and what became of it in one sentence. */

export type Receiver = { url: string; secret: string }

export type Message = {
  event: string
  /** The same for every try, so that a receiver can tell what it had before. */
  delivery: string
  attempt: number
  /** The place of the event in the log; a test has none. */
  seq?: number
  body: string
}

/** `status` is null where nobody answered, `error` where the receiver took it. */
export type Outcome = { status: number | null; error: string | null; duration_ms: number }

export type Post = (receiver: Receiver, message: Message, signal: AbortSignal) => Promise<Outcome>

type Options = {
  /** How long an answer may take, in milliseconds. */
  timeoutMs?: number
  /** Milliseconds of a clock that nobody can set. */
  elapsed?: () => number
}

const TIMEOUT_MS = 10_000
/** What is read of an answer, so that its connection serves the next message; the rest of a longer one is left. */
const ANSWER_BYTES = 4_096

/** What it gives means nothing once `signal` has ended it. */
export function createPost({
  timeoutMs = TIMEOUT_MS,
  elapsed = () => performance.now(),
}: Options = {}): Post {
  return async (receiver, message, signal) => {
    const began = elapsed()
    const since = () => Math.round(elapsed() - began)
    const cut = new AbortController()
    const end = () => cut.abort()
    const timer = setTimeout(end, timeoutMs)
    signal.addEventListener("abort", end)
    if (signal.aborted) end()
    try {
      const answer = await send(receiver, message, cut.signal)
      const duration_ms = since()
      await drain(answer).catch(() => undefined)
      return { status: answer.status, error: refusalIn(answer), duration_ms }
    } catch (error) {
      const why = cut.signal.aborted ? `there was no answer within ${timeoutMs / 1_000} s` : reasonOf(error)
      return { status: null, error: `Cannot deliver: ${why}`, duration_ms: since() }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener("abort", end)
    }
  }
}

async function send({ url, secret }: Receiver, message: Message, signal: AbortSignal): Promise<Response> {
  const { event, delivery, attempt, seq } = message
  const { href, authorization } = addressIn(url)
  const body = new TextEncoder().encode(message.body)
  return fetch(href, {
    method: "POST",
    redirect: "manual",
    // Bun would unpack a whole chunk at once; Node unpacks no more than is read.
    decompress: false,
    signal,
    body,
    headers: {
      "Content-Type": "application/json",
      "User-Agent": "gamenight",
      "X-Webhook-Event": event,
      "X-Webhook-Signature": `sha256=${await signatureOf(secret, body)}`,
      "X-Webhook-Delivery": delivery,
      "X-Webhook-Attempt": String(attempt),
      ...(seq !== undefined && { "X-Webhook-Seq": String(seq) }),
      ...(authorization && { Authorization: authorization }),
    },
  })
}

/** HMAC-SHA256 in hexadecimal, by the key that is the secret in UTF-8. */
async function signatureOf(secret: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" }
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), algorithm, false, [
    "sign",
  ])
  return Buffer.from(await crypto.subtle.sign("HMAC", key, body)).toString("hex")
}

/** Node refuses an address with a name and a password in it, and would quote both in its error. */
function addressIn(url: string): { href: string; authorization: string | undefined } {
  const address = new URL(url)
  const { username, password } = address
  address.username = ""
  address.password = ""
  address.hash = ""
  const both = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64")
  return { href: address.href, authorization: username || password ? `Basic ${both}` : undefined }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function drain({ body }: Response): Promise<void> {
  const reader = body?.getReader()
  for (let bytes = 0; reader && bytes < ANSWER_BYTES; ) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.byteLength
  }
  await reader?.cancel()
}

function refusalIn({ ok, status }: Response): string | null {
  if (ok) return null
  const redirects = status >= 300 && status < 400 ? ", and redirects are not followed" : ""
  return `Cannot deliver: the receiver answered ${status}${redirects}`
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed before the answer",
  UND_ERR_SOCKET: "the connection was closed before the answer",
  ENOTFOUND: "nobody knows the name of the host",
  EAI_AGAIN: "the name of the host cannot be looked up now",
}

/** In our own words: what a runtime says may quote the address. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = Reflect.get(Object(cause), "code")
  if (typeof code !== "string") return "the request could not be sent"
  return REASONS[code] ?? `the connection failed (${code})`
}
