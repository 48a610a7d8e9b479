/** Votes of phones: no login, one vote for each device and game, and a brake for each address. */
import * as v from "valibot"
import { AppError } from "../errors.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { addressOf, createAllowance } from "./guard.ts"
import { body, lazily, rowId, wholeNumber } from "./input.ts"
import { onceIn } from "./once.ts"
import { voteType } from "./votes.ts"

/** A party behind one router at once, and then what changes its mind. */
const PHONES = { burst: 40, perSecond: 0.5 }

const device = () => v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, "Must be 32 hexadecimal digits"))

export const phoneVote = lazily(() => v.object({ device: device(), vote: voteType(), game_id: rowId() }))
export const phoneChoice = lazily(() =>
  v.object({ device: device(), pollId: rowId(), choice: wholeNumber(1, 8) }),
)

export function phoneVoteRoutes({ votes, polls, config, fingerprint }: Deps) {
  const allowance = createAllowance({
    ...PHONES,
    enabled: config.rateLimits,
    message: "Cannot count the vote: too many from this address, wait a little",
  })
  const mustBeOn = () => {
    if (!config.phoneVotes) throw new AppError("not_found", "Cannot count the vote: phones do not vote here")
  }
  return {
    /** Whether phones vote, and where they find the page, if not where this was asked for. */
    state: async (c) => {
      const url = config.publicUrl ?? (await inTheHouse(c.req.header("host") ?? ""))
      return c.json({ enabled: config.phoneVotes, url: url ? new URL("/vote", url).href : null })
    },

    cast: async (c) => {
      if (!config.phoneVotes)
        throw new AppError("not_found", "Cannot count the vote: phones do not vote here")
      const { device, vote, game_id } = await body(c, phoneVote)
      allowance.spend(addressOf(c))
      const said = { vote, timestamp: undefined, ticker: undefined, source: "phone", gameId: game_id }
      const username = nameOf(fingerprint(device))
      const once = await onceIn(c, fingerprint)
      const cast = await votes.cast({ ...said, username, policy: "latest" }, once)
      return c.json({ success: true, message: "Vote recorded successfully", ...cast })
    },

    choose: async (c) => {
      mustBeOn()
      const { device, pollId, choice } = await body(c, phoneChoice)
      allowance.spend(addressOf(c))
      const said = { choice: String(choice), pollId, timestamp: undefined, source: "phone" }
      const once = await onceIn(c, fingerprint)
      const cast = await (await polls()).vote({ ...said, username: nameOf(fingerprint(device)) }, once)
      return c.json({ success: true, message: "Vote recorded successfully", ...cast })
    },
  } satisfies Record<string, HttpHandler>
}

/** What a device calls itself stays its secret: who knew it could vote in its place. */
const nameOf = (digest: string): string =>
  `phone ${Buffer.from(digest, "base64url").toString("hex").slice(0, 10)}`

/** A screen at the machine itself calls it localhost, which no phone can reach. */
async function inTheHouse(host: string): Promise<string | undefined> {
  const port = /^(?:localhost|127\.[\d.]+|\[::1\])(:\d+)?$/i.exec(host)
  if (!port) return undefined
  const { networkInterfaces } = await import("node:os")
  const found = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal)
  return found && `http://${found.address}${port[1] ?? ""}`
}
