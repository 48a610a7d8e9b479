/**
 * The event log as a stream over HTTP: what is stored after a place, then what comes. It reads the log at the pace of
 * its reader, so nothing piles up for a slow one, and there is no seam to what is live.
 */
import type { EventFilter, Events, StoredEvent } from "./events.ts"
import { LIMITS } from "./protocol.ts"
import type { Identity } from "./tokens.ts"

/** How a stream is written: its events, and a sign of life that readers pass over. */
export type StreamFormat = {
  /**
   * Sent at once; the stream goes on after `seq`. One that cannot give everything after the place it was asked for
   * begins live and says so.
   */
  begin: (seq: number, recovered: boolean) => string
  event: (event: StoredEvent) => string
  idle: string
}

export type StreamWish = {
  /** The place it begins after; undefined to begin live and say that what was asked for is gone. */
  since: number | undefined
  filter: Omit<EventFilter, "through">
  format: StreamFormat
  identity: Identity
  /** Called once the stream is over, however it ends. */
  onEnd: () => void
}

export type EventStreams = {
  /** Begins with the first read. It ends with its reader, its token or the service. */
  open(wish: StreamWish): ReadableStream<Uint8Array>
  /** Ends every stream that came in with this token. */
  tokenRevoked(tokenId: string): void
  stop(): void
}

/** A sign of life this often keeps proxies from closing a quiet stream, and finds readers that went away. */
const IDLE_MS = 15_000
/** Rows one read of the log looks at. */
const WINDOW = 5_000

type Options = { events: Events; now?: () => number }

export function createEventStreams({ events, now = Date.now }: Options): EventStreams {
  const open = new Map<() => void, Identity>()
  const encoder = new TextEncoder()

  /** Waits for the next event; false when there was none for a while, or the stream ended meanwhile. */
  function news(onWait: (giveUp: () => void) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const stop = events.onNext(() => done(true))
      const timer = setTimeout(() => done(false), IDLE_MS)
      const done = (there: boolean) => {
        clearTimeout(timer)
        stop()
        resolve(there)
      }
      onWait(() => done(false))
    })
  }

  return {
    open({ since, filter, format, identity, onEnd }) {
      let seq = since ?? events.head()
      let ended = false
      let giveUp = () => {}
      let stalled: ReturnType<typeof setTimeout> | undefined
      let first: string | undefined = format.begin(seq, since !== undefined)

      const end = () => {
        if (ended) return
        ended = true
        clearTimeout(stalled)
        open.delete(end)
        giveUp()
        onEnd()
      }
      open.set(end, identity)

      async function next(): Promise<string | undefined> {
        while (!ended && identity.exp + LIMITS.clockToleranceSeconds > now() / 1000) {
          while (seq < events.head()) {
            const through = Math.min(events.head(), seq + WINDOW)
            const batch = await events.since(seq, LIMITS.replayBatch, { ...filter, through })
            // Retention took what comes next: the reader comes back and is told to start over.
            if (events.prunedThrough() > seq) return undefined
            seq = batch.length === LIMITS.replayBatch ? (batch.at(-1)?.seq ?? through) : through
            if (batch.length > 0) return batch.map(format.event).join("")
          }
          const there = await news((stop) => {
            giveUp = stop
          })
          if (!there && !ended) return format.idle
        }
        return undefined
      }

      return new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            clearTimeout(stalled)
            const text = first ?? (await next())
            first = undefined
            if (text !== undefined) {
              // The next pull comes once this has been taken.
              stalled = setTimeout(() => {
                end()
                controller.error(new Error("The reader stopped reading"))
              }, LIMITS.silentAfterMs)
              return controller.enqueue(encoder.encode(text))
            }
            end()
            controller.close()
          },
          cancel: end,
        },
        { highWaterMark: 0 },
      )
    },

    tokenRevoked(tokenId) {
      for (const [end, { id }] of open) if (id === tokenId) end()
    },

    stop() {
      for (const end of [...open.keys()]) end()
    },
  }
}
