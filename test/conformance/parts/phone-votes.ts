/** Votes of phones: without a login, one for each device and game. */
import { describe, expect, test } from "bun:test"
import { createApi } from "../../support/api.ts"
import { startServer } from "../../support/server.ts"
import { type Command, expectProblem, openSession, play, startNight } from "../night.ts"

const device = (digit: string): string => digit.repeat(32)

export function phoneVotesPart(command: Command): void {
  describe("votes of phones", () => {
    const night = startNight(command, { env: { GAMENIGHT_VOTE_POLICY: "every" } })
    const cast = (who: string, vote: string, game_id: number) =>
      night.anyone("POST", "/api/votes/phone", { device: device(who), vote, game_id })

    test("one for each device and game, the newest, whatever the policy; nobody learns the device", async () => {
      const { id } = await openSession(night)
      const { game_id } = await play(night, id, "QPL3")
      const { body: state } = await night.anyone("GET", "/api/votes/phone")
      expect(state.enabled).toBeTrue()
      // Asked at 127.0.0.1, it names what phones can reach, where the machine has such an address.
      if (state.url !== null) expect(state.url).toMatch(/^http:\/\/(?!127\.)[\d.]+:\d+\/vote$/)
      const first = await cast("a", "up", game_id)
      expect({ status: first.status, body: first.body }).toMatchObject({
        status: 200,
        body: { success: true, session: { id }, game: { id: game_id, upvotes: 1, downvotes: 0 } },
      })
      expect(first.body.vote.username).toMatch(/^phone [0-9a-f]{10}$/)
      expect((await cast("b", "up", game_id)).body.game.upvotes).toBe(2)
      expectProblem(await cast("a", "up", game_id), { status: 409, code: "duplicate_vote" })

      const { body: page } = await night.anyone("GET", `/api/votes?session_id=${id}`)
      expect(JSON.stringify(page)).not.toContain(device("a"))
    })

    test("one on a game that is over is refused, and so is one before any", async () => {
      const { id } = await openSession(night)
      expectProblem(await cast("c", "up", 1), { status: 404, code: "game_not_found" })
      const old = await play(night, id, "QPL3")
      const now = await play(night, id, "TKO")
      expectProblem(await cast("c", "up", old.game_id), { status: 409, code: "conflict" })
      expect((await cast("c", "down", now.game_id)).body.game.title).toBe("Tee K.O.")
    })

    test("in a poll a device has one voice as well, by the number of the option", async () => {
      const { id } = await openSession(night)
      const { body: poll } = await night.host("POST", `/api/sessions/${id}/voting/start`, {
        options: ["Karaoke", "Charades"],
      })
      const choose = (who: string, choice: number, pollId = poll.id) =>
        night.anyone("POST", "/api/votes/phone/poll", { device: device(who), choice, pollId })
      expect((await choose("a", 1)).body.poll.options[0].votes).toBe(1)
      expect((await choose("b", 1)).body.poll.total_votes).toBe(2)
      const { options } = (await choose("a", 2)).body.poll
      expect(options.slice(0, 2).map(({ votes }: { votes: number }) => votes)).toEqual([1, 1])
      expectProblem(await choose("a", 9), { status: 400, code: "invalid_input", path: "choice" })
      await night.host("POST", `/api/sessions/${id}/voting/end`, {})
      const late = await choose("c", 1)
      expect([late.status, late.body.code]).toEqual([409, "poll_closed"])
    })

    test("what makes no sense names every wrong field", async () => {
      const { status, body } = await night.anyone("POST", "/api/votes/phone", {
        device: "A".repeat(32),
        vote: "sideways",
        game_id: 0,
      })
      expect(status).toBe(400)
      expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(["device", "vote", "game_id"])
    })

    test("one address cannot vote with a thousand devices", async () => {
      const { id } = await openSession(night)
      const { game_id } = await play(night, id, "QPL3")
      const hex = (n: number) => n.toString(16).padStart(32, "0")
      const all = await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          night.anyone("POST", "/api/votes/phone", { device: hex(n), vote: "up", game_id }),
        ),
      )
      const refused = all.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(10)
      const choice = { device: device("a"), pollId: 1, choice: 1 }
      refused.push(await night.anyone("POST", "/api/votes/phone/poll", choice))
      for (const one of refused) expectProblem(one, { status: 429, code: "rate_limited" })
    })

    test("the owner turns them off; where reading takes a token they take one too", async () => {
      const off = await startServer(command, { flags: ["--phone-votes", "false"] })
      const anyone = createApi(off)
      expect((await anyone("GET", "/api/votes/phone")).body).toMatchObject({ enabled: false })
      const vote = { device: device("a"), vote: "up", game_id: 1 }
      expectProblem(await anyone("POST", "/api/votes/phone", vote), { status: 404, code: "not_found" })
      const choice = { device: device("a"), pollId: 1, choice: 1 }
      expectProblem(await anyone("POST", "/api/votes/phone/poll", choice), { status: 404, code: "not_found" })
      expect(await off.stop()).toBe(0)
      const closed = await startServer(command, { flags: ["--public-reads", "false"] })
      const refused = await createApi(closed)("POST", "/api/votes/phone", vote)
      expectProblem(refused, { status: 401, code: "unauthenticated" })
      expect(await closed.stop()).toBe(0)
    })
  })
}
