/** Webhooks as they are set up: by whom, with which fields, and what is told of them. */
import { describe, expect, test } from "bun:test"
import type { Body } from "../../support/api.ts"
import { closedAddress } from "../../support/receiver.ts"
import { type Command, expectProblem, isoTime, startNight } from "../night.ts"
import { hook, NIGHT, wishFor } from "../webhook-helpers.ts"

export function webhooksPart(command: Command): void {
  describe("webhooks", () => {
    const night = startNight(command)

    test("are set up, read, changed and removed by an admin alone, and tell their secret nobody", async () => {
      const { admin } = night
      const url = await closedAddress()
      const added = await admin("POST", "/api/webhooks", wishFor(url, { secret: "hush-hush" }))
      const { id } = added.body
      expect([added.status, added.headers.get("location")]).toEqual([201, `/api/webhooks/${id}`])
      expect(added.body).toEqual({
        id,
        name: "House bot",
        url,
        events: NIGHT,
        enabled: true,
        created_at: isoTime,
      })
      const path = `/api/webhooks/${id}`
      const change = { name: "Hall", events: ["game.added", "game.added"], enabled: 0, secret: "hush-hush 2" }
      const changed = await admin("PATCH", path, change)
      expect(changed.body).toEqual({ ...added.body, name: "Hall", events: ["game.added"], enabled: false })
      expect((await admin("PATCH", path, {})).body).toEqual(changed.body)
      const tested = await admin("POST", `/api/webhooks/test/${id}`)
      const read = [await admin("GET", path), await admin("GET", "/api/webhooks")]
      expect(read.map(({ body }) => body)).toEqual([changed.body, [changed.body]])
      const log = await admin("GET", `${path}/logs`)
      const said = [added, changed, tested, log, ...read].map(({ text }) => text).join()
      expect(said + night.server.stderr()).not.toContain("hush")
      expect((await admin("DELETE", path)).status).toBe(204)
      expectProblem(await admin("GET", path), { status: 404, code: "not_found" })
      for (const [method, of] of [
        ["GET", "/api/webhooks"],
        ["POST", "/api/webhooks"],
        ["GET", path],
        ["PATCH", path],
        ["DELETE", path],
        ["GET", `${path}/logs`],
        ["POST", `/api/webhooks/test/${id}`],
      ] as const) {
        expectProblem(await night.host(method, of), { status: 403, code: "forbidden" })
        expectProblem(await night.anyone(method, of), { status: 401, code: "unauthenticated" })
      }
    })

    test("a wrong field is named", async () => {
      const url = await closedAddress()
      const { id } = await hook(night, url, { enabled: false })
      const wrong: [path: string, more: Body][] = [
        ["name", { name: " " }],
        ["name", { name: "x".repeat(121) }],
        ["url", { url: "ftp://127.0.0.1/" }],
        ["url", { url: "http:127.0.0.1" }],
        ["url", { url: "https://" }],
        ["url", { url: `${url}/${"x".repeat(2_048)}` }],
        ["secret", { secret: "" }],
        ["secret", { secret: "two\nlines" }],
        ["events", { events: [] }],
        ["events.1", { events: ["game.added", "game.lost"] }],
        ["enabled", { enabled: "yes" }],
      ]
      for (const [path, more] of wrong) {
        const refused = { status: 400, code: "invalid_input", path }
        expectProblem(await night.admin("POST", "/api/webhooks", wishFor(url, more)), refused)
        expectProblem(await night.admin("PATCH", `/api/webhooks/${id}`, more), refused)
      }
      for (const path of ["name", "url", "secret", "events"]) {
        const less = wishFor(url, { [path]: undefined })
        const refused = { status: 400, code: "invalid_input", path }
        expectProblem(await night.admin("POST", "/api/webhooks", less), refused)
      }
      const asked = await night.admin("GET", `/api/webhooks/${id}/logs?limit=0`)
      expectProblem(asked, { status: 400, code: "invalid_input", path: "limit" })
    })
  })
}
