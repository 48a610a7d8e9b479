/** Calls the REST API as a client would, and keeps what came back. */
import { tellExchange } from "./exchanges.ts"
import { ADMIN_KEY, type TestServer } from "./server.ts"

// biome-ignore lint/suspicious/noExplicitAny: a body is whatever the server sent, and the test says what it must be
export type Body = any

export type Answer = { status: number; headers: Headers; body: Body; text: string }

export type Api = {
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** The same API with another token, or none. */
  as(token: string | undefined): Api
  token: string | undefined
}

export function createApi({ url }: Pick<TestServer, "url">, token?: string): Api {
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array
    const sent = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    }
    const payload = raw ? (body as string | Uint8Array<ArrayBuffer> | undefined) : JSON.stringify(body)
    const response = await fetch(url + path, {
      method,
      headers: sent,
      ...(payload !== undefined && { body: payload }),
    })
    const text = await response.text()
    tellExchange({ method, path, sent, payload, status: response.status, headers: response.headers, text })
    return { status: response.status, headers: response.headers, text, body: jsonOr(text) }
  }
  return Object.assign(call, { token, as: (other: string | undefined) => createApi({ url }, other) })
}

function jsonOr(text: string): Body {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Logs in as the owner. */
export async function asAdmin(server: Pick<TestServer, "url">, key = ADMIN_KEY): Promise<Api> {
  const { body, status, text } = await createApi(server)("POST", "/api/auth/login", { key })
  if (status !== 200) throw new Error(`Cannot log in: ${text}`)
  return createApi(server, body.token)
}

/** Makes a named token of this role, which lives a year unless told, and gives the API with it. */
export async function asRole(admin: Api, role: string, days?: number): Promise<Api & { id: string }> {
  const wish = { name: `${role} of the tests`, role, expires_in_days: days }
  const { body } = await admin("POST", "/api/tokens", wish)
  return Object.assign(admin.as(body.token), { id: body.id as string })
}
