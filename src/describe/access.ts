/** Logging in and tokens as the documents describe them. */
import * as v from "valibot"
import { login, newToken } from "../http/auth.ts"
import { redemption } from "../http/setup.ts"
import type { NamedToken } from "../tokens.ts"
import * as examples from "./examples.ts"
import {
  answerOf,
  asJson,
  type Descriptions,
  gives,
  makes,
  moment,
  NOTHING,
  named,
  saying,
  text,
  whole,
} from "./parts.ts"

const role = v.picklist(["viewer", "bot", "host", "admin"])

const entries = { id: v.pipe(text, v.uuid()), name: text, role, created_at: moment, expires_at: moment }

const listed = named(
  "NamedToken",
  answerOf<NamedToken>()(v.strictObject({ ...entries, revoked_at: v.nullable(moment) })),
)

const made = answerOf<Omit<NamedToken, "revoked_at"> & { token: string }>()(
  v.strictObject({ ...entries, token: text }),
)

const identity = v.strictObject({ name: text, role, iat: whole, exp: whole })

const login24 = v.strictObject({
  token: text,
  message: saying("Authentication successful"),
  expiresIn: v.literal("24h"),
  name: text,
})

export const accessDescriptions: Descriptions = {
  "POST /api/auth/login": {
    id: "auth.login",
    tag: "Access",
    summary: "Trade an admin key for a token of 24 hours",
    description:
      "After five wrong keys of one address one in 30 seconds is looked at; right keys cost nothing.",
    body: asJson(login(), { key: "the admin key" }),
    once: true,
    answers: gives("You are in.", login24, examples.login),
    problems: ["invalid_key", "rate_limited"],
  },
  "POST /api/auth/verify": {
    id: "auth.verify",
    tag: "Access",
    summary: "Tell whose token it is",
    description: "`iat` and `exp` are seconds since 1970.",
    answers: gives("The token is good.", v.strictObject({ valid: v.literal(true), user: identity }), {
      valid: true,
      user: { name: "chat bot", role: "bot", iat: 1762023600, exp: 1793559600 },
    }),
  },
  "GET /api/tokens": {
    id: "tokens.list",
    tag: "Access",
    summary: "List the named tokens",
    description: "Without their secret part.",
    answers: gives("The tokens, in the order they were made.", v.array(listed), [examples.listedToken]),
  },
  "POST /api/tokens": {
    id: "tokens.create",
    tag: "Access",
    summary: "Make a token for a bot or an overlay",
    description: "The token is shown this once.",
    body: asJson(newToken(), { name: "chat bot", role: "bot" }),
    once: true,
    answers: makes("It is made.", made, examples.madeToken),
  },
  "DELETE /api/tokens/:id": {
    id: "tokens.revoke",
    tag: "Access",
    summary: "Revoke a token at once",
    description: "Its open sockets are closed with 4401.",
    answers: NOTHING,
    problems: ["not_found"],
  },
  "POST /api/auth/setup": {
    id: "setup.redeem",
    tag: "Access",
    summary: "Use the one-time setup link",
    description:
      "Gives an admin token for 24 hours. After five wrong codes of one address one in 30 seconds is looked at.",
    body: asJson(redemption(), { code: "the code" }),
    once: true,
    answers: gives("You are in.", login24, examples.login),
    problems: ["invalid_key", "rate_limited"],
  },
  "POST /api/auth/guest": {
    id: "auth.guest",
    tag: "Access",
    summary: "Get a token to look and listen",
    description:
      "It is of role viewer and good for 24 hours. Where reading takes a token there are no guests: 404. An address has 60 at once, then one a second.",
    answers: gives("Welcome.", v.strictObject({ token: text }), { token: examples.token }),
    problems: ["not_found", "rate_limited"],
  },
}
