/** The chat of a night on its way in: every line is looked at before the first vote is placed. */
import * as v from "valibot"
import type { ChatMessage } from "../chat-marks.ts"
import { AppError, type FieldError } from "../errors.ts"
import type { Deps, HttpHandler } from "./context.ts"
import { fieldErrors, idIn, jsonBody, lazily, line, moment, parse } from "./input.ts"
import { large } from "./large.ts"
import { onceIn } from "./once.ts"

/** Largest chat in bytes. */
export const CHAT_BYTES = 5 * 1024 * 1024
/** The path on which a body may be that large. */
export const CHAT_PATH = "/api/sessions/:id/chat-import"

/** Messages of a chat at most. */
export const MOST_MESSAGES = 100_000
/** Messages looked at before others have a turn. */
const TURN = 1_000

export const chat = lazily(() =>
  v.object({
    // Each is looked at by itself later on.
    chatData: v.pipe(
      v.custom<unknown[]>(Array.isArray, "Must be an array"),
      v.maxLength(MOST_MESSAGES, `Must have ${MOST_MESSAGES} entries at most`),
    ),
  }),
)

/** Texts with what chats mark bold and colours with: only votes are read out of them, and none is stored. */
export const chatMessage = lazily(() =>
  v.object({
    username: v.pipe(line(64), v.minLength(1, "Must not be empty")),
    message: v.pipe(v.string(), v.maxLength(4_000, "Must have 4000 characters at most")),
    timestamp: moment(),
  }),
)

export function chatImportRoutes({ chatImport, fingerprint }: Deps) {
  return {
    load: large("chat", CHAT_BYTES, async (c) => {
      const id = idIn(c)
      const json = await jsonBody(c)
      const bare = Array.isArray(json)
      const { chatData } = parse(chat(), bare ? { chatData: json } : json, "body")
      const messages = await readAll(chatData, bare ? "" : "chatData.")
      return c.json(await chatImport.load(id, messages, await onceIn(c, fingerprint)))
    }),
  } satisfies Record<string, HttpHandler>
}

/** Throws `invalid_input` that names everything that is wrong in any of them. */
async function readAll(entries: readonly unknown[], place: string): Promise<ChatMessage[]> {
  const messages: ChatMessage[] = []
  const errors: FieldError[] = []
  for (const [index, entry] of entries.entries()) {
    const { success, output, issues } = v.safeParse(chatMessage(), entry)
    if (success) messages.push({ index, ...output })
    else
      for (const { path, message } of fieldErrors(issues))
        errors.push(errorAt(`${place}${index}`, path, message))
    if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const [first] = errors
  if (!first) return messages
  throw new AppError("invalid_input", `Cannot read the body: ${first.path}: ${first.message}`, { errors })
}

const errorAt = (place: string, path: string, message: string): FieldError => ({
  path: path === "" ? place : `${place}.${path}`,
  message,
})
