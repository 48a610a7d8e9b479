/** A running night on any of the programs, and the proof afterwards that no answered vote is missing. */
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { createApi } from "../support/api.ts"
import { ADMIN_KEY } from "../support/server.ts"
import { type Program, type Started, start } from "./programs.ts"

export type Night = Started & { program: Program; token: string; sessionId: number }

/** Starts the program with an empty database, opens a session and plays a game. */
export async function openNight(program: Program): Promise<Night> {
  const server = await start(program)
  const anybody = createApi(server)
  const { body: login } = await anybody("POST", "/api/auth/login", { key: ADMIN_KEY })
  const host = anybody.as(login.token)
  const { body: session } = await host("POST", "/api/sessions", {})
  const { status } = await host("POST", `/api/sessions/${session.id}/games`, { game_id: 1 })
  if (status !== 201) throw new Error(`Cannot open a night on ${program.name}: a game was answered ${status}`)
  return { ...server, program, token: login.token, sessionId: session.id }
}

type Stored = { program: Pick<Program, "name" | "database">; dataDir: string }

/** Throws when an answered vote is not in the database exactly once. Ask after the program has ended. */
export function checkStored({ program, dataDir }: Stored, answered: readonly string[]): void {
  const db = new Database(join(dataDir, program.database))
  const rows = db
    .query<{ username: string; count: number }, []>(
      "SELECT username, count(*) AS count FROM votes GROUP BY username",
    )
    .all()
  db.close()
  const counts = new Map(rows.map(({ username, count }) => [username, count]))
  const wrong = answered.filter((name) => counts.get(name) !== 1)
  if (wrong.length > 0) {
    throw new Error(
      `${wrong.length} of ${answered.length} votes that ${program.name} answered are missing or doubled: ${wrong.slice(0, 5)}`,
    )
  }
}
