/**
 * The floor of this stack: `Bun.serve` with its native topics, statements that are prepared once, a commit for each vote;
 * with `--group` the ceiling for durable votes, one commit for all that wait. It checks a token by looking it up.
 */
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { createCommits } from "./commits.ts"
import { answerOf, PRAGMAS, SQL, TABLES, type Vote } from "./tables.ts"

const [dataDir = "", mode] = process.argv.slice(2)
const db = new Database(join(dataDir, "votes.db"), { create: true, strict: true })
for (const pragma of PRAGMAS) db.run(`PRAGMA ${pragma}`)
db.run(TABLES)
const commits = createCommits(db, mode === "--group")
const addSession = db.prepare<{ id: number }, [string | null, string]>(SQL.addSession)
const addGame = db.prepare<{ id: number }, [number, number, string]>(SQL.addGame)
const session = db.prepare<{ id: number }, [number]>(SQL.session)
const tokens = new Set<string>()

type State = { known: boolean }
type Message = { type?: unknown; token?: unknown; sessionId?: unknown }
type Body = { key?: unknown; username?: unknown; vote?: unknown; game_id?: unknown }

const known = (request: Request) => tokens.has(request.headers.get("authorization")?.slice(7) ?? "")
const bodyOf = (request: Request) => request.json() as Promise<Body>
const refused = () => Response.json({ error: "Access token required" }, { status: 401 })

const server = Bun.serve<State>({
  port: 0,
  hostname: "127.0.0.1",
  development: false,
  async fetch(request, server) {
    const path = new URL(request.url).pathname
    if (path === "/api/votes/live") return known(request) ? vote(await bodyOf(request)) : refused()
    if (path === "/api/sessions/live") {
      return server.upgrade(request, { data: { known: false } })
        ? undefined
        : new Response("", { status: 426 })
    }
    if (path === "/health") return Response.json({ status: "ok" })
    if (path === "/api/auth/login") return login(await bodyOf(request))
    if (!known(request)) return refused()
    const now = new Date().toISOString()
    if (path === "/api/sessions") return Response.json(addSession.get(null, now), { status: 201 })
    const [, id] = /^\/api\/sessions\/(\d+)\/games$/.exec(path) ?? []
    if (id === undefined) return new Response("", { status: 404 })
    const { game_id } = await bodyOf(request)
    if (typeof game_id !== "number") return new Response("", { status: 400 })
    return Response.json(addGame.get(Number(id), game_id, now), { status: 201 })
  },
  websocket: {
    data: {} as State,
    perMessageDeflate: false,
    message(socket, text) {
      const { type, token, sessionId }: Message = JSON.parse(String(text))
      const answer = (message: object) => socket.send(JSON.stringify(message))
      if (type === "auth" && typeof token === "string" && tokens.has(token)) {
        socket.data.known = true
        return void answer({ type: "auth_success", message: "Authenticated successfully" })
      }
      if (!socket.data.known) return socket.close(4401)
      if (type === "ping") return void answer({ type: "pong" })
      if (typeof sessionId !== "number" || !session.get(sessionId)) return socket.close(4400)
      socket.subscribe(`session/${sessionId}`)
      answer({ type: "subscribed", sessionId, message: `Subscribed to session ${sessionId}` })
    },
  },
})
console.log(`Listening on ${server.url}`)
process.on("SIGTERM", () => process.exit(0))

function login({ key }: Body): Response {
  if (key !== process.env.ADMIN_KEY) return refused()
  const token = crypto.randomUUID()
  tokens.add(token)
  return Response.json({ token })
}

async function vote({ username, vote: type }: Body): Promise<Response> {
  if (typeof username !== "string" || (type !== "up" && type !== "down")) {
    return Response.json({ error: "Invalid vote" }, { status: 400 })
  }
  const cast: Vote = { username, type, timestamp: new Date().toISOString() }
  const event = await commits.cast(cast, ({ data: { sessionId } }, frame) =>
    server.publish(`session/${sessionId}`, frame),
  )
  return event
    ? Response.json(answerOf(event))
    : Response.json({ error: "Voted a moment ago" }, { status: 409 })
}
