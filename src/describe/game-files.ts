/** The catalogue as a file, as the documents describe it. */
import * as v from "valibot"
import type { CatalogueFile, Imported } from "../game-files.ts"
import { newGame } from "../http/game-fields.ts"
import { csvBody, importQuery, jsonFile } from "../http/game-files.ts"
import type { ImportMode } from "../import-plan.ts"
import * as examples from "./examples.ts"
import { favor } from "./games.ts"
import {
  type Answer,
  answerOf,
  asJson,
  count,
  countOrNull,
  type Description,
  type Descriptions,
  flag,
  named,
  text,
  textOrNull,
} from "./parts.ts"

const SHEET = "Game Pack,Game Title,Min. Players,Max. Players\nHouse games,Werewolf,8,18\n"

const settings = v.strictObject({ name: text, favor_bias: favor, owned: flag })

const catalogueFile = answerOf<CatalogueFile>()(
  v.strictObject({
    games: v.array(
      v.strictObject({
        title: text,
        packs: v.pipe(v.tupleWithRest([text], text), v.readonly()),
        min_players: count,
        max_players: count,
        length_minutes: countOrNull,
        has_audience: flag,
        family_friendly: flag,
        game_type: text,
        secondary_type: textOrNull,
        ticker: textOrNull,
        enabled: flag,
        favor_bias: favor,
      }),
    ),
    packs: v.array(settings),
  }),
)

type ImportAnswer = Imported & { message: string; count: number; mode: ImportMode; dry_run: boolean }

const counts = {
  message: text,
  count,
  mode: v.picklist(["append", "replace"]),
  dry_run: v.boolean(),
  added: count,
  changed: count,
  unchanged: count,
  deleted: count,
  disabled: count,
}
const importedJson = answerOf<ImportAnswer>()(v.strictObject(counts))
const importedSheet = answerOf<ImportAnswer & { ignored_columns: string[] }>()(
  v.strictObject({ ...counts, ignored_columns: v.array(text) }),
)

const { ignored_columns: _, ...importedExample } = examples.imported

const newGames = v.array(named("NewGame", newGame()))

const file = (description: string, content: Answer["content"]): { 200: Answer } => ({
  200: { description, headers: ["Content-Disposition"], ...(content && { content }) },
})

const imports = (
  schema: v.GenericSchema,
  example: object,
): Partial<Description> & Pick<Description, "answers"> => ({
  description:
    "`append` adds games, and one that is there already is an error. `replace` makes the catalogue what the file says; games keep their id, their votes and their nights. All or nothing: one answer names every wrong row. `dry_run` only says what would be done, and goes before the same in the body, as `mode` does. A file has 5 MiB and 20,000 rows at most. With `Accept: application/x-ndjson` the answer comes in lines of type `progress`, and at last one of type `done` or `error`.",
  query: importQuery,
  once: true,
  heeds: ["Accept"],
  answers: {
    200: {
      description: "What was done, or would be.",
      content: {
        ...asJson(schema, example),
        "application/x-ndjson": {
          schema: text,
          example: `{"type":"progress","done":1,"total":1}\n{"type":"done",...}\n`,
        },
      },
    },
  },
})

export const gameFileDescriptions: Descriptions = {
  "GET /api/games/export/csv": {
    id: "gameFiles.exportCsv",
    tag: "Files",
    summary: "Download the catalogue as a table",
    description: "A cell that a spreadsheet would calculate has a `'` in front, which an import takes away.",
    answers: file("The table.", { "text/csv": { schema: text, example: SHEET } }),
  },
  "GET /api/games/export/json": {
    id: "gameFiles.exportJson",
    tag: "Files",
    summary: "Download the catalogue as JSON, with what the owner says of packs",
    answers: file("The catalogue.", asJson(catalogueFile)),
  },
  "POST /api/games/import/csv": {
    ...imports(importedSheet, examples.imported),
    id: "gameFiles.importCsv",
    tag: "Files",
    summary: "Take a table into the catalogue",
    body: { "text/csv": { schema: text, example: SHEET }, ...asJson(csvBody(), { csvData: SHEET }) },
  },
  "POST /api/games/import/json": {
    ...imports(importedJson, importedExample),
    id: "gameFiles.importJson",
    tag: "Files",
    summary: "Take JSON into the catalogue",
    body: asJson(v.union([v.object({ ...jsonFile().entries, games: newGames }), newGames]), {
      games: [{ title: "Twenty Questions", pack_name: "House games", min_players: 2, max_players: 8 }],
    }),
  },
}
