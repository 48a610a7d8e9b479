/** How a route may fail: what every route has in common, and the problem document of each kind of failure. */
import * as v from "valibot"
import type { ErrorCode } from "../errors.ts"
import type { Access } from "../http/context.ts"
import { STATUS } from "../http/problem.ts"
import * as examples from "./examples.ts"
import { type Answer, count, type Description, type HeaderName, id, text } from "./parts.ts"
import { poll } from "./polls.ts"

/** When each happens, in words for the documents. */
const WHEN: Record<ErrorCode, string> = {
  invalid_input: "the path, the query, a header or the body makes no sense; `errors` names each wrong field",
  unauthenticated: "there is no token",
  invalid_token: "the token is wrong, expired or revoked",
  invalid_key: "the key or the code is wrong",
  forbidden: "the role of the token is too low, or the origin of the page is not allowed",
  not_found: "there is none",
  session_not_found: "there is no such session, or none runs",
  game_not_found: "there is no such game, or none was played at the time of the vote",
  poll_not_found: "there is no such poll, or none runs",
  no_game_fits: "no game fits; `filter` is the one that left none, `relax` what giving up each would bring",
  method_not_allowed: "the path knows other methods",
  conflict: "a name is taken, or the state does not allow it",
  session_active: "a session runs; where one stands in the way, `activeSessionId` is its id",
  session_closed: "the session is over",
  duplicate_vote: "the same voter voted within the second",
  poll_running: "a poll runs; `pollId` is its id",
  poll_closed: "the poll is closed; `poll` is its result",
  idempotency_key_reused: "the `Idempotency-Key` came before with another request",
  too_large: "the body is too large",
  unsupported_media_type: "the body is of another media type",
  misdirected: "the `Host` is not this service",
  upgrade_required: "the request opens no socket, or not in version 13",
  rate_limited: "it was too much at once",
  internal: "a defect; the log has it whole",
  shutting_down: "the service is stopping",
  disk_full: "the disk is full; reads go on",
}

/** Members that some problems have beyond the others. */
const MEMBERS: Partial<Record<ErrorCode, v.ObjectEntries>> = {
  session_active: { activeSessionId: v.optional(id) },
  poll_running: { pollId: v.optional(id) },
  poll_closed: { poll: v.optional(poll) },
  no_game_fits: {
    filter: v.optional(text),
    relax: v.optional(v.array(v.strictObject({ filter: text, games: count }))),
  },
}

const fieldError = v.strictObject({ line: v.optional(id), path: text, message: text })

const HEADERS_OF: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ["WWW-Authenticate"],
  426: ["Upgrade"],
  429: ["Retry-After"],
  503: ["Retry-After"],
}

/** Every code with which a route may answer. */
export function codesOf(method: string, path: string, access: Access, description: Description): ErrorCode[] {
  const { query, body, once, problems = [] } = description
  const writes = method !== "GET"
  const asks = access !== "anyone"
  const reads = query !== undefined || body !== undefined || once || /:(id|gameRow)\b/.test(path)
  const isToken = path.startsWith("/api/tokens/")
  const codes: ErrorCode[] = [
    ...(reads && !isToken ? (["invalid_input"] as const) : []),
    ...(asks ? (["unauthenticated", "invalid_token"] as const) : []),
    "forbidden",
    ...problems,
    ...(once ? (["idempotency_key_reused"] as const) : []),
    ...(writes ? (["too_large"] as const) : []),
    ...(body ? (["unsupported_media_type"] as const) : []),
    "misdirected",
    "internal",
    "shutting_down",
    ...(writes ? (["disk_full"] as const) : []),
  ]
  return [...new Set(codes)]
}

/** The codes by the status they come with. */
export function byStatus(codes: readonly ErrorCode[]): [status: number, codes: ErrorCode[]][] {
  return [...Map.groupBy(codes, (code) => STATUS[code][0])].sort(([a], [b]) => a - b)
}

/** The answer with one of these codes, which share a status. */
export function problem(status: number, codes: readonly ErrorCode[]): Answer {
  const [first = "internal"] = codes
  const title = STATUS[first][1]
  const schema = v.strictObject({
    type: v.literal("about:blank"),
    title: v.literal(title),
    status: v.literal(status),
    detail: text,
    code: v.picklist(codes),
    error: text,
    errors: v.optional(v.array(fieldError)),
    ...Object.assign({}, ...codes.map((code) => MEMBERS[code])),
  })
  return {
    description: `${title}. ${codes.map((code) => `\`${code}\`: ${WHEN[code]}.`).join(" ")}`,
    headers: HEADERS_OF[status] ?? [],
    content: {
      "application/problem+json": {
        schema,
        ...(status === 400 && { example: examples.invalidVote }),
      },
    },
  }
}
