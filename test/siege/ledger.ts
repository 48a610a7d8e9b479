/** Remembers every text a service accepted, and asks for it again. */
import type { Body } from "../support/api.ts"
import type { RawAnswer, RawRequest } from "../support/pipeline.ts"
import type { SiegeNight } from "./night.ts"

export type Ledger = {
  /** Looks at an answer at once, and keeps what was stored. Gives what came back changed. */
  note(request: RawRequest, answer: RawAnswer): string[]
  size(): number
  /** Reads everything back. */
  check(): Promise<string[]>
}

const STORING = /^\/api\/(sessions|tokens|votes\/live|sessions\/\d+\/games)$/

export function createLedger({ admin }: SiegeNight): Ledger {
  /** How often each of these must be there at least. */
  const kept = new Map<string, number>()
  const keep = (entry: unknown) => {
    const text = JSON.stringify(entry)
    kept.set(text, (kept.get(text) ?? 0) + 1)
  }

  function store(path: string, body: Body): void {
    if (path === "/api/sessions") keep(["session", body.id, body.notes])
    if (path === "/api/tokens") keep(["token", body.id, body.name])
    if (/^\/api\/sessions\/\d+\/games$/.test(path)) keep(["game", body.session_id, body.id, body.room_code])
    if (path === "/api/votes/live") keep(voteEntry(body.session.id, body.vote))
  }

  return {
    note({ method, path: whole, headers, body: bytes }, { status, body }) {
      const replayed = headers?.["Idempotency-Key"] !== undefined
      if (method !== "POST" || status >= 300 || !bytes?.length || replayed) return []
      const path = whole.split("?")[0]?.replace(/(.)\/$/, "$1") ?? ""
      if (!STORING.test(path)) return []
      const sent: Body = JSON.parse(new TextDecoder().decode(bytes))
      const answer: Body = JSON.parse(body.toString("utf8"))
      store(path, answer)
      return changed(sent, { ...answer, ...answer.vote })
    },
    size: () => kept.size,
    async check() {
      const found = await everything(admin)
      return [...kept].filter(([entry, times]) => (found.get(entry) ?? 0) < times).map(([entry]) => entry)
    },
  }
}

const voteEntry = (sessionId: number, { username, type, vote_type = type, timestamp }: Body) => [
  "vote",
  sessionId,
  username,
  vote_type,
  timestamp,
]

/** Texts of the request that stand in the answer under the same name and are not the same. */
function changed(sent: Body, answer: Body): string[] {
  return Object.entries(sent)
    .filter(([name, value]) => typeof value === "string" && Object.hasOwn(answer, name))
    .filter(([name]) => ["notes", "room_code", "username", "name"].includes(name))
    .filter(([name, value]) => ((value as string).trim() || null) !== answer[name])
    .map(([name, value]) => `${name} ${JSON.stringify(value)} came back as ${JSON.stringify(answer[name])}`)
}

async function everything(admin: SiegeNight["admin"]): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  const add = (entry: unknown) => {
    const text = JSON.stringify(entry)
    found.set(text, (found.get(text) ?? 0) + 1)
  }
  const get = async (path: string): Promise<Body> => (await admin("GET", path)).body
  for (const { id, name } of await get("/api/tokens")) add(["token", id, name])
  for (const { id, notes } of await get("/api/sessions?filter=all&limit=all")) {
    add(["session", id, notes])
    for (const row of await get(`/api/sessions/${id}/games`)) add(["game", id, row.id, row.room_code])
  }
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { votes, pagination } = await get(`/api/votes?limit=100&page=${page}`)
    pages = pagination.total_pages
    for (const vote of votes) add(voteEntry(vote.session_id, vote))
  }
  return found
}
