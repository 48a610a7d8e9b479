/** Who sits before the page: somebody who logged in, or a guest who may look and listen. */
import { computed, signal } from "@preact/signals"
import type { Role } from "../store/schema.ts"
import { recall, remember } from "./keep.ts"

export type Account = { token: string; name: string; role: Role; expires: number }

const LOGIN = "gamenight.login"
const GUEST = "gamenight.guest"
const RANKS: readonly Role[] = ["viewer", "bot", "host", "admin"]

/** The claims of a token (RFC 7519 section 4), unchecked: the service checks them. */
export function accountOf(token: string | undefined): Account | undefined {
  try {
    const part = token?.split(".")[1] ?? ""
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0))
    const { name, role, exp } = JSON.parse(new TextDecoder().decode(bytes))
    return token && exp * 1000 > Date.now() ? { token, name, role, expires: exp * 1000 } : undefined
  } catch {
    return undefined
  }
}

export const account = signal<Account | undefined>(accountOf(recall(LOGIN)))

/** True after a login ended by itself, so that the page can say why it asks again. */
export const loginEnded = signal(recall(LOGIN) !== undefined && !account.value)

export const may = (role: Role): boolean =>
  account.value !== undefined && RANKS.indexOf(account.value.role) >= RANKS.indexOf(role)

export const isHost = computed(() => may("host"))
export const isAdmin = computed(() => may("admin"))

export function logIn(token: string): void {
  remember(LOGIN, token)
  account.value = accountOf(token)
  loginEnded.value = false
}

export function logOut(ended = false): void {
  remember(LOGIN, undefined)
  account.value = undefined
  loginEnded.value = ended
}

/** A token that the service refuses is of no use any more. */
export function refuse(token: string): void {
  if (account.value?.token === token) logOut(true)
  if (recall(GUEST) === token) remember(GUEST, undefined)
}

/** The token of a guest that this browser was given before, if it is good. */
export const guestToken = (): string | undefined => accountOf(recall(GUEST))?.token
export const keepGuestToken = (token: string): void => remember(GUEST, token)
