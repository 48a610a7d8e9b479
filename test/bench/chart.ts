/** The figures that say the most as a picture: a panel for each, a bar for each program. */
import { type Figure, OWN } from "./report.ts"
import { written } from "./table.ts"

/** The figures that have a panel, by how their names begin. */
const PANELS = [
  "durable votes, 64",
  "a vote, 64 connections, p99",
  "deliveries in bursts",
  "CPU of a delivery, single",
  "request to last",
  "memory of a connection",
]

const WIDTH = 880
const MARGIN = 10
const COLUMNS = 2
const GAP = 40
const PANEL_WIDTH = (WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
const LABEL_WIDTH = 145
const VALUE_WIDTH = 70
const BAR_WIDTH = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH
const ROW = 24
const BAR = 14
const HEAD = 52

/** Dark and light pages show the same file. */
const STYLE = `
text { font: 13px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; fill: #1f2328 }
.own { font-weight: 600; fill: #1f2328 }
.bar { fill: #afb8c1 }
.bar.own { fill: #1a7f64 }
@media (prefers-color-scheme: dark) {
  text { fill: #9198a1 }
  .title, .own { fill: #f0f6fc }
  .bar { fill: #59636e }
  .bar.own { fill: #3fb98f }
}`

export function chart(figures: readonly Figure[]): string {
  const shown = PANELS.flatMap((name) => figures.find((figure) => figure.name.startsWith(name)) ?? [])
  const rows = Math.max(0, ...shown.map(({ values }) => Object.keys(values).length))
  const panelHeight = HEAD + rows * ROW + GAP / 2
  const height = Math.ceil(shown.length / COLUMNS) * panelHeight
  const panels = shown.map((figure, at) => {
    const x = (at % COLUMNS) * (PANEL_WIDTH + GAP)
    const y = Math.floor(at / COLUMNS) * panelHeight
    return `<g transform="translate(${x} ${y})">\n${panel(figure)}\n</g>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-MARGIN} 0 ${WIDTH + 2 * MARGIN} ${height}" role="img">`,
    "<title>gamenight beside what one would use otherwise</title>",
    `<style>${STYLE}\n</style>`,
    ...panels,
    "</svg>\n",
  ].join("\n")
}

function panel({ name, unit, values }: Figure): string {
  const rate = unit === "/s"
  const better = rate ? "more is better" : "less is better"
  const most = Math.max(...Object.values(values))
  const bars = Object.entries(values).map(([program, value], at) => {
    const own = program === OWN ? " own" : ""
    const top = HEAD + at * ROW
    const length = Math.max(1, (value / most) * BAR_WIDTH)
    const baseline = top + BAR - 3
    return [
      text(0, baseline, program, `label${own}`),
      `<rect class="bar${own}" x="${LABEL_WIDTH}" y="${top}" width="${length.toFixed(1)}" height="${BAR}" rx="2"/>`,
      text(LABEL_WIDTH + length + 8, baseline, written(value), `value${own}`),
    ].join("\n")
  })
  return [
    text(0, 18, capital(name), "title"),
    text(0, 36, `${rate ? "a second" : unit}, ${better}`, "unit"),
    ...bars,
  ].join("\n")
}

const text = (x: number, y: number, words: string, kind: string): string =>
  `<text class="${kind}" x="${x.toFixed(0)}" y="${y}">${words}</text>`

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
