/** Sessions that are over: put away, brought back, removed for good. What is asked for many is done for all or none. */
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { removeGames } from "./removal.ts"
import { type Session, sessionWith } from "./sessions.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Trx } from "./store/schema.ts"
import type { Unit, WriteContext } from "./store/writer.ts"

export type ArchiveAction = "archive" | "unarchive" | "delete"

export type SessionArchive = {
  /** Doing it twice changes nothing. Throws `session_not_found`, or `session_active` while it runs. */
  archive(id: number, once?: Once): Promise<Session>
  /** Throws `session_not_found`. */
  unarchive(id: number, once?: Once): Promise<Session>
  /**
   * Removes a session with its games, votes and events, and takes what it counted out of the numbers of all nights.
   * Throws `session_not_found`, or `session_active` while it runs.
   */
  remove(id: number): Promise<void>
  /** Gives the number of sessions. Throws as the single actions do, with every id that is in the way. */
  bulk(action: ArchiveAction, ids: readonly number[], once?: Once): Promise<{ affected: number }>
}

export function createSessionArchive({ store, events }: { store: Store; events: Events }): SessionArchive {
  const { write } = store

  async function carryOut(context: WriteContext, action: ArchiveAction, ids: readonly number[]) {
    const { trx } = context
    if (action !== "delete") {
      const archived = action === "archive" ? 1 : 0
      await trx.updateTable("sessions").set({ archived }).where("id", "in", ids).execute()
      return
    }
    await removeGames(trx, "session_id", ids)
    await events.forget(context, ids)
    await trx.deleteFrom("sessions").where("id", "in", ids).execute()
  }

  const one =
    (action: ArchiveAction, id: number): Unit<Session> =>
    async (context) => {
      const session = await sessionWith(context.trx, id)
      if (session.is_active === 1 && action !== "unarchive") {
        throw stillRunning(`Cannot ${action} session ${id}: it is still running`, id)
      }
      await carryOut(context, action, [id])
      return { ...session, archived: action === "archive" ? 1 : 0 }
    }

  return {
    archive: (id, once) => write(one("archive", id), once),
    unarchive: (id, once) => write(one("unarchive", id), once),
    async remove(id) {
      await write(one("delete", id))
    },
    bulk: (action, ids, once) =>
      write(async (context) => {
        await refuseWrong(context.trx, action, ids)
        const distinct = [...new Set(ids)]
        await carryOut(context, action, distinct)
        return { affected: distinct.length }
      }, once),
  }
}

const stillRunning = (
  message: string,
  activeSessionId: number,
  errors?: { path: string; message: string }[],
) => new AppError("session_active", message, { members: { activeSessionId }, ...(errors && { errors }) })

/** One answer that names every session the action cannot be done to. */
async function refuseWrong(trx: Trx, action: ArchiveAction, ids: readonly number[]): Promise<void> {
  const rows = await trx.selectFrom("sessions").select(["id", "is_active"]).where("id", "in", ids).execute()
  const known = new Map(rows.map(({ id, is_active }) => [id, is_active]))
  const running = action === "unarchive" ? undefined : rows.find(({ is_active }) => is_active === 1)?.id
  const errors = ids.flatMap((id, at) => {
    const path = `ids.${at}`
    if (!known.has(id)) return [{ path, message: `There is no session ${id}` }]
    return id === running ? [{ path, message: `Session ${id} is still running` }] : []
  })
  const [first] = errors
  if (!first) return
  const message = `Cannot ${action} the sessions: ${first.path}: ${first.message}`
  if (ids.every((id) => known.has(id)) && running !== undefined) throw stillRunning(message, running, errors)
  throw new AppError("session_not_found", message, { errors })
}
