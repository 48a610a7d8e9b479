/** An evening to look at: two past nights, and one that runs with a poll. */
import type { Api, Body } from "../support/api.ts"
import { asRole } from "../support/api.ts"

const VOTERS = ["ann", "bob", "Céline", "dmitri", "eve", "Frodo"]

/** Gives the id of the running session. */
export async function fillEvening(admin: Api): Promise<number> {
  const bot = await asRole(admin, "bot")
  const { body: games } = await admin("GET", "/api/games")
  const night = async (notes: string, many: number): Promise<number> => {
    const { body: session } = await admin("POST", "/api/sessions", { notes })
    for (let nth = 0; nth < many; nth++) {
      const game = games[(nth * 17 + notes.length) % games.length]
      const body = { game_id: game.id, room_code: nth % 2 ? "QXZT" : null }
      const { body: row } = await admin("POST", `/api/sessions/${session.id}/games`, body)
      for (const [at, username] of VOTERS.entries()) {
        const vote = (at + nth) % 3 === 0 ? "down" : "up"
        // By ticker, so that no vote comes within a second of the one before.
        const timestamp = new Date(Date.parse(row.played_at) + nth * 1_500).toISOString()
        await bot("POST", "/api/votes/live", { username: `${username} ${nth}`, vote, timestamp })
      }
    }
    return session.id
  }
  for (const notes of [
    "Friday game night\nwith guests",
    "A night with a name that is much longer than most",
  ]) {
    await admin("POST", `/api/sessions/${await night(notes, 4)}/close`)
  }
  const running = await night("Sofa session", 3)
  await admin("POST", `/api/sessions/${running}/voting/start`, {})
  for (const [at, username] of VOTERS.entries()) {
    await bot("POST", "/api/votes/poll", { username, choice: (at % 3) + 1 } satisfies Body)
  }
  return running
}
