/** Who may hold a socket: counts per machine, per address and per token. */
import { addressGroup } from "./addresses.ts"
import { LIMITS } from "./protocol.ts"

export type Limits = {
  /** False lifts every rate and every count per address and per token. */
  rates: boolean
  /** Sockets in all, counted in any case: past the file limit nothing is answered any more. */
  maxSockets: number
}

/** An address, or a household of them, as all its sockets share it. */
export type Origin = { readonly address: string; sockets: number; strangers: number }

export type Admissions = {
  /** Counts a socket where it comes from, or says why it may not stay. */
  enter(address: string): { origin: Origin; refused?: undefined } | { origin?: undefined; refused: string }
  /** Counts a socket that entered for its token from now on; a text is the reason why it may not stay. */
  authenticated(origin: Origin, tokenId: string): string | undefined
  /** `tokenId` is undefined for a socket that was never counted for one. */
  leave(origin: Origin, tokenId: string | undefined): void
}

export function createAdmissions({ rates, maxSockets }: Limits): Admissions {
  const origins = new Map<string, Origin>()
  const perToken = new Map<string, number>()
  let sockets = 0
  let strangers = 0

  function refusal(origin: Origin): string | undefined {
    if (sockets >= maxSockets) return "Too many sockets"
    if (!rates) return undefined
    if (origin.sockets >= LIMITS.socketsPerAddress) return "Too many sockets from this address"
    if (origin.strangers >= LIMITS.socketsBeforeAuthPerAddress) {
      return "Too many sockets from this address without auth"
    }
    return strangers >= LIMITS.socketsBeforeAuth ? "Too many sockets without auth" : undefined
  }

  function noStranger(origin: Origin): void {
    strangers--
    origin.strangers--
  }

  return {
    enter(remoteAddress) {
      const address = addressGroup(remoteAddress)
      const origin = origins.get(address) ?? { address, sockets: 0, strangers: 0 }
      const refused = refusal(origin)
      if (refused) return { refused }
      origins.set(address, origin)
      sockets++
      strangers++
      origin.sockets++
      origin.strangers++
      return { origin }
    },
    authenticated(origin, tokenId) {
      const count = perToken.get(tokenId) ?? 0
      if (rates && count >= LIMITS.socketsPerToken) return "Too many sockets with this token"
      noStranger(origin)
      perToken.set(tokenId, count + 1)
      return undefined
    },
    leave(origin, tokenId) {
      sockets--
      origin.sockets--
      if (origin.sockets === 0) origins.delete(origin.address)
      if (tokenId === undefined) return noStranger(origin)
      const left = (perToken.get(tokenId) ?? 0) - 1
      if (left > 0) perToken.set(tokenId, left)
      else perToken.delete(tokenId)
    },
  }
}
