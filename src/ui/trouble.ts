/** Actions of a page: one at a time, and what went wrong in words. */
import { signal } from "@preact/signals"
import { useMemo } from "preact/hooks"
import { RequestError } from "../client/request.ts"
import { t } from "./look.ts"

/** A failure as the reader's language has it; what only the service can say is quoted. */
export function sayWhy(error: unknown): string {
  const { common } = t.value
  if (!(error instanceof RequestError))
    return common.refused(error instanceof Error ? error.message : String(error))
  const { code } = error
  if (code in common.codes) return common.codes[code as keyof typeof common.codes]
  switch (error.status) {
    case 0:
      return common.unreachable
    case 401:
    case 403:
      return common.forbidden
    case 404:
      return common.gone
    case 429:
      return common.rateLimited
    default:
      return common.refused(
        error.errors.map(({ path, message }) => `${path}: ${common.wrong(message)}`).join(", ") ||
          error.message,
      )
  }
}

/** What is to be mended may stand out of sight. */
function lookAtField(): void {
  if (document.activeElement?.matches("[aria-invalid]")) return
  document.querySelector<HTMLElement>("[aria-invalid]")?.focus()
}

export type Action = ReturnType<typeof createAction>

/** `run` does nothing while the one before is still under way; `error` is what the last one ended with. */
export function createAction() {
  const busy = signal(false)
  const error = signal<unknown>(undefined)
  return {
    busy,
    error,
    async run(act: () => Promise<unknown>): Promise<boolean> {
      if (busy.value) return false
      busy.value = true
      error.value = undefined
      try {
        await act()
        return true
      } catch (caught) {
        error.value = caught
        setTimeout(lookAtField)
        return false
      } finally {
        busy.value = false
      }
    },
  }
}

export const useAction = (): Action => useMemo(createAction, [])
