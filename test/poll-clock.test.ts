/** The clock of a poll: its timer closes it without anybody asking, and does not give up. */
import { expect, onTestFinished, test } from "bun:test"
import { createPollClock, type Deadline } from "../src/poll-clock.ts"
import { within } from "./support/server.ts"

const elapsed = () => performance.now()

test("the timer itself closes a poll at its time, and tries again where that failed", async () => {
  const closed: Deadline[] = []
  const log: string[] = []
  await within("a poll that is closed", (done) => {
    const clock = createPollClock({
      log: (line) => log.push(line),
      elapsed,
      retryMs: 5,
      async close(deadline) {
        if (log.length < 2) throw new Error("no space")
        closed.push(deadline)
        done(undefined)
      },
    })
    onTestFinished(clock.stop)
    clock.set({ pollId: 7, endsAt: "then", at: elapsed() + 5 })
  })
  expect(closed.map(({ pollId }) => pollId)).toEqual([7])
  expect(log).toEqual(Array(2).fill("[Polls] Cannot close poll 7: no space"))
  expect(elapsed()).toBeGreaterThanOrEqual(closed[0]?.at ?? Number.POSITIVE_INFINITY)
})
