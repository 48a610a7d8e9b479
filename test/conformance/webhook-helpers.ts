/** What the parts about webhooks share. */
import { expect, onTestFinished } from "bun:test"
import type { Body } from "../support/api.ts"
import { openReceiver, type Receiver } from "../support/receiver.ts"
import { within } from "../support/server.ts"
import type { Night } from "./night.ts"

export const SECRET = "a secret of the receiver: größer"
export const NIGHT = ["session.started", "game.added", "vote.received", "session.ended"]

export const wishFor = (url: string, more: Body = {}) => ({
  name: "House bot",
  url,
  secret: SECRET,
  events: NIGHT,
  ...more,
})

/** A receiver for one test, as `openReceiver` makes it. */
export function receiver(options: Parameters<typeof openReceiver>[0] = {}): Receiver {
  const opened = openReceiver(options)
  onTestFinished(opened.stop)
  return opened
}

/** Sets one up and takes it away after the test. */
export async function hook({ admin }: Night, url: string, more: Body = {}): Promise<Body> {
  const { status, body } = await admin("POST", "/api/webhooks", wishFor(url, more))
  expect(status).toBe(201)
  onTestFinished(async () => void (await admin("DELETE", `/api/webhooks/${body.id}`)))
  return body
}

/** The log of one, once it has a line that fits. */
export const logged = ({ admin }: Night, id: number, fits: (lines: Body[]) => boolean): Promise<Body[]> =>
  within("a line in the log of the webhook", async (done: (lines: Body[]) => void) => {
    for (let asked = 0; asked < 200; asked++) {
      const { body } = await admin("GET", `/api/webhooks/${id}/logs`)
      if (fits(body)) return done(body)
      await Bun.sleep(50)
    }
  })
