/** Votes: cast live, on a game or in a poll, and read page by page. */
import * as v from "valibot"
import type { Deps, HttpHandler } from "./context.ts"
import { createAllowance } from "./guard.ts"
import { body, lazily, line, moment, query, queryNumber, rowId } from "./input.ts"
import { onceIn } from "./once.ts"

export const voteType = () => v.picklist(["up", "down"], "Must be up or down")

export const liveVote = lazily(() =>
  v.object({
    username: v.pipe(line(64), v.minLength(1, "Must not be empty")),
    vote: voteType(),
    timestamp: v.nullish(moment()),
    ticker: v.nullish(line(16)),
    source: v.nullish(line(32)),
  }),
)

/** Numbers of options go as numbers, too. */
export const pollVote = lazily(() =>
  v.object({
    username: v.pipe(line(64), v.minLength(1, "Must not be empty")),
    choice: v.pipe(
      v.unknown(),
      v.transform((choice) => (typeof choice === "number" ? String(choice) : choice)),
      line(120),
      v.minLength(1, "Must not be empty"),
    ),
    pollId: v.nullish(rowId()),
    timestamp: v.nullish(moment()),
    source: v.nullish(line(32)),
  }),
)

export const votePage = lazily(() =>
  v.object({
    session_id: v.optional(queryNumber(1, Number.MAX_SAFE_INTEGER)),
    game_id: v.optional(queryNumber(1, Number.MAX_SAFE_INTEGER)),
    username: v.optional(line(64)),
    vote_type: v.optional(voteType()),
    page: v.optional(queryNumber(1, 1_000_000_000), "1"),
    limit: v.optional(queryNumber(1, 100), "50"),
  }),
)

export function voteRoutes({ votes, polls, tallies, config, fingerprint }: Deps) {
  const allowance = createAllowance({
    burst: config.voteBurst,
    perSecond: config.voteRate,
    enabled: config.rateLimits,
    message: "Cannot count the vote: too many votes with this token, send it again a little later",
  })

  return {
    cast: async (c) => {
      allowance.spend(c.get("identity").id)
      const { username, vote, timestamp, ticker, source } = await body(c, liveVote)
      const once = await onceIn(c, fingerprint)
      const newVote = {
        username,
        vote,
        timestamp: timestamp ?? undefined,
        ticker: ticker || undefined,
        source: source || undefined,
      }
      const cast = await votes.cast(newVote, once)
      return c.json({ success: true, message: "Vote recorded successfully", ...cast })
    },

    inPoll: async (c) => {
      allowance.spend(c.get("identity").id)
      const { username, choice, pollId, timestamp, source } = await body(c, pollVote)
      const once = await onceIn(c, fingerprint)
      const newVote = {
        username,
        choice,
        pollId: pollId ?? undefined,
        timestamp: timestamp ?? undefined,
        source: source || undefined,
      }
      const cast = await (await polls()).vote(newVote, once)
      return c.json({ success: true, message: "Vote recorded successfully", ...cast })
    },

    page: async (c) => c.json(await tallies.page(query(c, votePage))),
  } satisfies Record<string, HttpHandler>
}
