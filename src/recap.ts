/** A night in short: what was played, how it was liked, which game was best. As Markdown here, as a picture elsewhere. */
import type { WholeNight } from "./history.ts"
import type { RecapWords } from "./recap-words.ts"
import type { SessionGame } from "./session-games.ts"

export type RecapGame = Pick<SessionGame, "title" | "pack_name" | "status" | "upvotes" | "downvotes"> & {
  /** The time of day it began, such as 20:15. */
  time: string
}

export type Recap = {
  sessionId: number
  /** The first line of the notes. */
  title: string
  /** The other lines. */
  notes: string[]
  /** Such as "Saturday, 1 November 2025, 20:00 to 23:10". */
  when: string
  length: string
  games: RecapGame[]
  votes: { all: number; up: number; down: number; voters: number }
  /** The game with the highest score, if anybody liked one. */
  best: { title: string; upvotes: number; downvotes: number; net_score: number } | undefined
}

export function recapOf(night: WholeNight, timeZone: string, now: number, words: RecapWords): Recap {
  const { session, games, tally, voters } = night
  const clock = clockIn(timeZone, words)
  const [title = "", ...notes] = (session.notes ?? words.night).split(/\r?\n/)
  const begin = Date.parse(session.created_at)
  const end = session.closed_at === null ? now : Date.parse(session.closed_at)
  const up = tally.reduce((sum, { upvotes }) => sum + upvotes, 0)
  const down = tally.reduce((sum, { downvotes }) => sum + downvotes, 0)
  const [first] = tally
  return {
    sessionId: session.id,
    title,
    notes,
    when: words.span(clock.day(begin), clock.time(begin), session.closed_at ? clock.time(end) : undefined),
    length: lengthOf(end - begin, words),
    games: games.map(({ title, pack_name, status, upvotes, downvotes, played_at }) => {
      return { title, pack_name, status, upvotes, downvotes, time: clock.time(Date.parse(played_at)) }
    }),
    votes: { all: up + down, up, down, voters },
    best: first && first.net_score > 0 ? first : undefined,
  }
}

/** Put together here, since two versions of the tables of a language may write a date in two ways. */
function clockIn(timeZone: string, words: RecapWords) {
  const format = new Intl.DateTimeFormat(words.locale, {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  const part = (ms: number) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
    return (name: string) => parts[name] ?? ""
  }
  return {
    day(ms: number) {
      const of = part(ms)
      return words.day({ weekday: of("weekday"), day: of("day"), month: of("month"), year: of("year") })
    },
    time(ms: number) {
      const of = part(ms)
      return `${of("hour")}:${of("minute")}`
    },
  }
}

function lengthOf(ms: number, words: RecapWords): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  return words.length(Math.floor(minutes / 60), minutes % 60)
}

/** A score with its sign; a real minus is as wide as a plus. */
export const signed = (score: number): string =>
  score > 0 ? `+${score}` : score < 0 ? `\u2212${-score}` : "0"

export function asMarkdown(recap: Recap, words: RecapWords): string {
  const { title, notes, when, length, games, votes, best } = recap
  const blocks = [`# ${plain(title)}`]
  if (notes.some((line) => line.trim() !== ""))
    blocks.push(notes.map((line) => `> ${plain(line)}`).join("\n"))
  blocks.push(plain(when))
  const { all, up, down, voters } = votes
  const liked = { votes: words.votes(all), tally: words.tally(up, down), viewers: words.viewers(voters) }
  blocks.push(words.markdown.summary(words.games(games.length), length, all > 0 ? liked : undefined))
  if (best) {
    const { net_score, upvotes, downvotes } = best
    const score = `${signed(net_score)} (${words.tally(upvotes, downvotes)})`
    blocks.push(`${words.markdown.best}: **${plain(best.title)}**, ${score}.`)
  }
  if (games.length > 0) blocks.push(table(games, words))
  return `${blocks.join("\n\n")}\n`
}

function table(games: readonly RecapGame[], { skipped, tally, markdown }: RecapWords): string {
  const rows = games.map(({ time, title, pack_name, status, upvotes, downvotes }, at) => {
    const name = status === "skipped" ? `~~${plain(title)}~~ (${skipped})` : `**${plain(title)}**`
    const score = `${signed(upvotes - downvotes)} (${tally(upvotes, downvotes)})`
    return `| ${at + 1} | ${time} | ${name} | ${plain(pack_name)} | ${score} |`
  })
  return [`| # | ${markdown.columns.join(" | ")} |`, "|---:|---|---|---|---|", ...rows].join("\n")
}

/** No character of a text does anything in Markdown (CommonMark section 2.4), nor in the HTML that it may hold. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]<|~]|&(?=#?\w+;)/g, "\\$&")
    .replace(/^(\d*)([#+\-=.)>])/, "$1\\$2")
