/** The one error class of gamenight, and the closed list of codes that every edge translates. */

export type ErrorCode =
  | "invalid_input"
  | "unauthenticated"
  | "invalid_token"
  | "invalid_key"
  | "forbidden"
  | "not_found"
  | "session_not_found"
  | "game_not_found"
  | "no_game_fits"
  | "poll_not_found"
  | "method_not_allowed"
  | "conflict"
  | "session_active"
  | "session_closed"
  | "duplicate_vote"
  | "poll_running"
  | "poll_closed"
  | "idempotency_key_reused"
  | "too_large"
  | "unsupported_media_type"
  | "misdirected"
  | "upgrade_required"
  | "rate_limited"
  | "internal"
  | "shutting_down"
  | "disk_full"

/** One field that was refused: `path` in dotted form, empty for the whole body; `line` in a table, from 1. */
export type FieldError = { line?: number; path: string; message: string }

export type ErrorDetails = {
  errors?: FieldError[]
  /** Seconds after which the same request may succeed; becomes `Retry-After`. */
  retryAfter?: number
  /** Methods the path knows; becomes `Allow`. */
  allow?: string[]
  /** Members added to the problem document. */
  members?: Record<string, unknown>
}

/** A failure a caller can understand. Everything else is a defect: "Internal error" outside, whole in the log. */
export class AppError extends Error {
  override name = "AppError"
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** What the log says of a defect: all that is known of it. */
export const defectIn = (error: unknown): string =>
  `Internal error: ${error instanceof Error ? (error.stack ?? error.message) : error}`

/** A start that cannot go on: one sentence for the owner and the exit code of the process. */
export class StartError extends Error {
  override name = "StartError"
  readonly exitCode: number

  /** `exitCode`: 1 failed, 2 wrong use or a database of a newer gamenight or of another program, 3 a corrupt database. */
  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}
