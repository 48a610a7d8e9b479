/** Polls on the game to come: started, ended, counted. A session has one at a time, and a closed one never changes. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { createPollClock, type Deadline } from "./poll-clock.ts"
import { closePoll } from "./poll-end.ts"
import { type OptionWish, optionsFor } from "./poll-options.ts"
import { newestPoll, type Poll, pollClosed, pollOf, pollWith, runningPoll, shown, told } from "./poll-rows.ts"
import { type CastPollVote, castPollVote, type NewPollVote } from "./poll-votes.ts"
import { checkSession, runningSession } from "./sessions.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { WriteContext } from "./store/writer.ts"
import { iso } from "./vote-place.ts"

export type PollWish = OptionWish & {
  /** After how many seconds it closes by itself. */
  seconds?: number | undefined
}

export type Polls = {
  /** Throws `session_not_found`, `session_closed`, `poll_running` with its id, or what `optionsFor` throws. */
  start(sessionId: number, wish: PollWish, once?: Once): Promise<Poll>
  /**
   * Closes it now, or in `delay` seconds, which may be said again. One that is closed stays as it is and tells nobody.
   * Throws `session_not_found`, `poll_not_found`.
   */
  end(sessionId: number, when: { delay: number; pollId?: number | undefined }, once?: Once): Promise<Poll>
  /** Lets it run on without an end. Throws as `end` does, `poll_closed`, or `conflict` if it had none. */
  cancelEnd(sessionId: number, once?: Once): Promise<Poll>
  /** The newest of the session. Throws `session_not_found`. */
  newest(sessionId: number): Promise<Poll | null>
  /**
   * The newest vote of a voter counts. Throws `poll_not_found`, `poll_closed` with the result for one that comes or was
   * cast after the end, `invalid_input` with the options for an unknown choice.
   */
  vote(vote: NewPollVote, once?: Once): Promise<CastPollVote>
  /** Goes on where the process before this one ended: a poll that is overdue by now is closed. */
  begin(): Promise<void>
  /** Closes the poll whose time has come. */
  check(): Promise<void>
  stop(): void
}

type Deps = {
  store: Store
  events: Events
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  /** How many milliseconds late those who vote by a source see what happens. */
  delayOf?: (source: string) => number
  log?: (line: string) => void
  now?: () => number
  /** Milliseconds of a clock that nobody can set. */
  elapsed?: () => number
  newSeed?: () => string
}

/** No poll runs longer than this; a start with a wall clock that was set back waits no longer either. */
const LONGEST_MS = 3_600_000

export function createPolls(deps: Deps): Polls {
  const { store, events, onActivity = () => {}, delayOf = () => 0, log = () => {} } = deps
  const { now = Date.now, elapsed = () => performance.now(), newSeed = () => crypto.randomUUID() } = deps
  const { db, write } = store
  const clock = createPollClock({ close: closeAtItsTime, log, elapsed })

  /** Unless its end was changed while this was on its way. */
  function closeAtItsTime({ pollId, endsAt }: Deadline): Promise<void> {
    return write(async (context) => {
      const poll = await pollWith(context.trx, pollId)
      if (!poll || poll.state === "closed" || poll.ends_at !== endsAt) return
      await closePoll(context, events, poll, { at: iso(now()) })
      context.afterCommit(() => onActivity(poll.session_id))
    })
  }

  const changed = ({ afterCommit }: WriteContext, sessionId: number, deadline: Deadline | undefined): void =>
    afterCommit(() => {
      clock.set(deadline)
      onActivity(sessionId)
    })

  /** When a poll ends that has so many seconds left. */
  const endIn = (seconds: number) => ({
    endsAt: iso(now() + seconds * 1_000),
    at: elapsed() + seconds * 1_000,
  })

  return {
    async start(sessionId, { seconds, ...wish }, once) {
      await clock.settle()
      return write(async (context) => {
        const { trx } = context
        await runningSession(trx, sessionId, "start a poll in")
        const running = await runningPoll(trx, sessionId)
        if (running) throw stillRunning(running.id)
        const [seed, at] = [newSeed(), iso(now())]
        const options = await optionsFor(trx, sessionId, wish, seed)
        const end = seconds === undefined ? undefined : endIn(seconds)
        const ends_at = end?.endsAt ?? null
        const row = await trx
          .insertInto("polls")
          .values({ session_id: sessionId, state: "open", created_at: at, ends_at, active_at: at, seed })
          .returningAll()
          .executeTakeFirstOrThrow()
        await trx
          .insertInto("poll_options")
          .values(options.map((option) => ({ ...option, poll_id: row.id })))
          .execute()
        const data = { sessionId, pollId: row.id, endsAt: ends_at, options: told(options) }
        events.append(context, sessionId, "poll.start", data, at)
        changed(context, sessionId, end && { pollId: row.id, ...end })
        return shown({ ...row, options })
      }, once)
    },

    async end(sessionId, { delay, pollId }, once) {
      await clock.settle()
      return write(async (context) => {
        const { trx } = context
        await checkSession(trx, sessionId)
        const poll = await pollOf(trx, sessionId, pollId, "end the poll")
        if (poll.state === "closed") return shown(poll)
        const at = iso(now())
        if (delay === 0) {
          changed(context, sessionId, undefined)
          return shown(await closePoll(context, events, poll, { at }))
        }
        const end = endIn(delay)
        const change = { state: "ending", ends_at: end.endsAt, active_at: at } as const
        await trx.updateTable("polls").set(change).where("id", "=", poll.id).execute()
        const data = { sessionId, pollId: poll.id, endsAt: end.endsAt }
        events.append(context, sessionId, "poll.ending", data, at)
        changed(context, sessionId, { pollId: poll.id, ...end })
        return shown({ ...poll, ...change })
      }, once)
    },

    async cancelEnd(sessionId, once) {
      await clock.settle()
      return write(async (context) => {
        const { trx } = context
        await checkSession(trx, sessionId)
        const poll = await pollOf(trx, sessionId, undefined, "take back the end of the poll")
        if (poll.state === "closed") throw pollClosed("take back the end of", poll)
        if (poll.ends_at === null) throw notEnding(poll.id)
        const at = iso(now())
        const change = { state: "open", ends_at: null, active_at: at } as const
        await trx.updateTable("polls").set(change).where("id", "=", poll.id).execute()
        events.append(context, sessionId, "poll.ending.cancelled", { sessionId, pollId: poll.id }, at)
        changed(context, sessionId, undefined)
        return shown({ ...poll, ...change })
      }, once)
    },

    newest: (sessionId) =>
      db.transaction().execute(async (trx) => {
        await checkSession(trx, sessionId)
        const poll = await newestPoll(trx, sessionId)
        return poll ? shown(poll) : null
      }),

    async vote(vote, once) {
      await clock.settle()
      return write(async (context) => {
        const delay = vote.source === undefined ? 0 : delayOf(vote.source)
        const cast = await castPollVote(context, events, vote, { received: now(), delay })
        context.afterCommit(() => onActivity(cast.poll.session_id))
        return cast
      }, once)
    },

    async begin() {
      const running = await db
        .selectFrom("polls")
        .select(["id", "ends_at"])
        .where("state", "!=", "closed")
        .where("ends_at", "is not", null)
        .executeTakeFirst()
      if (!running?.ends_at) return
      const left = Math.min(Date.parse(running.ends_at) - now(), LONGEST_MS)
      clock.set({ pollId: running.id, endsAt: running.ends_at, at: elapsed() + left })
      await clock.check()
    },
    check: clock.check,
    stop: clock.stop,
  }
}

const stillRunning = (pollId: number) =>
  new AppError("poll_running", `Cannot start a poll: poll ${pollId} is still running`, {
    members: { pollId },
  })

const notEnding = (pollId: number) =>
  new AppError("conflict", `Cannot take back the end of poll ${pollId}: nobody said when it ends`)
