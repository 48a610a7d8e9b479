/** The page behind the one-time setup link: it trades the code for a first token. */
import { html } from "hono/html"
import * as v from "valibot"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { addressOf, createTries } from "./guard.ts"
import { form, lazily, line } from "./input.ts"
import { onceIn } from "./once.ts"

export const redemption = lazily(() =>
  v.object({ code: v.pipe(line(64), v.minLength(1, "Must not be empty")) }),
)

export function setupRoutes({ admins, tokens, config, fingerprint }: Deps) {
  const tries = createTries(
    config,
    "Cannot set up: too many wrong codes from this address, wait before the next one",
  )
  return {
    /** Opening the link changes nothing, so that a preview in a chat does not use it up. */
    page: (c) =>
      page(
        c,
        html`<p>This link works once. It gives you a token of role admin for the next 24 hours.</p>
<form method="post" action="/setup"><input type="hidden" name="code" value="${c.req.query("code") ?? ""}">
<button>Use the link</button></form>`,
      ),

    redeem: async (c) => {
      const { code } = await form(c, redemption)
      const address = addressOf(c)
      tries.spend(address)
      const once = await onceIn(c, fingerprint)
      const { name, stamp } = await admins.redeem(code, once)
      tries.giveBack(address)
      const token = await tokens.issue(name, "admin", stamp)
      return page(c, html`<p>Your token of role admin, good for 24 hours:</p><pre>${token}</pre>`)
    },
  } satisfies Record<string, HttpHandler>
}

function page(c: HttpContext, content: ReturnType<typeof html>): Response | Promise<Response> {
  c.header("Cache-Control", "no-store")
  c.header("Referrer-Policy", "no-referrer")
  c.header("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
  return c.html(html`<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Set up gamenight</title>
<h1>Set up gamenight</h1>${content}</html>`)
}
