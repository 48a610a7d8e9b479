/** `gamenight listen`: waits for the end of a session, step by step as the seeds' test script does. */
import { type ArgsDef, defineCommand } from "citty"
import { ConnectionClosed, connect, type LiveClient } from "../client/connect.ts"
import { StartError } from "../errors.ts"
import { SOCKET_PATH } from "../protocol.ts"
import type { ServerMessage } from "../server-messages.ts"
import { refuseUnknown, type Surroundings } from "./command.ts"

const args: ArgsDef = {
  session_id: { type: "positional", description: "Id of the session", required: true },
  token: { type: "positional", description: "Token of any role", required: true },
  url: { type: "string", description: "Address of the socket", default: `ws://localhost:5000${SOCKET_PATH}` },
}

const RULE = "━".repeat(40)

export const listenCommand = ({ print, log, finish }: Surroundings) =>
  defineCommand({
    meta: { name: "listen", description: "Wait for session.ended and show it" },
    args,
    async run({ args: given, rawArgs }) {
      refuseUnknown(given, rawArgs, args)
      const sessionId = /^\d{1,15}$/.test(String(given.session_id)) ? Number(given.session_id) : 0
      if (sessionId < 1) {
        throw new StartError("Cannot listen: SESSION_ID must be a whole number above 0", 2)
      }
      const url = String(given.url)
      if (!isSocketUrl(url)) {
        throw new StartError(`Cannot listen: --url must be like ws://localhost:5000${SOCKET_PATH}`, 2)
      }
      try {
        await listen(sessionId, String(given.token), url, print)
      } catch (error) {
        if (!(error instanceof ConnectionClosed || error instanceof Refused)) throw error
        log(`❌ ${error.message}`)
        finish(1)
      }
    },
  })

const isSocketUrl = (text: string): boolean =>
  URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol) && !text.includes("#")

class Refused extends Error {}

async function listen(sessionId: number, token: string, url: string, print: (line: string) => void) {
  const say = (...lines: string[]) => lines.forEach((line) => void print(line))
  say(
    "🚀 Testing session.ended WebSocket event",
    RULE,
    `📡 Connecting to: ${url}`,
    `🎮 Session ID: ${sessionId}`,
    RULE,
  )
  const client = await connect(url).catch((error) => {
    if (!(error instanceof ConnectionClosed)) throw error
    throw new Refused(`Cannot connect to ${url}: no gamenight answers there (code ${error.code})`)
  })
  say("✅ Connected to WebSocket server", "🔐 Authenticating...")
  client.send({ type: "auth", token })
  await answer(client, "auth_success")
  say("✅ Authentication successful", `📻 Subscribing to session ${sessionId}...`)
  client.send({ type: "subscribe", sessionId })
  await answer(client, "subscribed")
  say(
    `✅ Subscribed to session ${sessionId}`,
    "👂 Listening for session.ended events...",
    "(Close the session in the Picker to trigger the event)",
  )
  const keepAlive = setInterval(() => client.send({ type: "ping" }), 30_000)
  const ended = await answer(client, "session.ended").finally(() => clearInterval(keepAlive))
  const { session } = ended.data
  say(RULE, "🎉 SESSION.ENDED EVENT RECEIVED!", RULE, "📦 Event Data:", JSON.stringify(ended, null, 2))
  say(
    "✨ Event Details:",
    `Session ID: ${session.id}`,
    `Active: ${session.is_active === 0 ? "No" : "Yes"}`,
    `Games Played: ${session.games_played}`,
    `Timestamp: ${ended.timestamp}`,
    "✅ Test successful! The bot should now announce the session end.",
  )
  client.close()
}

/** The next message of this type; other events pass by, an error ends it. */
async function answer<T extends ServerMessage["type"]>(
  client: LiveClient,
  type: T,
): Promise<Extract<ServerMessage, { type: T }>> {
  for (;;) {
    const message = await client.next()
    if (message.type === type) return message as Extract<ServerMessage, { type: T }>
    if (message.type === "auth_error" || message.type === "error") throw new Refused(message.message)
  }
}
