/** Rows of a file on their way in: each is read by itself, and all that is wrong is collected. */
import * as v from "valibot"
import type { FieldError } from "../errors.ts"
import type { GameFacts } from "../game-edits.ts"
import { errorAt, type ImportRow, type Place } from "../import-plan.ts"
import { factsOf, newGame } from "./game-fields.ts"
import { fieldErrors } from "./input.ts"

/** A row before anybody has looked whether it makes sense; `wrong` says why it could not even be read. */
export type RawRow = { place: Place; game: unknown; wrong?: string | undefined }

export type ReadRows = { rows: ImportRow[]; errors: FieldError[] }

/** Rows of a file at most. */
export const MOST_ROWS = 20_000
/** Rows read before others have a turn. */
const TURN = 500

const OPTIONAL = [
  "length_minutes",
  "has_audience",
  "family_friendly",
  "game_type",
  "secondary_type",
  "ticker",
  "enabled",
  "favor_bias",
] as const satisfies readonly (keyof GameFacts)[]

/** Stops behind the row that is one too many. */
export async function readRows(raws: Iterable<RawRow>): Promise<ReadRows> {
  const read: ReadRows = { rows: [], errors: [] }
  let count = 0
  for (const raw of raws) {
    if (++count > MOST_ROWS) {
      read.errors.push(errorAt(raw.place, "", `There are more than ${MOST_ROWS} rows`))
      break
    }
    readRow(raw, read)
    if (count % TURN === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return read
}

function readRow({ place, game, wrong }: RawRow, { rows, errors }: ReadRows): void {
  if (wrong !== undefined || typeof game !== "object" || game === null || Array.isArray(game)) {
    errors.push(errorAt(place, "", wrong ?? "Must be an object"))
    return
  }
  const result = v.safeParse(newGame(), game)
  if (result.success) {
    const facts = factsOf(result.output)
    const said: Partial<GameFacts> = { ...facts }
    for (const name of OPTIONAL) if (!(name in game)) delete said[name]
    const { title, packs, ticker } = facts
    rows.push({
      place,
      title,
      packs,
      ticker: said.ticker === undefined ? undefined : ticker,
      game: { facts, said },
    })
    return
  }
  const issues = fieldErrors(result.issues)
  errors.push(...issues.map(({ path, message }) => errorAt(place, path, message)))
  rows.push({ place, ...namesOf(game, new Set(issues.map(({ path }) => path.split(".", 1)[0] ?? ""))) })
}

/** What can be said of a wrong row to find its twins. */
function namesOf(game: object, wrong: ReadonlySet<string>): Pick<ImportRow, "title" | "packs" | "ticker"> {
  const { title, pack_name, ticker }: { title?: unknown; pack_name?: unknown; ticker?: unknown } = game
  const text = (field: string, value: unknown) =>
    typeof value === "string" && !wrong.has(field) ? value.trim() || undefined : undefined
  const pack = text("pack_name", pack_name)
  return {
    title: text("title", title),
    packs: pack === undefined ? undefined : [pack],
    ticker: text("ticker", ticker),
  }
}
