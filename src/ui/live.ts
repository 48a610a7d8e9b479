/** The night as signals, kept current by the product's own client. */
import { computed, effect, signal } from "@preact/signals"
import { type Following, type FollowState, follow } from "../client/follow.ts"
import { createRequests, RequestError } from "../client/request.ts"
import type { SessionGame } from "../session-games.ts"
import { account, guestToken, isHost, keepGuestToken, refuse } from "./account.ts"
import { stays } from "./leaving.ts"
import { after, fromSnapshot, type Night, NO_NIGHT, playing, withRows } from "./night.ts"

const told = signal<Night | undefined>(undefined)
/** Undefined until the service has told how things stand. */
export const night = computed(() => told.value && withoutLeaving(told.value))
export const connection = signal<FollowState>("connecting")
/** True where only people with a token may look. */
export const isClosed = signal(false)

export const session = computed(() => night.value?.session ?? null)
export const current = computed(() => (night.value ? playing(night.value) : undefined))

/** A token that was given with the address, such as `/overlay#token=...`; kept out of the log of any proxy. */
export const givenToken: string | undefined =
  new URLSearchParams(location.hash.slice(1)).get("token") ??
  new URLSearchParams(location.search).get("token") ??
  undefined

export const requests = createRequests({
  token: () => account.value?.token ?? givenToken,
  onRefused: refuse,
})

async function tokenFor(refused: string | undefined): Promise<string | undefined> {
  if (refused) refuse(refused)
  const known = account.value?.token ?? givenToken ?? guestToken()
  if (known && known !== refused) return known
  if (givenToken) return undefined
  try {
    const { token } = await requests.send<{ token: string }>("POST", "/api/auth/guest")
    keepGuestToken(token)
    isClosed.value = false
    return token
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 404) throw error
    isClosed.value = true
    return undefined
  }
}

let following: Following | undefined

/** Follows the night with the token of whoever is there now. */
export function goLive(): void {
  effect(() => {
    account.value
    following?.stop()
    following = follow({
      url: `${location.origin.replace(/^http/, "ws")}/api/sessions/live`,
      token: tokenFor,
      onSnapshot: (active) => {
        told.value = fromSnapshot(active)
      },
      onEvent: (event) => {
        told.value = after(told.value ?? NO_NIGHT, event)
      },
      onState: (state) => {
        // Between two tries nothing is better yet.
        const goesOn = state === "connecting" && connection.peek() === "waiting"
        if (!goesOn) connection.value = state
      },
    })
  })
  effect(learnRows)
  const nudge = () => document.visibilityState === "visible" && following?.nudge()
  addEventListener("online", nudge)
  document.addEventListener("visibilitychange", nudge)
}

/** A host acts on rows; an event names the game alone. */
function learnRows(): void {
  const id = session.value?.id
  if (!isHost.value || id === undefined || !told.value?.games.some(({ row }) => row === null)) return
  requests
    .send<SessionGame[]>("GET", rowsPath(id))
    .then((rows) => {
      if (told.value) told.value = withRows(told.value, id, rows)
    })
    .catch(() => {})
}

const rowsPath = (session: number): string => `/api/sessions/${session}/games`

export const rowPathIn = (session: number, row: number | null): string => `${rowsPath(session)}/${row}`

/** What this host takes out is off this screen before anybody else hears of it. */
function withoutLeaving(night: Night): Night {
  const id = night.session?.id
  if (id === undefined) return night
  return { ...night, games: night.games.filter(({ row }) => stays(rowPathIn(id, row))) }
}
