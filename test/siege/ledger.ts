/** Remembers every text a service accepted, and asks for it again. */
import type { Body } from "../support/api.ts"
import type { RawAnswer, RawRequest } from "../support/pipeline.ts"
import type { SiegeNight } from "./night.ts"

export type Ledger = {
  /**
   * Looks at an answer at once, and keeps what was stored. Gives what came back changed. A request whose answer was lost
   * may have been carried out.
   */
  note(request: RawRequest, answer: RawAnswer | undefined): string[]
  size(): number
  /** Reads everything back. */
  check(): Promise<string[]>
}

/** Something stored: what it belongs to, which may be taken away again, and what it must read. */
type Entry = { of: readonly string[]; what: unknown }

export function createLedger({ admin }: SiegeNight): Ledger {
  const kept: Entry[] = []
  /** Sessions and rows whose texts were taken away or changed since. */
  const gone = new Set<string>()

  return {
    note({ method, path: whole, headers, body: bytes }, answer) {
      if (answer && answer.status >= 300) return []
      const path = whole.split("?")[0]?.replace(/(.)\/$/, "$1") ?? ""
      for (const taken of takenAway(method, path, bytes)) gone.add(taken)
      const replayed = headers?.["Idempotency-Key"] !== undefined
      if (!answer || replayed || method !== "POST" || !bytes?.length || !STORING.test(path)) return []
      const stored: Body = JSON.parse(answer.body.toString("utf8"))
      kept.push(entryOf(path, stored))
      return changed(JSON.parse(new TextDecoder().decode(bytes)), { ...stored, ...stored.vote })
    },
    size: () => kept.length,
    async check() {
      const found = new Map<string, number>()
      for (const what of await everything(admin)) {
        const text = JSON.stringify(what)
        found.set(text, (found.get(text) ?? 0) + 1)
      }
      const lost = (what: string) => {
        const left = found.get(what) ?? 0
        found.set(what, left - 1)
        return left < 1
      }
      return kept
        .filter(({ of }) => !of.some((one) => gone.has(one)))
        .map(({ what }) => JSON.stringify(what))
        .filter(lost)
    },
  }
}

const STORING = /^\/api\/(sessions|tokens|votes\/live|sessions\/\d+\/games)$/

function entryOf(path: string, body: Body): Entry {
  if (path === "/api/sessions") return { of: [`session ${body.id}`], what: ["session", body.id, body.notes] }
  if (path === "/api/tokens") return { of: [], what: ["token", body.id, body.name] }
  if (path === "/api/votes/live") {
    const { id } = body.session
    return { of: [`session ${id}`, `votes ${id}`], what: voteIn(id, body.vote) }
  }
  return { of: [`session ${body.session_id}`, `row ${body.id}`], what: ["row", body.id, body.room_code] }
}

const voteIn = (sessionId: number, { username, type, vote_type = type, timestamp }: Body): unknown => [
  "vote",
  sessionId,
  username,
  vote_type,
  timestamp,
]

/** What a request takes away, or gives another text. */
function takenAway(method: string, path: string, bytes: Uint8Array | undefined): string[] {
  if (method === "POST" && path === "/api/sessions/bulk") return idsIn(bytes).map((id) => `session ${id}`)
  const [, session, row] = /^\/api\/sessions\/(\d+)(?:\/games\/(\d+))?/.exec(path) ?? []
  if (method === "DELETE" && session && !row) return [`session ${Number(session)}`]
  if (!row || !(method === "DELETE" || path.endsWith("/room-code"))) return []
  return [`row ${Number(row)}`, `votes ${Number(session)}`]
}

function idsIn(bytes: Uint8Array | undefined): number[] {
  try {
    const { ids } = JSON.parse(new TextDecoder().decode(bytes))
    return Array.isArray(ids) ? ids : []
  } catch {
    return []
  }
}

/** Texts of the request that stand in the answer under the same name and are not the same. */
function changed(sent: Body, answer: Body): string[] {
  return Object.entries(sent)
    .filter(([name, value]) => typeof value === "string" && Object.hasOwn(answer, name))
    .filter(([name]) => ["notes", "room_code", "username", "name"].includes(name))
    .filter(([name, value]) => ((value as string).trim() || null) !== answer[name])
    .map(([name, value]) => `${name} ${JSON.stringify(value)} came back as ${JSON.stringify(answer[name])}`)
}

async function everything(admin: SiegeNight["admin"]): Promise<unknown[]> {
  const get = async (path: string): Promise<Body> => (await admin("GET", path)).body
  const found: unknown[] = (await get("/api/tokens")).map(({ id, name }: Body) => ["token", id, name])
  for (const { id, notes } of await get("/api/sessions?filter=all&limit=all")) {
    found.push(["session", id, notes])
    for (const row of await get(`/api/sessions/${id}/games`)) found.push(["row", row.id, row.room_code])
  }
  for (let page = 1, pages = 1; page <= pages; page++) {
    const { votes, pagination } = await get(`/api/votes?limit=100&page=${page}`)
    pages = pagination.total_pages
    for (const vote of votes) found.push(voteIn(vote.session_id, vote))
  }
  return found
}
