/** Sessions: one game night each, at most one running. */
import type { Expression, ExpressionBuilder, Kysely, Selectable, SqlBool, StringReference } from "kysely"
import { AppError } from "./errors.ts"
import type { Events } from "./events.ts"
import { endWithSession } from "./poll-end.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Trx } from "./store/schema.ts"

/** The stored row and how many games it has. */
export type Session = Selectable<Database["sessions"]> & { games_played: number }

export type SessionFilter = "default" | "archived" | "all"
export type SessionPage = {
  filter: SessionFilter
  limit?: number | undefined
  offset: number
  /** The first and the last moment (ISO 8601) at which a session may have been opened. */
  from?: string | undefined
  to?: string | undefined
  /** What the notes or the title of a game must hold, whatever the case of its letters from a to z. */
  search?: string | undefined
}

export type Sessions = {
  /** Opens a night. Throws `session_active` while one is running, with its id. */
  start(notes: string | null, once?: Once): Promise<Session>
  /** Ends a night, first its poll; one that is over already stays as it is and tells nobody. Throws `session_not_found`. */
  close(id: number, once?: Once): Promise<Session>
  active(): Promise<Session | null>
  /** Throws `session_not_found`. */
  get(id: number): Promise<Session>
  /** Those of the given ids that there are, in no order. */
  existing(ids: readonly number[]): Promise<number[]>
  /** The `most` sessions that had started last when the event `seq` was stored, newest first. */
  startedBy(seq: number, most: number): Promise<number[]>
  /** Newest first, with the number of all that match. */
  list(page: SessionPage): Promise<{ sessions: Session[]; total: number }>
}

type Deps = {
  store: Store
  events: Events
  /** Hears of every session in which something happened. */
  onActivity?: (sessionId: number) => void
  now?: () => number
}

/** Sessions with their number of games, on a connection or inside a transaction. */
export const selectSessions = (db: Kysely<Database>) =>
  db
    .selectFrom("sessions")
    .selectAll()
    .select((eb) => {
      const count = eb
        .selectFrom("session_games")
        .whereRef("session_games.session_id", "=", "sessions.id")
        .select((games) => games.fn.countAll<number>().as("count"))
      return eb.fn.coalesce(count, eb.lit(0)).as("games_played")
    })

/** Makes the game that is playing, if there is one, a played one. */
export const finishPlaying = (trx: Trx, sessionId: number) =>
  trx
    .updateTable("session_games")
    .set({ status: "played" })
    .where("session_id", "=", sessionId)
    .where("status", "=", "playing")
    .execute()

/** Now, or the last moment of the session so far if the wall clock has jumped back: its times never fall. */
export async function nextMoment(
  trx: Trx,
  { id, created_at }: { id: number; created_at: string },
  now: number,
): Promise<string> {
  const { last } = await trx
    .selectFrom("session_games")
    .select((eb) => eb.fn.max("played_at").as("last"))
    .where("session_id", "=", id)
    .executeTakeFirstOrThrow()
  const at = new Date(now).toISOString()
  return [created_at, last ?? at, at].reduce((latest, moment) => (moment > latest ? moment : latest))
}

const noSuchSession = () => new AppError("session_not_found", "Session not found")

export const sessionClosed = (action: string, { id, closed_at }: Pick<Session, "id" | "closed_at">) =>
  new AppError("session_closed", `Cannot ${action} session ${id}: it ended at ${closed_at}`)

/** A session, on a connection or inside a transaction. Throws `session_not_found`. */
export async function sessionWith(db: Kysely<Database>, id: number): Promise<Session> {
  const session = await selectSessions(db).where("id", "=", id).executeTakeFirst()
  if (!session) throw noSuchSession()
  return session
}

/** Throws `session_not_found`, or `session_closed` with the action that cannot be done to it. */
export async function runningSession(trx: Trx, id: number, action: string): Promise<Session> {
  const session = await sessionWith(trx, id)
  if (session.is_active === 0) throw sessionClosed(action, session)
  return session
}

/** Throws `session_not_found`. */
export async function checkSession(db: Kysely<Database>, id: number): Promise<void> {
  const known = await db.selectFrom("sessions").select("id").where("id", "=", id).executeTakeFirst()
  if (!known) throw noSuchSession()
}

export function createSessions(deps: Deps): Sessions {
  const { store, events, onActivity = () => {}, now = Date.now } = deps
  const { db, write } = store
  return {
    start: (notes, once) =>
      write(async (context) => {
        const { trx } = context
        const running = await selectSessions(trx).where("is_active", "=", 1).executeTakeFirst()
        if (running) {
          throw new AppError(
            "session_active",
            `Cannot open a session: session ${running.id} is still running`,
            {
              members: { activeSessionId: running.id },
            },
          )
        }
        const at = new Date(now()).toISOString()
        const row = await trx
          .insertInto("sessions")
          .values({ notes, created_at: at })
          .returningAll()
          .executeTakeFirstOrThrow()
        const session = { id: row.id, is_active: 1, created_at: at, notes } as const
        events.append(context, row.id, "session.started", { session }, at)
        context.afterCommit(() => onActivity(row.id))
        return { ...row, games_played: 0 }
      }, once),

    close: (id, once) =>
      write(async (context) => {
        const { trx } = context
        const session = await sessionWith(trx, id)
        if (session.is_active === 0) return session
        const at = await nextMoment(trx, session, now())
        await finishPlaying(trx, id)
        await endWithSession(context, events, id, at)
        const ended = { is_active: 0, closed_at: at } as const
        await trx.updateTable("sessions").set(ended).where("id", "=", id).execute()
        const { games_played } = session
        events.append(context, id, "session.ended", { session: { id, is_active: 0, games_played } }, at)
        return { ...session, ...ended }
      }, once),

    active: async () => (await selectSessions(db).where("is_active", "=", 1).executeTakeFirst()) ?? null,

    get: (id) => sessionWith(db, id),

    async existing(ids) {
      const rows = await db.selectFrom("sessions").select("id").where("id", "in", ids).execute()
      return rows.map(({ id }) => id)
    },

    async startedBy(seq, most) {
      const rows = await db
        .selectFrom("sessions")
        .select("id")
        .where(
          (eb) =>
            eb
              .selectFrom("events")
              .whereRef("events.session_id", "=", "sessions.id")
              .select((events) => events.fn.min("events.seq").as("started")),
          "<=",
          seq,
        )
        .orderBy("id", "desc")
        .limit(most)
        .execute()
      return rows.map(({ id }) => id)
    },

    async list({ limit, offset, ...wish }) {
      const rows = selectSessions(db).where((eb) => matches(eb, wish))
      const count = db.selectFrom("sessions").select((eb) => eb.fn.countAll<number>().as("total"))
      // SQLite knows OFFSET only behind a LIMIT.
      const sessions = await rows
        .orderBy("id", "desc")
        .limit(limit ?? Number.MAX_SAFE_INTEGER)
        .offset(offset)
        .execute()
      const { total } = await count.where((eb) => matches(eb, wish)).executeTakeFirstOrThrow()
      return { sessions, total }
    },
  }
}

type SessionExpressions = ExpressionBuilder<Database, "sessions">

function matches(
  eb: SessionExpressions,
  { filter, from, to, search }: Omit<SessionPage, "limit" | "offset">,
) {
  const wanted: Expression<SqlBool>[] = []
  if (filter !== "all") wanted.push(eb("archived", "=", filter === "archived" ? 1 : 0))
  if (from !== undefined) wanted.push(eb("created_at", ">=", from))
  if (to !== undefined) wanted.push(eb("created_at", "<=", to))
  if (search) wanted.push(eb.or([holds(eb, "notes", search), eb.exists(gamesCalled(eb, search))]))
  return eb.and(wanted)
}

const gamesCalled = (eb: SessionExpressions, search: string) =>
  eb
    .selectFrom("session_games")
    .innerJoin("games", "games.id", "session_games.game_id")
    .select("session_games.id")
    .whereRef("session_games.session_id", "=", "sessions.id")
    .where((games) => holds(games, "games.title", search))

/** Without LIKE, to which % and _ are more than letters. */
function holds<DB, TB extends keyof DB>(
  eb: ExpressionBuilder<DB, TB>,
  column: StringReference<DB, TB>,
  text: string,
) {
  const lower = eb.fn<string>("lower", [column])
  const wanted = eb.fn<string>("lower", [eb.val(text)])
  return eb(eb.fn<string>("replace", [lower, wanted, eb.val("")]), "!=", lower)
}
