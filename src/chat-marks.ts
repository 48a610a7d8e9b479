/** Votes in the words of a chat: `thisgame++`, `thisgame--`, and the same behind a ticker. */

export type ChatMessage = {
  /** Its place in what was sent, from 0. */
  index: number
  username: string
  message: string
  /** Milliseconds since 1970. */
  timestamp: number
}

export type ChatMark = Omit<ChatMessage, "message"> & {
  /** As it stands in the chat. */
  text: string
  vote: "up" | "down"
  /** Undefined for the game of that moment. */
  ticker: string | undefined
  /** Whether all marks of the message name the same game. */
  alone: boolean
}

/** Stands alone, so that `c++11` and `well--known` are no votes; more than two signs are an emphasis. */
const MARK = /(?<![\p{L}\p{N}])([a-z0-9]{1,16})(\+{2,}|-{2,})(?![\p{L}\p{N}+-])/giu

/** The votes of a message, the last one first: of two on one game the later is meant. */
export function marksIn({ message, ...from }: ChatMessage): ChatMark[] {
  const found = [...message.matchAll(MARK)]
  const alone = new Set(found.map(([, word = ""]) => word.toLowerCase())).size === 1
  const marks = found.map(([text, word = "", signs = ""]): ChatMark => {
    const ticker = word.toLowerCase() === "thisgame" ? undefined : word
    return { ...from, text, vote: signs.startsWith("+") ? "up" : "down", ticker, alone }
  })
  return marks.reverse()
}
