/** The same REST side beside Socket.IO, with its rooms. Its client asks for WebSocket at once. */
import { Server } from "socket.io"
import { createHttp, listen, openVotes, verify } from "./express.mjs"

const votes = openVotes(process.argv[2])
const room = (session) => `session/${session}`

const http = createHttp(votes, (session, event) => io.to(room(session)).emit(event.type, event))
// A ping would come between two events; none comes while something is measured.
const io = new Server(http, { transports: ["websocket"], pingInterval: 3_600_000, serveClient: false })

io.use((socket, next) => {
  try {
    verify(socket.handshake.auth.token)
    next()
  } catch {
    next(new Error("Invalid or expired token"))
  }
})
io.on("connection", (socket) => {
  socket.on("subscribe", ({ sessionId }) => {
    if (!votes.hasSession(sessionId)) return socket.emit("error", { code: "session_not_found" })
    socket.join(room(sessionId))
    socket.emit("subscribed", { sessionId })
  })
})

listen(http)
