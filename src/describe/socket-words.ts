/** The live socket in words: what each message, close code and limit means. */
import type { CLOSE, LIMITS } from "../protocol.ts"

export const SOCKET = `Connect, and send \`auth\` within 10 seconds. After \`auth_success\` every socket hears each \`session.started\`, and after \`subscribe\` the other events of that session. Send \`ping\` every 30 seconds.

Messages of one socket are handled in the order sent; \`auth\` and \`subscribe\` may be sent back to back. An event is sent once it is on disk, once to each socket, and in the same order to all.

With \`resume\` in \`auth\` events carry \`seq\`, and after a lost connection the socket hears all it missed. With \`follow\` it hears the running session and every one that starts without \`subscribe\`. A client that asks for neither gets only the members that older clients know.`

/** By the name that a message has in the document. */
export const MESSAGES: Readonly<Record<string, string>> = {
  auth: "Log in with a token of any role, before anything else.",
  subscribe: "Follow a session, running or over; with `since` its events after that place come first.",
  unsubscribe: "Stop following a session.",
  ping: "Show that you are there, and see that the server is.",
  auth_success: "The token is good.",
  "auth_success.resumed":
    "To `auth` with `resume`: your place in the log, the running session, and whether all that was missed follows.",
  auth_error: "The token is wrong, expired or revoked; the socket is then closed with 4401.",
  subscribed: "The session is followed.",
  "subscribed.resumed": "To `subscribe` with `since`: whether the events after that place follow.",
  unsubscribed: "The session is not followed any more.",
  pong: "The server is there.",
  error: "A message could not be carried out. The socket stays open.",
  "session.started": "A session was opened. Every authenticated socket hears it.",
  "game.added": "A game was added and is played now. `game.id` is the id in the catalogue.",
  "vote.received": "A vote changed the tally. The totals are those of all nights.",
  "session.ended": "The session is over.",
  "game.changed":
    "A room code, a number of players or a status was set by hand. `game.id` is the row of the session game. Only sockets that asked for `resume` hear it.",
  "game.removed":
    "A game was taken out of the night, with its votes. Only sockets that asked for `resume` hear it.",
  "poll.start":
    "A poll on the next game began. `endsAt` is null where nobody said when it ends, `gameId` where the option is no game.",
  "poll.voted": "A vote changed the counts of a poll.",
  "poll.leading": "Another option is ahead. One with as many votes as the first is not.",
  "poll.ending": "A host said when the poll ends, or said another time.",
  "poll.ending.cancelled": "A host took back when the poll ends.",
  "voting.ended": "The poll is over. `winnerGameId` is null where the winner is no game.",
  "game.picked": "A game was picked to be played next, by a host or by a poll; `pickedBy` is then null.",
  "game.dismissed": "A host took the pick away, or added another game.",
}

export const CLOSE_CODES: Readonly<Record<keyof typeof CLOSE, { why: string; what: string }>> = {
  binaryFrame: { why: "a binary frame", what: "send text" },
  frameTooLarge: { why: "a frame that is too large", what: "send less" },
  restarting: { why: "the server restarts", what: "reconnect and resume" },
  nonsense: { why: "many messages in a row that make no sense", what: "mend the client" },
  tokenRefused: {
    why: "the token is refused or was revoked",
    what: "stop; this token never works again",
  },
  authTimeout: { why: "no `auth` in time", what: "send `auth` first" },
  tokenExpired: { why: "the token expired", what: "reconnect with a new one" },
  tooMany: { why: "too many sockets or messages", what: "reconnect later" },
}

/** How many events are read at once is nobody's business. */
export const LIMITS_IN_WORDS: Readonly<Record<Exclude<keyof typeof LIMITS, "replayBatch">, string>> = {
  frameBytes: "bytes of a frame",
  frameBytesBeforeAuth: "bytes of a frame before `auth`",
  authWithinMs: "milliseconds until `auth` must have come",
  pingEveryMs: "milliseconds between the pings of the server",
  silentAfterMs: "milliseconds of silence after which a socket is dropped",
  clockToleranceSeconds: "seconds by which clocks may differ when a token is checked",
  subscriptions: "sessions that a socket follows",
  messageBurst: "messages at once",
  messagesPerMinute: "messages a minute",
  waitingMessages: "messages that wait behind one that is being handled",
  invalidMessages: "messages in a row that make no sense",
  writeBufferBytes: "bytes that wait for a slow reader",
  socketsBeforeAuth: "sockets before `auth`",
  socketsBeforeAuthPerAddress: "sockets of an address before `auth`",
  socketsPerAddress: "sockets and streams of an address",
  socketsPerToken: "sockets and streams of a token",
}
