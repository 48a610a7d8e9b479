/** A follower that knows its place in the log and comes back to it; it must hear every event once and in order. */
import { type LightSocket, openLight } from "../support/light-socket.ts"

export type Place = { epoch: string; seq: number }

export type Returner = {
  socket: LightSocket
  /** Moves on with every event. */
  place: Place
  /** Milliseconds from its `auth` until it had heard all there was. */
  tookMs: number
}

type Options = {
  place?: Place | undefined
  hear?: () => void
  /** Hears of a lost or doubled event after the way in. */
  wrong?: (why: string) => void
}

type Message = { type: string; epoch?: string; seq?: number; recovered?: boolean }

/** Resolves once it is live; rejects when its place is gone or an event is lost or doubled on the way. */
export async function openReturner(
  { url, token, sessionId }: { url: string; token: string; sessionId: number },
  { place, hear = () => {}, wrong = () => {} }: Options = {},
): Promise<Returner> {
  const here: Place = { epoch: place?.epoch ?? "", seq: place?.seq ?? 0 }
  const { promise: live, resolve, reject } = Promise.withResolvers<void>()
  let head: number | undefined

  function fail(why: string): void {
    reject(new Error(why))
    wrong(why)
  }
  function enter({ epoch = "", seq = 0, recovered }: Message): void {
    if (place && !recovered) fail(`The place ${place.seq} is gone`)
    here.epoch = epoch
    if (!place) here.seq = seq
    head = seq
  }
  const socket = await openLight(
    { url },
    {
      onText(text) {
        const message: Message = JSON.parse(text)
        if (message.type === "auth_success") enter(message)
        else if (message.seq !== here.seq + 1) fail(`Heard ${text} after ${here.seq}`)
        else {
          here.seq = message.seq
          hear()
        }
        if (head !== undefined && here.seq >= head) resolve()
      },
    },
  )
  void socket.closed.then((code) => reject(new Error(`A follower was cut with ${code}`)))
  const asked = performance.now()
  socket.send(JSON.stringify({ type: "auth", token, resume: { ...place, sessions: [sessionId] } }))
  await live
  return { socket, place: here, tookMs: performance.now() - asked }
}
