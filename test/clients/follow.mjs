// The seeds' Node client, on the `ws` package: node follow.mjs URL TOKEN [SESSION_ID]
// Prints every message it gets; subscribes to the given session, or to each one that starts.
import WebSocket from "ws"

const [url, token, session] = process.argv.slice(2)
const socket = new WebSocket(url)
const send = (message) => socket.send(JSON.stringify(message))

socket.on("open", () => send({ type: "auth", token }))
socket.on("message", (data) => {
  console.log(data.toString())
  const message = JSON.parse(data.toString())
  if (message.type === "auth_success" && session) send({ type: "subscribe", sessionId: Number(session) })
  if (message.type === "session.started") send({ type: "subscribe", sessionId: message.data.session.id })
  if (message.type === "session.ended") socket.close()
})
socket.on("error", (error) => {
  console.error(error.message)
  process.exitCode = 1
})
