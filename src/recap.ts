/** A night in short: what was played, how it was liked, which game was best. As Markdown here, as a picture elsewhere. */
import type { WholeNight } from "./history.ts"
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

export function recapOf({ session, games, tally, voters }: WholeNight, timeZone: string, now: number): Recap {
  const clock = clockIn(timeZone)
  const [title = "", ...notes] = (session.notes ?? "Game night").split(/\r?\n/)
  const begin = Date.parse(session.created_at)
  const end = session.closed_at === null ? now : Date.parse(session.closed_at)
  const up = tally.reduce((sum, { upvotes }) => sum + upvotes, 0)
  const down = tally.reduce((sum, { downvotes }) => sum + downvotes, 0)
  const [first] = tally
  return {
    sessionId: session.id,
    title,
    notes,
    when: `${clock.day(begin)}, ${clock.time(begin)}${session.closed_at ? ` to ${clock.time(end)}` : ", still running"}`,
    length: lengthOf(end - begin),
    games: games.map(({ title, pack_name, status, upvotes, downvotes, played_at }) => {
      return { title, pack_name, status, upvotes, downvotes, time: clock.time(Date.parse(played_at)) }
    }),
    votes: { all: up + down, up, down, voters },
    best: first && first.net_score > 0 ? first : undefined,
  }
}

/** Put together here, since two versions of the tables of a language may write a date in two ways. */
function clockIn(timeZone: string) {
  const format = new Intl.DateTimeFormat("en-GB", {
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
      return `${of("weekday")}, ${of("day")} ${of("month")} ${of("year")}`
    },
    time(ms: number) {
      const of = part(ms)
      return `${of("hour")}:${of("minute")}`
    },
  }
}

function lengthOf(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** A score with its sign; a real minus is as wide as a plus. */
export const signed = (score: number): string =>
  score > 0 ? `+${score}` : score < 0 ? `\u2212${-score}` : "0"

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`

export function asMarkdown({ title, notes, when, length, games, votes, best }: Recap): string {
  const blocks = [`# ${plain(title)}`]
  if (notes.some((line) => line.trim() !== ""))
    blocks.push(notes.map((line) => `> ${plain(line)}`).join("\n"))
  blocks.push(plain(when))
  const { all, up, down, voters } = votes
  const liked =
    all === 0
      ? "without votes"
      : `**${counted(all, "vote")}** (${up} up, ${down} down) of **${counted(voters, "viewer")}**`
  blocks.push(`**${counted(games.length, "game")}** in ${length}, ${liked}.`)
  if (best) {
    const { net_score, upvotes, downvotes } = best
    blocks.push(
      `Best game: **${plain(best.title)}**, ${signed(net_score)} (${upvotes} up, ${downvotes} down).`,
    )
  }
  if (games.length > 0) blocks.push(table(games))
  return `${blocks.join("\n\n")}\n`
}

function table(games: readonly RecapGame[]): string {
  const rows = games.map(({ time, title, pack_name, status, upvotes, downvotes }, at) => {
    const name = status === "skipped" ? `~~${plain(title)}~~ (skipped)` : `**${plain(title)}**`
    const score = `${signed(upvotes - downvotes)} (${upvotes} up, ${downvotes} down)`
    return `| ${at + 1} | ${time} | ${name} | ${plain(pack_name)} | ${score} |`
  })
  return ["| # | time | game | pack | votes |", "|---:|---|---|---|---|", ...rows].join("\n")
}

/** No character of a text does anything in Markdown (CommonMark section 2.4), nor in the HTML that it may hold. */
const plain = (text: string): string =>
  text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]<|~]|&(?=#?\w+;)/g, "\\$&")
    .replace(/^(\d*)([#+\-=.)>])/, "$1\\$2")
