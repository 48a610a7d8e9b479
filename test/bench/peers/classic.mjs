/** The classic design: Express beside `ws`, a set of sockets for each session, each event made into bytes once. */
import { WebSocketServer } from "ws"
import { createHttp, listen, openVotes, verify } from "./express.mjs"

const votes = openVotes(process.argv[2])
/** The sockets of each session. */
const subscribers = new Map()

const http = createHttp(votes, (session, event) => {
  const frame = Buffer.from(JSON.stringify(event))
  for (const socket of subscribers.get(session) ?? []) socket.send(frame, { binary: false })
})
const sockets = new WebSocketServer({ server: http, path: "/api/sessions/live", maxPayload: 65_536 })

sockets.on("connection", (socket) => {
  const joined = new Set()
  let known = false
  const answer = (message) => socket.send(JSON.stringify(message))

  function handle(message) {
    if (message.type === "auth") {
      try {
        verify(message.token)
      } catch {
        answer({ type: "auth_error", message: "Invalid or expired token" })
        return socket.close(4401)
      }
      known = true
      return answer({ type: "auth_success", message: "Authenticated successfully" })
    }
    if (!known) return answer({ type: "error", code: "unauthenticated", message: "Send auth first" })
    if (message.type === "ping") return answer({ type: "pong" })
    if (message.type !== "subscribe" || !votes.hasSession(message.sessionId)) {
      return answer({ type: "error", code: "invalid_message", message: "Cannot subscribe" })
    }
    const { sessionId } = message
    const sockets = subscribers.get(sessionId) ?? new Set()
    subscribers.set(sessionId, sockets.add(socket))
    joined.add(sockets)
    answer({ type: "subscribed", sessionId, message: `Subscribed to session ${sessionId}` })
  }

  socket.on("message", (data) => {
    try {
      handle(JSON.parse(data))
    } catch {
      answer({ type: "error", code: "invalid_message", message: "Invalid JSON" })
    }
  })
  socket.on("error", () => socket.terminate())
  socket.on("close", () => {
    for (const sockets of joined) sockets.delete(socket)
  })
})

listen(http)
