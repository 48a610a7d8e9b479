/** What a host does with the night. The screen follows the events, so that every screen shows the same. */
import type { SessionGame } from "../session-games.ts"
import type { Session } from "../sessions.ts"
import { requests, rowPathIn, session } from "./live.ts"

function running(): number {
  if (!session.value) throw new Error("Cannot do this: no night is running")
  return session.value.id
}

const of = (rest: string): string => `/api/sessions/${running()}${rest}`

/** One game of the night. */
export const rowPath = (row: number): string => rowPathIn(running(), row)

export const startNight = (notes: string): Promise<Session> =>
  requests.send("POST", "/api/sessions", { notes })

export const closeNight = (): Promise<Session> => requests.send("POST", of("/close"))

export async function playGame(gameId: number, source: "dice" | "manual" | "poll"): Promise<void> {
  const body = { game_id: gameId, source, manually_added: source === "manual" }
  await requests.send<SessionGame>("POST", of("/games"), body)
}

export const setStatus = (row: number, status: SessionGame["status"]): Promise<SessionGame> =>
  requests.send("PATCH", `${rowPath(row)}/status`, { status })

export const setRoomCode = (row: number, code: string): Promise<SessionGame> =>
  requests.send("PATCH", `${rowPath(row)}/room-code`, { room_code: code })

export const setPlayerCount = (row: number, count: number | null): Promise<SessionGame> =>
  requests.send("PATCH", `${rowPath(row)}/player-count`, { player_count: count })

/** Every host sees it at once. */
export const setNext = (gameId: number, source: SessionGame["source"]): Promise<unknown> =>
  requests.send("POST", of("/game-selection"), { game_id: gameId, source })

export const dismissNext = (): Promise<unknown> => requests.send("DELETE", of("/game-selection"))

export const startPoll = (wish: Record<string, unknown>): Promise<unknown> =>
  requests.send("POST", of("/voting/start"), wish)

export const endPoll = (delay: number): Promise<unknown> =>
  requests.send("POST", of("/voting/end"), { delay })

export const cancelEnd = (): Promise<unknown> => requests.send("POST", of("/voting/cancel-end"))
