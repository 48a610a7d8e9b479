/**
 * The recap of a night as a picture: one SVG that needs nothing from elsewhere. It has no style sheet, because the
 * policy of every answer forbids them, and makes do with the fonts of whoever looks at it.
 */
import { type Recap, type RecapGame, signed } from "./recap.ts"
import type { RecapWords } from "./recap-words.ts"

const WIDTH = 1200
const SIDE = 64
const RIGHT = WIDTH - SIDE
const INNER = WIDTH - 2 * SIDE

/** Games that are shown at most. */
const MOST_GAMES = 30
const ROW = 76
const TILES_AT = 206
const TILE = 118
const GAP = 20
const BAR = 220

const INK = { title: "#ffffff", text: "#efe9ff", quiet: "#b5a8d8", line: "#ffffff" } as const
const GOLD = "#ffcf5c"
const UP = "#4ade9b"
const DOWN = "#ff6f91"

type Attributes = Record<string, string | number>

/** What XML 1.0 has no place for, unpaired surrogates included. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const MARKS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" }
const escaped = (text: string): string =>
  text.replace(NO_XML, "\ufffd").replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark)

/** `content` is markup. */
function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  return content ? `<${name}${written.join("")}>${content}</${name}>` : `<${name}${written.join("")}/>`
}

const text = (x: number, y: number, size: number, fill: string, words: string, more: Attributes = {}) =>
  element("text", { x, y, "font-size": size, fill, ...more }, escaped(words))

const END = { "text-anchor": "end" } as const
const BOLD = { "font-weight": 700 } as const

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u

/** At most so many columns of text, of which the wide characters of East Asia take two. */
function shortened(words: string, columns: number): string {
  let left = columns
  let kept = ""
  for (const { segment } of graphemes.segment(words)) {
    left -= WIDE.test(segment) ? 2 : 1
    if (left < 0) return `${kept.trimEnd()}\u2026`
    kept += segment
  }
  return kept
}

export function asCard(recap: Recap, words: RecapWords): string {
  const { best, games } = recap
  const shown = games.slice(0, MOST_GAMES)
  const bestAt = TILES_AT + TILE + GAP
  const rowsAt = bestAt + (best ? 96 + GAP : 0) + 16
  const most = Math.max(1, ...games.map(({ upvotes, downvotes }) => upvotes + downvotes))
  const after = rowsAt + shown.length * ROW + (games.length > shown.length ? 44 : 0)
  const height = after + 64
  const parts = [
    element("title", {}, escaped(`${recap.title}, ${recap.when}`)),
    background(height),
    heading(recap),
    tiles(recap, words),
    best ? winner(best, bestAt, words) : "",
    ...shown.map((game, at) =>
      row(game, { at, y: rowsAt + at * ROW, most, isBest: game.title === best?.title }, words),
    ),
    games.length > shown.length
      ? text(SIDE, after - 14, 22, INK.quiet, words.more(games.length - shown.length))
      : "",
    text(SIDE, height - 28, 18, INK.quiet, "gamenight"),
    text(RIGHT, height - 28, 18, INK.quiet, words.session(recap.sessionId), END),
  ]
  const root = {
    xmlns: "http://www.w3.org/2000/svg",
    width: WIDTH,
    height,
    viewBox: `0 0 ${WIDTH} ${height}`,
    role: "img",
    "font-family": "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("svg", root, parts.join("\n"))}\n`
}

function background(height: number): string {
  const stop = (offset: number, color: string) => element("stop", { offset, "stop-color": color })
  const gradient = element(
    "linearGradient",
    { id: "night", x1: 0, y1: 0, x2: 1, y2: 1 },
    stop(0, "#1a1145") + stop(0.55, "#2c1a63") + stop(1, "#55246e"),
  )
  const glow = (cx: number, cy: number, r: number) =>
    element("circle", { cx, cy, r, fill: "#ffffff", "fill-opacity": 0.04 })
  return [
    element("defs", {}, gradient),
    element("rect", { width: WIDTH, height, rx: 28, fill: "url(#night)" }),
    glow(1090, 40, 170),
    glow(1010, 130, 90),
    glow(70, height - 30, 120),
  ].join("")
}

/** A long title is written smaller before any of it is left out. */
function heading({ title, when }: Recap): string {
  const length = [...title].length
  const [size, columns] = length <= 28 ? [56, 28] : length <= 40 ? [40, 40] : [32, 50]
  return (
    text(SIDE, 112, size, INK.title, shortened(title, columns), BOLD) +
    text(SIDE, 160, 26, INK.quiet, shortened(when, 70))
  )
}

function tiles({ games, votes, length }: Recap, { tiles: labels }: RecapWords): string {
  const width = (INNER - 3 * GAP) / 4
  const tile = ([number, label]: readonly [string, string], at: number) => {
    const x = SIDE + at * (width + GAP)
    const size = Math.min(44, Math.floor((width - 48) / (number.length * 0.66)))
    return [
      element("rect", { x, y: TILES_AT, width, height: TILE, rx: 18, fill: INK.line, "fill-opacity": 0.08 }),
      text(x + 24, TILES_AT + 58, size, INK.title, number, BOLD),
      text(x + 24, TILES_AT + 90, 20, INK.quiet, label),
    ].join("")
  }
  const all = [
    [String(games.length), labels.games(games.length)],
    [String(votes.all), labels.votes(votes.all)],
    [String(votes.voters), labels.viewers(votes.voters)],
    [length, labels.length],
  ] as const
  const votesAt = SIDE + width + GAP + 24
  return all.map(tile).join("") + bar(votesAt, TILES_AT + 100, width - 48, 6, votes, votes.all)
}

/** Votes for and against, next to each other; `most` votes fill it. */
function bar(
  x: number,
  y: number,
  width: number,
  height: number,
  { up, down }: { up: number; down: number },
  most: number,
): string {
  const piece = (from: number, votes: number, fill: string) => {
    const [left, right] = [(from / most) * width, ((from + votes) / most) * width]
    const place = { x: (x + left).toFixed(1), y, width: (right - left).toFixed(1), height }
    return votes > 0 ? element("rect", { ...place, rx: height / 3, fill }) : ""
  }
  return (
    element("rect", { x, y, width, height, rx: height / 3, fill: INK.line, "fill-opacity": 0.07 }) +
    piece(0, up, UP) +
    piece(up, down, DOWN)
  )
}

function winner(best: NonNullable<Recap["best"]>, y: number, words: RecapWords): string {
  const { title, net_score, upvotes, downvotes } = best
  return [
    element("rect", { x: SIDE, y, width: INNER, height: 96, rx: 18, fill: GOLD, "fill-opacity": 0.14 }),
    element("rect", {
      x: SIDE,
      y,
      width: INNER,
      height: 96,
      rx: 18,
      fill: "none",
      stroke: GOLD,
      "stroke-width": 2,
    }),
    star(SIDE + 52, y + 48, 24),
    text(SIDE + 96, y + 38, 20, GOLD, words.best),
    text(SIDE + 96, y + 74, 32, INK.title, shortened(title, 34), BOLD),
    text(RIGHT - 28, y + 60, 40, GOLD, signed(net_score), { ...BOLD, ...END }),
    text(RIGHT - 150, y + 58, 22, INK.text, words.tally(upvotes, downvotes), END),
  ].join("")
}

function star(cx: number, cy: number, radius: number): string {
  const points = Array.from({ length: 10 }, (_, i) => {
    const [angle, r] = [(i * Math.PI) / 5 - Math.PI / 2, i % 2 === 0 ? radius : radius * 0.42]
    return `${(cx + r * Math.cos(angle)).toFixed(1)},${(cy + r * Math.sin(angle)).toFixed(1)}`
  })
  return element("polygon", { points: points.join(" "), fill: GOLD })
}

type Place = { at: number; y: number; most: number; isBest: boolean }

function row(game: RecapGame, { at, y, most, isBest }: Place, words: RecapWords): string {
  const { title, pack_name, time, status, upvotes, downvotes } = game
  const barAt = RIGHT - 90 - BAR
  const votes = upvotes + downvotes === 0 ? words.noVotes : words.tally(upvotes, downvotes)
  const below = `${time}, ${pack_name}${status === "skipped" ? `, ${words.skipped}` : ""}`
  const parts = [
    element("circle", { cx: SIDE + 24, cy: y + 34, r: 22, fill: INK.line, "fill-opacity": 0.1 }),
    text(SIDE + 24, y + 41, 20, INK.text, String(at + 1), { ...BOLD, "text-anchor": "middle" }),
    text(SIDE + 66, y + 30, 26, isBest ? GOLD : INK.title, shortened(title, 40), BOLD),
    text(SIDE + 66, y + 58, 19, INK.quiet, shortened(below, 60)),
    bar(barAt, y + 22, BAR, 14, { up: upvotes, down: downvotes }, most),
    text(barAt, y + 58, 18, INK.quiet, votes),
    text(RIGHT, y + 42, 30, INK.text, signed(upvotes - downvotes), { ...BOLD, ...END }),
  ]
  return element("g", status === "skipped" ? { opacity: 0.55 } : {}, parts.join(""))
}
