/** The catalogue as a table: which column holds what, and how its cells read in this and in other programs. */

import { type CsvRecord, csvRow, plainText, readCsv } from "../csv.ts"
import type { GameFacts } from "../game-edits.ts"
import type { RawRow } from "./game-rows.ts"
import { lazily } from "./input.ts"

/** Rows as they would come in JSON; the headings that say nothing to us; and why there are no rows to be had. */
export type Sheet = { rows: Iterable<RawRow>; ignored: string[]; problems: string[] }

type Column = {
  field: string
  title: string
  /** The headings under which other programs have it, without what `headingKey` leaves out. */
  also: readonly string[]
  required?: true
  read: (cell: string) => unknown
  write: (game: GameFacts) => string | number | null
}

const number = (cell: string) => (/^-?\d{1,9}$/.test(cell.trim()) ? Number(cell) : cell || undefined)
const flag = (cell: string) => {
  const word = cell.trim().toLowerCase()
  if (["yes", "y", "true", "1", "x"].includes(word)) return true
  return ["no", "n", "false", "0", ""].includes(word) ? false : cell
}
const orUnsaid = (read: (cell: string) => unknown) => (cell: string) => (cell.trim() ? read(cell) : undefined)
const yesNo = (is: number) => (is === 1 ? "Yes" : "No")

/** "15-20 minutes" is the middle of it; a mark for the unknown is none. */
function minutes(cell: string): unknown {
  const word = cell.trim().toLowerCase()
  if (/^(|\?+|-|n\/?a|unknown)$/.test(word)) return null
  const [, least, most] =
    /^(\d{1,4})(?:\s*(?:-|\u2013|to)\s*(\d{1,4}))?\s*(?:m|mins?\.?|minutes?)?$/.exec(word) ?? []
  if (least === undefined) return cell
  return most === undefined ? Number(least) : Math.round((Number(least) + Number(most)) / 2)
}

/** One a line, since the name of a pack may hold any sign but a line break; of very many no more than are too many. */
function packsIn(cell: string): string[] {
  const names = plainText(cell).split(/\r\n|\r|\n/, MOST_LINES)
  return names.length < MOST_LINES ? names.filter((name) => name.trim() !== "") : names
}

/** The first nine are those of the Jackbox Game Picker; it leaves the others alone. */
const COLUMNS: readonly Column[] = [
  {
    field: "pack_name",
    title: "Game Pack",
    also: ["pack", "packname"],
    required: true,
    read: plainText,
    write: ({ packs }) => packs[0],
  },
  {
    field: "title",
    title: "Game Title",
    also: ["title", "name", "game"],
    required: true,
    read: plainText,
    write: ({ title }) => title,
  },
  {
    field: "min_players",
    title: "Min. Players",
    also: ["min"],
    required: true,
    read: number,
    write: ({ min_players }) => min_players,
  },
  {
    field: "max_players",
    title: "Max. Players",
    also: ["max"],
    required: true,
    read: number,
    write: ({ max_players }) => max_players,
  },
  {
    field: "length_minutes",
    title: "Length",
    also: ["lengthminutes", "lengthmin", "minutes"],
    read: minutes,
    write: ({ length_minutes }) => length_minutes,
  },
  {
    field: "has_audience",
    title: "Audience",
    also: ["hasaudience"],
    read: flag,
    write: ({ has_audience }) => yesNo(has_audience),
  },
  {
    field: "family_friendly",
    title: "Family Friendly?",
    also: ["family"],
    read: flag,
    write: ({ family_friendly }) => yesNo(family_friendly),
  },
  {
    field: "game_type",
    title: "Game Type",
    also: ["type"],
    read: plainText,
    write: ({ game_type }) => game_type,
  },
  {
    field: "secondary_type",
    title: "Secondary Type",
    also: [],
    read: plainText,
    write: ({ secondary_type }) => secondary_type,
  },
  { field: "ticker", title: "Ticker", also: [], read: plainText, write: ({ ticker }) => ticker },
  {
    field: "enabled",
    title: "Enabled",
    also: [],
    read: orUnsaid(flag),
    write: ({ enabled }) => yesNo(enabled),
  },
  {
    field: "favor_bias",
    title: "Favor Bias",
    also: ["favor", "favour"],
    read: orUnsaid(number),
    write: ({ favor_bias }) => favor_bias,
  },
  {
    field: "packs",
    title: "All Packs",
    also: ["packs"],
    read: orUnsaid(packsIn),
    write: ({ packs }) => (packs.length > 1 ? packs.join("\n") : ""),
  },
]

const headingKey = (heading: string): string => heading.toLowerCase().replace(/[^a-z]/g, "")

const byHeading = lazily(
  () =>
    new Map(
      COLUMNS.flatMap((column) =>
        [headingKey(column.title), headingKey(column.field), ...column.also].map(
          (key) => [key, column] as const,
        ),
      ),
    ),
)

const DELIMITERS = [",", ";", "\t"]
/** Empty lines of a file at most. */
const MOST_EMPTY = 10_000
/** Lines of a cell at most. */
const MOST_LINES = 1_000
/** Characters shown of a heading that is not known. */
const SHOWN = 60

/** The rows below the headings, in any order of columns. */
export function readSheet(csv: string): Sheet {
  const text = csv.startsWith("\ufeff") ? csv.slice(1) : csv
  const records = filled(readCsv(text, delimiterOf(text)))
  const { value: head } = records.next()
  if (!head) return { rows: [], ignored: [], problems: ["There is no row"] }
  const columns = head.cells.map((heading) => byHeading().get(headingKey(heading)))
  const problems = head.wrong ? [head.wrong] : []
  for (const column of COLUMNS) {
    const times = columns.filter((one) => one === column).length
    if (times === 0 && column.required) problems.push(`There is no column ${column.title}`)
    if (times > 1) problems.push(`There are ${times} columns ${column.title}`)
  }
  const unknown = head.cells.filter((heading, at) => !columns[at] && heading.trim() !== "")
  const ignored = unknown.map((heading) => heading.trim().slice(0, SHOWN))
  return { rows: rowsOf(records, columns), ignored, problems }
}

/** The one that makes the first line the most columns we know. */
function delimiterOf(csv: string): string {
  const known = (delimiter: string) => {
    const { value: head } = filled(readCsv(csv, delimiter)).next()
    return head ? head.cells.filter((heading) => byHeading().has(headingKey(heading))).length : 0
  }
  const [best = ","] = [...DELIMITERS].sort((a, b) => known(b) - known(a))
  return best
}

/** Those in which something stands; a file of nothing but line breaks is given up. */
function* filled(records: Iterable<CsvRecord>): Generator<CsvRecord, undefined> {
  let empty = 0
  for (const record of records) {
    if (record.wrong || record.cells.some((cell) => cell.trim() !== "")) yield record
    else if (++empty > MOST_EMPTY) {
      yield { ...record, wrong: `There are more than ${MOST_EMPTY} empty lines` }
      return
    }
  }
}

function* rowsOf(records: Iterable<CsvRecord>, columns: readonly (Column | undefined)[]): Generator<RawRow> {
  for (const { line, cells, wrong } of records) {
    const said = columns.map((column, at) => [column?.field, column?.read(cells[at] ?? "")] as const)
    const game = Object.fromEntries(
      said.filter(([field, value]) => field !== undefined && value !== undefined),
    )
    const extra = cells.slice(columns.length).some((cell) => cell.trim() !== "")
    yield { place: { line }, game, wrong: wrong ?? (extra ? "There are more cells than columns" : undefined) }
  }
}

/** The whole table. */
export const writeSheet = (games: readonly GameFacts[]): string =>
  [
    csvRow(COLUMNS.map(({ title }) => title)),
    ...games.map((game) => csvRow(COLUMNS.map(({ write }) => write(game)))),
  ].join("")
