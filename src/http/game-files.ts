/** The catalogue as a file, CSV or JSON: written out, and read in again. */
import { bodyLimit } from "hono/body-limit"
import * as v from "valibot"
import { AppError, type FieldError } from "../errors.ts"
import type { Import, PackSettings } from "../game-files.ts"
import type { Deps, HttpContext, HttpHandler } from "./context.ts"
import { favorBias, packName } from "./game-fields.ts"
import { type RawRow, readRows } from "./game-rows.ts"
import { readSheet, writeSheet } from "./game-sheet.ts"
import { body, booleanish, jsonBody, lazily, listOf, parse, query, queryFlag } from "./input.ts"
import { onceIn } from "./once.ts"
import { reportProgress } from "./progress.ts"

/** Largest file in bytes. */
export const FILE_BYTES = 5 * 1024 * 1024

/** The paths on which a body may be that large. */
export const FILE_PATHS: readonly string[] = ["/api/games/import/csv", "/api/games/import/json"]

const modes = () => v.picklist(["append", "replace"], "Must be append or replace")

export const importQuery = lazily(() =>
  v.object({ mode: v.optional(modes()), dry_run: v.optional(queryFlag()) }),
)

const wish = () => ({ mode: v.nullish(modes()), dry_run: v.nullish(booleanish()) })

/** The Jackbox Game Picker sends `csvData`. */
export const csvBody = lazily(() =>
  v.object({ ...wish(), csvData: v.optional(v.string()), csv: v.optional(v.string()) }),
)

const packSettings = () =>
  v.object({
    name: packName(),
    favor_bias: v.optional(favorBias(), 0),
    owned: v.pipe(
      v.optional(booleanish(), true),
      v.transform((is): 0 | 1 => (is ? 1 : 0)),
    ),
  })

export const jsonFile = lazily(() =>
  v.object({
    ...wish(),
    // Each is looked at by itself later on.
    games: v.custom<unknown[]>(Array.isArray, "Must be an array"),
    packs: v.optional(listOf(packSettings(), 20_000)),
  }),
)

type Wish = { mode?: Import["mode"] | null | undefined; dry_run?: boolean | null | undefined }
type File = Wish & {
  raws: Iterable<RawRow>
  errors: FieldError[]
  packs?: readonly PackSettings[] | undefined
  ignored?: readonly string[]
}

export function gameFileRoutes({ gameFiles, fingerprint, log }: Deps) {
  async function take(c: HttpContext, { raws, errors, packs, ignored, ...said }: File): Promise<Response> {
    const { mode = said.mode ?? "append", dry_run = said.dry_run ?? false } = query(c, importQuery)
    const read = await readRows(raws)
    const file: Import = { rows: read.rows, errors: [...errors, ...read.errors], mode, packs }
    const once = dry_run ? undefined : await onceIn(c, fingerprint)
    return reportProgress(c, log, async (onProgress) => {
      const counts = dry_run ? await gameFiles.tryOut(file) : await gameFiles.load(file, onProgress, once)
      const count = read.rows.length
      const message = `${dry_run ? "Would import" : "Imported"} ${count} ${count === 1 ? "game" : "games"}`
      return { message, count, mode, dry_run, ...counts, ...(ignored && { ignored_columns: ignored }) }
    })
  }

  return {
    exportCsv: async (c) => {
      const { games } = await gameFiles.read()
      return c.body(writeSheet(games), 200, download("csv", "text/csv; charset=utf-8"))
    },

    exportJson: async (c) =>
      c.body(JSON.stringify(await gameFiles.read()), 200, download("json", "application/json")),

    importCsv: large(async (c) => {
      const { csv, ...said } = await csvIn(c)
      const { rows, ignored, problems } = readSheet(csv)
      const errors = problems.map((message) => ({ line: 1, path: "", message }))
      return take(c, { ...said, raws: problems.length > 0 ? [] : rows, errors, ignored })
    }),

    importJson: large(async (c) => {
      const json = await jsonBody(c)
      const bare = Array.isArray(json)
      const { games, ...said } = parse(jsonFile(), bare ? { games: json } : json, "body")
      return take(c, { ...said, raws: rowsIn(games, bare ? "" : "games."), errors: [] })
    }),
  } satisfies Record<string, HttpHandler>
}

/** One after the other, so that a list that is much too long is not gone through. */
function* rowsIn(games: readonly unknown[], path: string): Generator<RawRow> {
  for (const [at, game] of games.entries()) yield { place: { path: `${path}${at}` }, game }
}

const download = (ending: string, type: string) => ({
  "Content-Type": type,
  "Content-Disposition": `attachment; filename="gamenight-games.${ending}"`,
})

/** Only who may import makes the server read that much. */
function large(handler: HttpHandler): HttpHandler {
  const limit = bodyLimit({
    maxSize: FILE_BYTES,
    onError: () => {
      throw new AppError("too_large", `Cannot read the file: it has more than ${FILE_BYTES} bytes`)
    },
  })
  return async (c) => {
    let answer: Response | undefined
    await limit(c, async () => {
      answer = await handler(c)
    })
    return answer ?? c.res
  }
}

async function csvIn(c: HttpContext): Promise<Wish & { csv: string }> {
  const type = c.req.header("content-type") ?? "nothing"
  if (/^application\/json\s*(;|$)/i.test(type)) {
    const { csv, csvData = csv, ...said } = await body(c, csvBody)
    if (csvData !== undefined) return { ...said, csv: csvData }
    const message = "Is required"
    throw new AppError("invalid_input", `Cannot read the body: csv: ${message}`, {
      errors: [{ path: "csv", message }],
    })
  }
  if (!/^text\/csv\s*(;|$)/i.test(type)) {
    throw new AppError(
      "unsupported_media_type",
      `Cannot read the file: send text/csv or application/json, not ${type}`,
    )
  }
  try {
    return { csv: new TextDecoder("utf-8", { fatal: true }).decode(await c.req.arrayBuffer()) }
  } catch {
    throw new AppError("invalid_input", "Cannot read the file: it is not text in UTF-8, save it as CSV UTF-8")
  }
}
