/** Requests that succeed, for the routes that chance seldom gets right. */
import type { Wish } from "./requests.ts"

/** Nobody listens there, so it is tried again and again. */
export const HOOK = {
  name: "deaf",
  url: "http://127.0.0.1:1/",
  secret: "secret",
  events: ["game.added", "game.changed"],
}

const sure = (method: string, path: string, body: object): Wish => ({
  method,
  path: path
    .replace(/(webhooks.*):id/, "$1{webhook}")
    .replace(":id", "{session}")
    .replace(":gameRow", "{row}")
    .replace(":file", "{backup}"),
  caller: "admin",
  route: `${method} ${path}`,
  headers: { "Content-Type": "application/json" },
  body: new TextEncoder().encode(JSON.stringify(body)),
})

const SURE_GAME = { pack_name: "Sure", min_players: 2, max_players: 8 }

/** Seldom hit by chance in a short run. */
export const SURE: readonly Wish[] = [
  sure("POST", "/api/pick", {}),
  sure("POST", "/api/plan", { minutes: 60 }),
  sure("POST", "/api/sessions/:id/games", { game_id: 7 }),
  sure("POST", "/api/votes/phone", { device: "5".repeat(32), vote: "up", game_id: 7 }),
  sure("PATCH", "/api/sessions/:id/games/:gameRow/room-code", { room_code: "SURE" }),
  sure("PATCH", "/api/sessions/:id/games/:gameRow/player-count", { player_count: 5 }),
  sure("PATCH", "/api/sessions/:id/games/:gameRow/status", { status: "skipped" }),
  sure("DELETE", "/api/sessions/:id/games/:gameRow", {}),
  sure("POST", "/api/sessions/:id/chat-import", []),
  sure("POST", "/api/voters/links", { usernames: ["sure", "surely"] }),
  { ...sure("DELETE", "/api/voters/links/:id", {}), path: "/api/voters/links/1" },
  // The one that may be running from before.
  sure("POST", "/api/sessions/:id/voting/end", {}),
  sure("POST", "/api/sessions/:id/voting/start", { options: ["Sure", "Surely"], seconds: 3_600 }),
  sure("POST", "/api/sessions/:id/voting/cancel-end", {}),
  sure("POST", "/api/votes/poll", { username: "sure", choice: 1 }),
  // Which number the poll bears is not known here.
  ...Array.from({ length: 40 }, (_, i) =>
    sure("POST", "/api/votes/phone/poll", { device: "5".repeat(32), choice: 2, pollId: i + 1 }),
  ),
  sure("POST", "/api/sessions/:id/voting/end", {}),
  sure("POST", "/api/sessions/:id/game-selection", { game_id: 1 }),
  sure("DELETE", "/api/sessions/:id/game-selection", {}),
  sure("POST", "/api/sessions/:id/close", {}),
  // By now the first one is over.
  { ...sure("POST", "/api/sessions/:id/archive", {}), path: "/api/sessions/1/archive" },
  { ...sure("POST", "/api/sessions/:id/unarchive", {}), path: "/api/sessions/1/unarchive" },
  sure("POST", "/api/sessions/bulk", { action: "archive", ids: [1] }),
  { ...sure("DELETE", "/api/sessions/:id", {}), path: "/api/sessions/1" },
  sure("POST", "/api/webhooks", HOOK),
  sure("GET", "/api/webhooks/:id", {}),
  sure("PATCH", "/api/webhooks/:id", { name: "Sure" }),
  sure("POST", "/api/webhooks/test/:id", {}),
  sure("GET", "/api/webhooks/:id/logs", {}),
  sure("DELETE", "/api/webhooks/:id", {}),
  sure("POST", "/api/backups", {}),
  sure("GET", "/api/backups/:file", {}),
  sure("DELETE", "/api/backups/:file", {}),
  sure("POST", "/api/games", { ...SURE_GAME, title: "Sure" }),
  sure("POST", "/api/games/import/json", [{ ...SURE_GAME, title: "Sure of many" }]),
  sure("POST", "/api/games/import/csv", { csv: "Pack,Title,Min. Players,Max. Players\nSure,Sure too,2,8" }),
  { ...sure("PUT", "/api/games/:id", { length_minutes: 5 }), path: "/api/games/60" },
  { ...sure("DELETE", "/api/games/:id", {}), path: "/api/games/60" },
  sure("POST", "/api/voters/links", { usernames: ["sure of one", "sure of another"] }),
  ...Array.from({ length: 20 }, (_, i) => ({
    ...sure("DELETE", "/api/voters/links/:id", {}),
    path: `/api/voters/links/${i + 1}`,
  })),
  ...["toggle", "favor", "owned", "name"].map((what) => ({
    ...sure("PATCH", `/api/games/packs/:name/${what}`, { favor_bias: 1, owned: true, name: "Surely" }),
    path: `/api/games/packs/Sure/${what}`,
  })),
]
