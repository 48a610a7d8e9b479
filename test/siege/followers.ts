/**
 * A process full of followers of a running service, for scenarios that need more of them than one process serves, or
 * followers that stop as a whole: `bun test/siege/followers.ts '{"url","token","count","sessions"}'`. Says `ready`, then
 * `closed CODE` for each follower that is cut.
 */
import { openLight } from "../support/light-socket.ts"

/** Sockets on their way in at once; the service lets that many wait before auth. */
const AT_ONCE = 50

const { url, token, count, sessions } = JSON.parse(process.argv[2] ?? "{}") as {
  url: string
  token: string
  count: number
  sessions: number[]
}

async function follow(): Promise<void> {
  const ready = Promise.withResolvers<void>()
  const answers = 1 + sessions.length
  let heard = 0
  const socket = await openLight(
    { url },
    {
      onText: () => {
        if (++heard === answers) ready.resolve()
      },
    },
  )
  void socket.closed.then((code) => console.log(`closed ${code}`))
  const subscribe = sessions.map((sessionId) => ({ type: "subscribe", sessionId }))
  socket.send(...[{ type: "auth", token }, ...subscribe].map((message) => JSON.stringify(message)))
  await ready.promise
}

let left = count
await Promise.all(
  Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
    while (left-- > 0) await follow()
  }),
)
console.log("ready")
