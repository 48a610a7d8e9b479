/** The AsyncAPI document: the live socket, from the schemas that the hub reads and writes by. */
import { toJsonSchema } from "@valibot/to-json-schema"
import * as v from "valibot"
import { CLOSE, clientMessage, EVERYONE, LIMITS, SOCKET_PATH, topicOf } from "../protocol.ts"
import { event, serverMessage } from "../server-messages.ts"
import { FROM_CLIENT, FROM_SERVER, type Message } from "./messages.ts"
import { CLOSE_CODES, LIMITS_IN_WORDS, MESSAGES, SOCKET } from "./socket-words.ts"

export type AsyncApi = ReturnType<typeof asyncApi>
export type SocketMessage = {
  name: string
  title: string
  summary: string
  contentType: string
  payload: object
  examples: { name: string; payload: Message }[]
}
export type SocketOperation = {
  action: "send" | "receive"
  channel: Ref
  title: string
  summary: string
  tags?: { name: string }[]
  messages: Ref[]
  reply?: { channel: Ref; messages: Ref[] }
}
type Ref = { $ref: string }

export function asyncApi(version: string) {
  const messages = { ...named(fromClient(), FROM_CLIENT), ...named(serverMessage.options, FROM_SERVER) }
  const names = Object.keys(messages)
  return {
    asyncapi: "3.0.0",
    info: {
      title: "gamenight live socket",
      version,
      description: SOCKET,
      license: { name: "MIT" },
    },
    defaultContentType: JSON_TYPE,
    servers: {
      this: { host: "localhost:5000", protocol: "ws", description: "A service on this machine." },
    },
    channels: {
      live: {
        address: SOCKET_PATH,
        title: "The live socket",
        description: "Text frames, one JSON object each. The first is `auth`.",
        messages: Object.fromEntries(names.map((name) => [name, at(`#/components/messages/${name}`)])),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
        "x-close-codes": Object.entries(CLOSE).map(([name, code]) => ({
          code,
          ...CLOSE_CODES[name as keyof typeof CLOSE],
        })),
        "x-limits": Object.entries(LIMITS_IN_WORDS).map(([name, description]) => ({
          name,
          value: LIMITS[name as keyof typeof LIMITS_IN_WORDS],
          description,
        })),
      },
    },
    operations: { ...received(names), ...sent() },
    components: { messages },
  }
}

const JSON_TYPE = "application/json"
const at = ($ref: string): Ref => ({ $ref })
const LIVE = at("#/channels/live")
const inLive = (name: string): Ref => at(`#/channels/live/messages/${name}`)

type Option = v.GenericSchema & { entries: { type: v.LiteralSchema<string, undefined> } }

/** The token is text; one of another kind is answered as a wrong one is. */
const fromClient = (): Option[] =>
  clientMessage.options.map((option) =>
    "token" in option.entries ? v.object({ ...option.entries, token: v.string() }) : option,
  )

/** One message for each option of the schemas; a second one of a type is what a client asked for. */
function named(options: readonly Option[], examples: readonly Message[]): Record<string, SocketMessage> {
  const found: Record<string, SocketMessage> = {}
  for (const option of options) {
    const type = option.entries.type.literal
    const name = type in found ? `${type}.resumed` : type
    found[name] = {
      name: type,
      title: name,
      summary: MESSAGES[name] ?? "",
      contentType: JSON_TYPE,
      payload: schemaOf(option),
      examples: examples
        .filter((example) => v.is(option, example))
        .map((payload, i) => ({ name: `${name}-${i + 1}`, payload })),
    }
  }
  return found
}

function schemaOf(option: v.GenericSchema): object {
  const { $schema: _, ...schema } = toJsonSchema(option, { typeMode: "input", errorMode: "throw" })
  return schema
}

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  auth: ["auth_success", "auth_error"],
  subscribe: ["subscribed", "error"],
  unsubscribe: ["unsubscribed", "error"],
  ping: ["pong"],
}

/** What the service takes, each with its answers. */
function received(names: readonly string[]): Record<string, SocketOperation> {
  const types = clientMessage.options.map(({ entries }) => entries.type.literal)
  const answersTo = (type: string) =>
    (ANSWERS[type] ?? ["error"]).flatMap((answer) =>
      names.filter((name) => name === answer || name === `${answer}.resumed`),
    )
  return Object.fromEntries(
    types.map((type) => [
      `live.${type}`,
      {
        action: "receive",
        channel: LIVE,
        title: type,
        summary: MESSAGES[type] ?? "",
        messages: [inLive(type)],
        reply: { channel: LIVE, messages: answersTo(type).map(inLive) },
      },
    ]),
  )
}

/** What the service sends unasked: each event, with the topic that it goes to as its tag. */
function sent(): Record<string, SocketOperation> {
  const types = event.options.map(({ entries }) => entries.type.literal)
  return Object.fromEntries(
    types.map((type) => [
      `live.${type}`,
      {
        action: "send",
        channel: LIVE,
        title: type,
        summary: MESSAGES[type] ?? "",
        tags: [{ name: topicOf(type, 0) === EVERYONE ? EVERYONE : "session/{sessionId}" }],
        messages: [inLive(type)],
      },
    ]),
  )
}
