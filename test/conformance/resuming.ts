/** What the tests of resuming clients share. */
import { expect } from "bun:test"
import * as v from "valibot"
import { serverMessage } from "../../src/server-messages.ts"
import type { Body } from "../support/api.ts"
import { type Bot, openBot } from "../support/bot.ts"
import type { Night } from "./night.ts"

type Auth = { resume?: object; follow?: boolean }

/** A socket that authenticates with these wishes, and what the server answered. */
export async function resumingBot(night: Pick<Night, "server" | "viewer">, auth: Auth): Promise<[Bot, Body]> {
  const bot = await openBot(night.server)
  bot.send({ type: "auth", token: night.viewer.token, ...auth })
  const answer = await bot.next("auth_success")
  expect(v.is(serverMessage, answer)).toBeTrue()
  return [bot, answer]
}

/** Everything in the log after `since`, as it is told to a client that counts. */
export async function logAfter(night: Pick<Night, "viewer">, since: number): Promise<Body[]> {
  const { body } = await night.viewer("GET", `/api/events?since=${since}&limit=1000`)
  return body.events
}

let votes = 0
/** Somebody who has not voted yet votes for the game that is playing. */
export const vote = async (night: Pick<Night, "bot">) => {
  const { status } = await night.bot("POST", "/api/votes/live", { username: `voter ${++votes}`, vote: "up" })
  expect(status).toBe(200)
}
