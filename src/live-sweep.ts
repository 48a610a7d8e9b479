/** Looks after the open sockets every few seconds: silent peers are cut, and a token ends with its time. */
import { type Connection, close } from "./live-connection.ts"
import { CLOSE, LIMITS } from "./protocol.ts"

/** How often the sweep is run. */
export const SWEEP_MS = 5_000

type Options = { connections: ReadonlySet<Connection>; now: () => number; elapsed: () => number }

/** Silence is measured on the monotonic clock: setting the wall clock cuts nobody. */
export function createSweep({ connections, now, elapsed }: Options): () => void {
  let sincePing = 0
  return () => {
    const clock = elapsed()
    const second = now() / 1000
    sincePing += SWEEP_MS
    const ping = sincePing >= LIMITS.pingEveryMs
    if (ping) sincePing = 0
    for (const connection of connections) {
      const { identity, socket, lastSeen, closing } = connection
      if (clock - lastSeen > LIMITS.silentAfterMs) socket.terminate()
      else if (identity && identity.exp + LIMITS.clockToleranceSeconds <= second) {
        close(connection, CLOSE.tokenExpired, "Token expired")
      } else if (ping && !closing) socket.ping()
    }
  }
}
