/** A source whose viewers see the night late. */
import { describe, expect, test } from "bun:test"
import { type Command, openSession, play, startNight } from "../night.ts"

export function voteDelayPart(command: Command): void {
  describe("a source whose viewers see the night late", () => {
    const night = startNight(command, { env: { GAMENIGHT_VOTE_DELAY_TWITCH: "10m" } })
    const vote = async (username: string, source: string) =>
      (await night.bot("POST", "/api/votes/live", { username, vote: "up", source })).body.game.title

    test("votes for the game that they saw, others for the one that is played", async () => {
      const { id } = await openSession(night)
      await play(night, id, "QPL3")
      await play(night, id, "TKO")
      expect(await vote("ann", "twitch")).toBe("Quiplash 3")
      expect(await vote("bob", "Twitch")).toBe("Quiplash 3")
      expect(await vote("cleo", "irc")).toBe("Tee K.O.")
    })
  })
}
