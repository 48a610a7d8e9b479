/** Who is connected to the live socket, as hosts may see it. */
import type { Connection } from "./live-connection.ts"
import type { Role } from "./store/schema.ts"

/** `lag_bytes` waits for a reader that is behind; `silent_seconds` have passed since anything came from it. */
export type PresentSocket = {
  name: string
  role: Role
  since: string
  silent_seconds: number
  lag_bytes: number
  sessions: number[]
}

/** Those that said who they are, in the order they came. */
export function presentSockets(
  connections: Iterable<Connection>,
  elapsed: number,
  now: number,
): PresentSocket[] {
  const present: PresentSocket[] = []
  for (const { identity, socket, sessions, openedAt, lastSeen, closing } of connections) {
    if (!identity || closing) continue
    present.push({
      name: identity.name,
      role: identity.role,
      since: new Date(now - (elapsed - openedAt)).toISOString(),
      silent_seconds: Math.round((elapsed - lastSeen) / 1000),
      lag_bytes: socket.getBufferedAmount(),
      sessions: [...(sessions ?? [])],
    })
  }
  return present
}
