/** Who may hold a socket: counts per machine, per address and per token. */
import { addressGroup } from "./addresses.ts"
import { LIMITS } from "./protocol.ts"

export type Limits = {
  /** False lifts every rate and every count per address and per token. */
  rates: boolean
  /** Sockets in all, counted in any case: past the file limit nothing is answered any more. */
  maxSockets: number
}

export type Admission = {
  /** Why this socket may not stay, if so. */
  readonly refused: string | undefined
  /** Counts the socket for its token from now on; a text is the reason why it may not stay. */
  authenticated(tokenId: string): string | undefined
  leave(): void
}

export type Admissions = { enter(address: string): Admission }

export function createAdmissions({ rates, maxSockets }: Limits): Admissions {
  const perAddress = counter()
  const strangersPerAddress = counter()
  const perToken = counter()
  let sockets = 0
  let strangers = 0

  function refusal(address: string): string | undefined {
    if (sockets >= maxSockets) return "Too many sockets"
    if (!rates) return undefined
    if (perAddress.of(address) >= LIMITS.socketsPerAddress) return "Too many sockets from this address"
    if (strangersPerAddress.of(address) >= LIMITS.socketsBeforeAuthPerAddress) {
      return "Too many sockets from this address without auth"
    }
    return strangers >= LIMITS.socketsBeforeAuth ? "Too many sockets without auth" : undefined
  }

  function noStranger(address: string): void {
    strangers--
    strangersPerAddress.add(address, -1)
  }

  return {
    enter(remoteAddress) {
      const address = addressGroup(remoteAddress)
      const refused = refusal(address)
      if (refused) return { refused, authenticated: () => refused, leave() {} }
      let token: string | undefined
      sockets++
      strangers++
      perAddress.add(address, 1)
      strangersPerAddress.add(address, 1)
      return {
        refused,
        authenticated(tokenId) {
          if (rates && perToken.of(tokenId) >= LIMITS.socketsPerToken)
            return "Too many sockets with this token"
          noStranger(address)
          token = tokenId
          perToken.add(tokenId, 1)
          return undefined
        },
        leave() {
          sockets--
          perAddress.add(address, -1)
          if (token === undefined) noStranger(address)
          else perToken.add(token, -1)
        },
      }
    },
  }
}

function counter() {
  const counts = new Map<string, number>()
  return {
    of: (key: string): number => counts.get(key) ?? 0,
    add(key: string, change: number): void {
      const count = (counts.get(key) ?? 0) + change
      if (count > 0) counts.set(key, count)
      else counts.delete(key)
    },
  }
}
