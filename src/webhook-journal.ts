/**
 * What became of deliveries, on its way to the disk: the lines of the log and the places. Whatever comes while one
 * transaction is written shares the next, so that a receiver that is quick costs no fsync for each event.
 */
import type { Insertable } from "kysely"
import { AppError, defectIn } from "./errors.ts"
import type { Store } from "./store/open.ts"
import { query } from "./store/query.ts"
import type { Database } from "./store/schema.ts"
import type { WriteContext } from "./store/writer.ts"

export type DeliveryLine = Omit<Insertable<Database["webhook_deliveries"]>, "id">

export type Journal = {
  /** Keeps a line, and with `place` how far its webhook has come. */
  note(line: DeliveryLine, place?: number): void
  /** Keeps a place that matters only after a crash; it may wait a minute. */
  passed(webhookId: number, place: number): void
  /** Resolves once all is on disk that can be written now. */
  stop(): Promise<void>
}

/** Lines of each webhook that stay. */
const KEPT_LINES = 200
/** What was passed without a delivery is written this often, and so is what did not fit on a full disk. */
const LATER_MS = 60_000

type Deps = { store: Pick<Store, "write" | "epoch">; log: (line: string) => void; laterMs?: number }

export function createJournal({ store, log, laterMs = LATER_MS }: Deps): Journal {
  let lines: DeliveryLine[] = []
  let places = new Map<number, number>()
  let writing: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function later(): void {
    timer ??= setTimeout(write, laterMs)
    timer.unref()
  }

  async function writeAll(): Promise<void> {
    while (lines.length > 0 || places.size > 0) {
      const [newLines, newPlaces] = [lines, places]
      lines = []
      places = new Map()
      try {
        await store.write(({ run }) => keep(run, store.epoch, newLines, newPlaces))
      } catch (error) {
        lines = [...newLines, ...lines].slice(-KEPT_LINES)
        places = new Map([...newPlaces, ...places])
        if (!(error instanceof AppError)) {
          log(`[Webhooks] ${defectIn(error)}`)
        }
        return later()
      }
    }
  }

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing ??= writeAll().finally(() => {
      writing = undefined
    })
    return writing
  }

  return {
    note(line, place) {
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
      if (place !== undefined) places.set(line.webhook_id, place)
      void write()
    },

    passed(webhookId, place) {
      places.set(webhookId, place)
      later()
    },

    async stop() {
      await writing
      await write()
      clearTimeout(timer)
    },
  }
}

type Run = WriteContext["run"]

function keep(
  run: Run,
  epoch: string,
  lines: readonly DeliveryLine[],
  places: ReadonlyMap<number, number>,
): void {
  for (const line of lines) keepLine(run, line)
  for (const id of new Set(lines.map(({ webhook_id }) => webhook_id))) dropOld(run, id)
  for (const [id, seq] of places) run(keepPlace, { id, epoch, seq })
}

/** The line as it was stored; undefined where its webhook is gone. */
export function keepLine(run: Run, line: DeliveryLine) {
  const { seq = null, status = null, error = null } = line
  const [row] = run(insertLine, { ...line, seq, status, error })
  return row
}

type Line = Omit<Database["webhook_deliveries"], "id">

/** Takes no transaction, as all of these: what votes remember stays true. */
const insertLine = query<Line>()((db, value) =>
  db
    .insertInto("webhook_deliveries")
    .columns(["webhook_id", "event", "seq", "attempt", "status", "error", "duration_ms", "created_at"])
    .expression(
      db
        .selectFrom("webhooks")
        .select(({ val }) => [
          "id",
          val(value("event")).as("event"),
          val(value("seq")).as("seq"),
          val(value("attempt")).as("attempt"),
          val(value("status")).as("status"),
          val(value("error")).as("error"),
          val(value("duration_ms")).as("duration_ms"),
          val(value("created_at")).as("created_at"),
        ])
        .where("id", "=", value("webhook_id")),
    )
    .returningAll(),
)

/** Leaves the newest lines of a webhook. */
export const dropOld = (run: Run, webhookId: number): void =>
  void run(deleteOld, { webhook_id: webhookId, most: KEPT_LINES })

const deleteOld = query<{ webhook_id: number; most: number }>()((db, value) =>
  db
    .deleteFrom("webhook_deliveries")
    .where("webhook_id", "=", value("webhook_id"))
    .where("id", "not in", (eb) =>
      eb
        .selectFrom("webhook_deliveries")
        .select("id")
        .where("webhook_id", "=", value("webhook_id"))
        .orderBy("id", "desc")
        .limit(value("most")),
    ),
)

/** Never back: one that was turned off and on again begins later than what is still on its way here. */
const keepPlace = query<{ id: number; epoch: string; seq: number }>()((db, value) =>
  db
    .updateTable("webhooks")
    .set({ epoch: value("epoch"), seq: value("seq") })
    .where("id", "=", value("id"))
    .where("seq", "<", value("seq")),
)
