/** Backups as the documents describe them. */
import * as v from "valibot"
import type { BackupFile } from "../backups.ts"
import { answerOf, count, type Descriptions, gives, makes, moment, NOTHING, named, text } from "./parts.ts"

const backup = named(
  "Backup",
  answerOf<BackupFile>()(v.strictObject({ name: text, bytes: count, created_at: moment })),
)

const example = {
  name: "gamenight-20251102T050000Z.db",
  bytes: 409600,
  created_at: "2025-11-02T05:00:00.140Z",
} satisfies BackupFile

export const backupDescriptions: Descriptions = {
  "GET /api/backups": {
    id: "backups.list",
    tag: "Backups",
    summary: "List the backups",
    description:
      "All of the folder `backups`, also those made by `gamenight backup`, an upgrade or a restore.",
    answers: gives("The backups, the newest first.", v.array(backup), [example]),
  },
  "POST /api/backups": {
    id: "backups.make",
    tag: "Backups",
    summary: "Make a backup",
    description:
      "The answer comes once the copy is checked and on disk; votes are taken meanwhile. One at a time.",
    once: true,
    answers: makes("It is made.", backup, example, "Location"),
    problems: ["conflict"],
  },
  "GET /api/backups/:file": {
    id: "backups.read",
    tag: "Backups",
    summary: "Download a backup",
    description: "It is a SQLite database, for `gamenight restore`.",
    answers: {
      200: {
        description: "The file.",
        content: { "application/vnd.sqlite3": { schema: text } },
        headers: ["Content-Disposition"],
      },
    },
    problems: ["not_found"],
  },
  "DELETE /api/backups/:file": {
    id: "backups.remove",
    tag: "Backups",
    summary: "Remove a backup",
    answers: NOTHING,
    problems: ["not_found"],
  },
}
