/** Test messages to receivers, and deliveries over a restart. */
import { describe, expect, onTestFinished, test } from "bun:test"
import { join } from "node:path"
import { asAdmin, type Body } from "../../support/api.ts"
import { closedAddress, isSigned, openReceiver } from "../../support/receiver.ts"
import { cleanEnv, newFolder, STOPPED_WITHIN_MS, startServer, within } from "../../support/server.ts"
import { type Command, expectProblem, isoTime, openSession, play, startNight } from "../night.ts"

const wishFor = (url: string) => ({
  name: "House bot",
  url,
  secret: "a secret",
  events: ["session.started", "vote.received"],
})

export function webhookTestsPart(command: Command): void {
  describe("a test message", () => {
    const night = startNight(command)
    const add = async (url: string, more: Body = {}) =>
      (await night.admin("POST", "/api/webhooks", { ...wishFor(url), ...more })).body

    test("is sent at once, and tells what the receiver said, whatever it was", async () => {
      const bot = openReceiver({ answer: (nth) => new Response(null, { status: nth === 1 ? 202 : 418 }) })
      onTestFinished(bot.stop)
      const { id, name } = await add(bot.url, { enabled: false })
      const first = await night.admin("POST", `/api/webhooks/test/${id}`)
      const message = await bot.next()
      expect(isSigned(message, "a secret")).toBeTrue()
      expect(message.headers["x-webhook-event"]).toBe("webhook.test")
      expect(message.body).toEqual({
        event: "webhook.test",
        timestamp: isoTime,
        data: { webhook: { id, name }, message: "gamenight can reach this receiver" },
      })
      expect([first.status, first.body]).toEqual([
        200,
        {
          id: expect.any(Number),
          webhook_id: id,
          event: "webhook.test",
          seq: null,
          attempt: 1,
          status: 202,
          error: null,
          duration_ms: expect.any(Number),
          created_at: isoTime,
        },
      ])
      const { body: refused } = await night.admin("POST", `/api/webhooks/test/${id}`)
      expect(refused).toMatchObject({
        status: 418,
        error: "Cannot deliver: the receiver answered 418",
      })
      const log = await night.admin("GET", `/api/webhooks/${id}/logs`)
      expect(log.body).toEqual([refused, first.body])
    })

    test("says why nobody answered", async () => {
      const { id } = await add(await closedAddress(), { enabled: false })
      const { body: closed } = await night.admin("POST", `/api/webhooks/test/${id}`)
      expect(closed).toMatchObject({ status: null, error: "Cannot deliver: the connection was refused" })
      await night.admin("PATCH", `/api/webhooks/${id}`, { url: "http://nobody.invalid/" })
      const { body: unknown } = await night.admin("POST", `/api/webhooks/test/${id}`)
      expect(unknown.status).toBeNull()
      expect(unknown.error).toMatch(/^Cannot deliver: (nobody knows the name|the name of the host cannot)/)
    })

    test("with a key is sent once, and so is a webhook that is set up with one", async () => {
      const bot = openReceiver()
      onTestFinished(bot.stop)
      const key = { "idempotency-key": "webhook-once" }
      const adding = () => night.admin("POST", "/api/webhooks", wishFor(bot.url), key)
      const [added, again] = [await adding(), await adding()]
      expect(again.text).toBe(added.text)
      const path = `/api/webhooks/test/${added.body.id}`
      const testing = () => night.admin("POST", path, {}, { "idempotency-key": "test-once" })
      const texts = (await Promise.all([testing(), testing()])).map(({ text }) => text)
      expect([...texts, (await testing()).text]).toEqual(Array(3).fill(texts[0]))
      expect(bot.received).toHaveLength(1)
      const others = [
        await night.admin("POST", "/api/webhooks", { ...wishFor(bot.url), name: "Another" }, key),
        await night.admin("POST", path, { another: true }, { "idempotency-key": "test-once" }),
      ]
      for (const other of others) expectProblem(other, { status: 409, code: "idempotency_key_reused" })
    })
  })

  describe("a receiver that is away", () => {
    test("has every event in the end, in order, though the service is killed meanwhile", async () => {
      const dataDir = join(newFolder(), "data")
      const before = await startServer(command, { dataDir })
      const bot = openReceiver()
      const admin = await asAdmin(before)
      const { body: hook } = await admin("POST", "/api/webhooks", wishFor(bot.url))
      const session = await openSession({ host: admin })
      await play({ host: admin }, session.id, "QPL3")
      await bot.next()
      await bot.stop()
      const voters = Array.from({ length: 60 }, (_, nth) => `viewer ${nth}`)
      const cast = (username: string) => admin("POST", "/api/votes/live", { username, vote: "up" })
      for (const { status } of await Promise.all(voters.slice(0, 40).map(cast))) expect(status).toBe(200)
      await before.stop("SIGKILL")

      const again = await startServer(command, { dataDir })
      const back = openReceiver({ port: Number(new URL(bot.url).port) })
      onTestFinished(back.stop)
      const next = (await asAdmin(again)).as(admin.token)
      for (const username of voters.slice(40)) {
        await next("POST", "/api/votes/live", { username, vote: "up" })
      }
      const seqs = () => [...new Set(back.received.map(({ headers }) => Number(headers["x-webhook-seq"])))]
      const { body: log } = await next("GET", "/api/events?types=vote.received&limit=1000")
      await within<void>("all votes", async (done) => {
        for (let count = 1; seqs().length < voters.length; count++) await back.came(count)
        done()
      })
      expect(seqs()).toEqual(log.events.map(({ seq }: Body) => seq))
      expect(log.events).toHaveLength(voters.length)
      // Killed again right away, it may repeat what it had delivered, and leaves nothing out.
      await again.stop("SIGKILL")
      const third = await startServer(command, { dataDir })
      const last = (await asAdmin(third)).as(admin.token)
      await last("POST", "/api/votes/live", { username: "the last one", vote: "down" })
      await within<void>("the last vote", async (done) => {
        for (let count = 1; !seqs().includes(log.events.at(-1).seq + 1); count++) await back.came(count)
        done()
      })
      expect((await last("GET", `/api/webhooks/${hook.id}`)).body).toEqual(hook)
      expect(await third.stop()).toBe(0)
    }, 60_000)

    test("is told nothing of a history that a restored backup brought back", async () => {
      const dataDir = join(newFolder(), "data")
      const before = await startServer(command, { dataDir })
      const bot = openReceiver()
      const admin = await asAdmin(before)
      const { body: hook } = await admin("POST", "/api/webhooks", wishFor(bot.url))
      await bot.stop()
      await openSession({ host: admin }, "long over")
      const { body: backup } = await admin("POST", "/api/backups")
      expect(await before.stop()).toBe(0)
      const file = join(dataDir, "backups", backup.name)
      const restored = Bun.spawnSync([...command, "restore", file, "--data-dir", dataDir], {
        env: cleanEnv(),
      })
      expect(restored.exitCode).toBe(0)

      const back = openReceiver({ port: Number(new URL(bot.url).port) })
      onTestFinished(back.stop)
      const again = await startServer(command, { dataDir })
      const next = (await asAdmin(again)).as(admin.token)
      const read = async () => (await next("GET", `/api/webhooks/${hook.id}/logs`)).body
      const told = await within("the restore in the log", async (done: (line: Body) => void) => {
        for (let [line] = await read(); ; [line] = await read()) {
          if (line?.event === "log.restored") return done(line)
          await Bun.sleep(50)
        }
      })
      expect(told).toMatchObject({
        attempt: 0,
        error: "Cannot deliver what happened before a backup was restored",
      })
      await openSession({ host: next }, "now")
      expect((await back.next()).body.data.session.notes).toBe("now")
      expect(back.received).toHaveLength(1)
      expect(await again.stop()).toBe(0)
    })

    test("does not keep the service from stopping, and misses nothing by it", async () => {
      const dataDir = join(newFolder(), "data")
      const never = openReceiver({ answer: () => new Promise<Response>(() => {}) })
      const server = await startServer(command, { dataDir })
      const admin = await asAdmin(server)
      await admin("POST", "/api/webhooks", wishFor(never.url))
      await openSession({ host: admin }, "not lost")
      await never.next()
      const begun = performance.now()
      expect(await server.stop()).toBe(0)
      expect(performance.now() - begun).toBeLessThan(STOPPED_WITHIN_MS)
      await never.stop()
      const back = openReceiver({ port: Number(new URL(never.url).port) })
      onTestFinished(back.stop)
      const again = await startServer(command, { dataDir })
      expect((await back.next()).body.data.session.notes).toBe("not lost")
      expect(await again.stop()).toBe(0)
    })
  })
}
