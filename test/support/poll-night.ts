/** A night with polls whose two clocks the test moves: the one on the wall, and the one that nobody can set. */
import type { NewPollVote } from "../../src/poll-votes.ts"
import type { PollWish } from "../../src/polls.ts"
import { createClock, openNight } from "./night.ts"

type Options = Omit<NonNullable<Parameters<typeof openNight>[0]>, "elapsed">

export async function openPolling(options: Options = {}) {
  const uptime = createClock()
  const night = await openNight({ ...options, elapsed: uptime.now })
  const { polls, clock } = night
  return {
    ...night,
    uptime,
    /** Starts a poll; the ticker of a shipped game stands for it, any other text for itself. */
    startPoll(sessionId: number, names?: readonly string[], more: Partial<PollWish> = {}) {
      const options = names?.map((name) => (/^[A-Z0-9]{3,4}$/.test(name) ? night.gameId(name) : name))
      return polls.start(sessionId, { options, other: true, ...more })
    },
    choose(
      username: string,
      choice: string | number,
      more: Partial<Pick<NewPollVote, "pollId" | "source">> & { at?: string } = {},
    ) {
      const { pollId, source, at } = more
      const timestamp = at === undefined ? undefined : Date.parse(at)
      return polls.vote({ username, choice: String(choice), pollId, timestamp, source })
    },
    end: (sessionId: number, delay = 0, pollId?: number) => polls.end(sessionId, { delay, pollId }),
    /** Lets both clocks run. */
    wait(seconds: number) {
      clock.pass(seconds)
      uptime.pass(seconds)
      return polls.check()
    },
    told: () => night.heard().map(({ type }) => type),
  }
}
