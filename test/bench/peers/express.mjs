/**
 * The REST side of the classic design: Express, better-sqlite3 with prepared statements, a write-ahead log that is
 * synced at every commit, and jsonwebtoken with a key that is imported once.
 */
import { createSecretKey, randomBytes } from "node:crypto"
import { createServer } from "node:http"
import { join } from "node:path"
import Database from "better-sqlite3"
import express from "express"
import jwt from "jsonwebtoken"
import { answerOf, eventOf, PRAGMAS, SQL, TABLES, TWIN_MS } from "./tables.ts"

const SECRET = createSecretKey(randomBytes(32))

/** Throws for a token that is not ours. */
export const verify = (token) => jwt.verify(token, SECRET, { algorithms: ["HS256"] })

export function openVotes(dataDir) {
  const db = new Database(join(dataDir, "votes.db"))
  for (const pragma of PRAGMAS) db.pragma(pragma)
  db.exec(TABLES)
  const sql = Object.fromEntries(Object.entries(SQL).map(([name, text]) => [name, db.prepare(text)]))
  const record = db.transaction(({ session_id, game_id }, { username, type, timestamp }) => {
    const since = new Date(Date.parse(timestamp) - TWIN_MS).toISOString()
    if (sql.twin.get(session_id, username, since)) return undefined
    sql.addVote.run(session_id, game_id, username, type, timestamp)
    return (type === "up" ? sql.upvote : sql.downvote).get(game_id)
  })
  return {
    addSession: (notes) => sql.addSession.get(notes, new Date().toISOString()),
    addGame: (session, game) => sql.addGame.get(session, game, new Date().toISOString()),
    hasSession: (id) => sql.session.get(id) !== undefined,
    /** The event to announce; undefined for the same voter again. */
    cast(username, type) {
      const playing = sql.playing.get()
      const vote = { username, type, timestamp: new Date().toISOString() }
      const totals = record(playing, vote)
      return totals && eventOf(playing, vote, totals)
    },
  }
}

function requireToken(request, response, next) {
  const [, token] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "") ?? []
  if (!token) return response.status(401).json({ error: "Access token required" })
  try {
    request.user = verify(token)
  } catch {
    return response.status(401).json({ error: "Invalid or expired token" })
  }
  next()
}

/** `announce` sends an event to the subscribers of a session. */
export function createHttp(votes, announce) {
  const app = express()
  app.disable("x-powered-by")
  app.disable("etag")
  app.use(express.json())
  app.get("/health", (_, response) => response.json({ status: "ok" }))
  app.post("/api/auth/login", (request, response) => {
    if (request.body?.key !== process.env.ADMIN_KEY) return response.status(401).json({ error: "Invalid" })
    const token = jwt.sign({ role: "admin", name: "admin" }, SECRET, { algorithm: "HS256", expiresIn: "24h" })
    response.json({ token })
  })
  app.post("/api/sessions", requireToken, (request, response) => {
    response.status(201).json(votes.addSession(request.body?.notes ?? null))
  })
  app.post("/api/sessions/:id/games", requireToken, (request, response) => {
    response.status(201).json(votes.addGame(Number(request.params.id), request.body.game_id))
  })
  app.post("/api/votes/live", requireToken, (request, response) => {
    const { username, vote } = request.body ?? {}
    if (typeof username !== "string" || (vote !== "up" && vote !== "down")) {
      return response.status(400).json({ error: "Invalid vote" })
    }
    const event = votes.cast(username, vote)
    if (!event) return response.status(409).json({ error: "Voted a moment ago" })
    announce(event.data.sessionId, event)
    response.json(answerOf(event))
  })
  return createServer(app)
}

export function listen(http) {
  // The 5 seconds of Node end the connection of a bot that is quiet for a moment.
  http.keepAliveTimeout = 75_000
  http.listen(0, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${http.address().port}`))
  process.on("SIGTERM", () => process.exit(0))
}
