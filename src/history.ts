/** A night as a whole: handed out as a file, and told in short. */
import type { Kysely } from "kysely"
import type { RecapLanguage } from "./recap-words.ts"
import { gamesOfSession, type SessionGame } from "./session-games.ts"
import { type Session, sessionWith } from "./sessions.ts"
import type { Database, VoteType } from "./store/schema.ts"
import { type GameTally, talliesOfSession } from "./tallies.ts"

/** Everything of a night but its single votes. */
export type WholeNight = {
  session: Session
  /** In the order played. */
  games: SessionGame[]
  /** Best game first. */
  tally: GameTally[]
  /** Viewers of whom a vote counts. */
  voters: number
}

export type SingleVote = { username: string; vote_type: VoteType; source: string | null; timestamp: string }

export type ExportFormat = "json" | "txt" | "csv"
export type RecapFormat = "md" | "svg"
/** The time zone of its times, such as Europe/Berlin. */
export type RecapWish = { timeZone: string; language: RecapLanguage }

/** `name` is a name for the file. */
export type Document = { name: string; parts: AsyncIterable<string> }

export type History = {
  /** The whole night; as JSON with every vote. Throws `session_not_found`. */
  export(sessionId: number, format: ExportFormat): Promise<Document>
  /** The night in short. Throws `session_not_found`. */
  recap(sessionId: number, format: RecapFormat, how: RecapWish): Promise<Document>
}

/** What writes the documents is loaded when the first one is asked for. */
export function createHistory(db: Kysely<Database>, now: () => number = Date.now): History {
  return {
    async export(sessionId, format) {
      const night = await wholeNight(db, sessionId)
      const at = new Date(now()).toISOString()
      const { asCsv, asJson, asText } = await import("./night-export.ts")
      const parts = {
        json: () => asJson(night, (row) => votesOn(db, row.id), at),
        txt: () => only(asText(night)),
        csv: () => only(asCsv(night)),
      }
      return { name: `${nameOf(night.session)}.${format}`, parts: parts[format]() }
    },

    async recap(sessionId, format, { timeZone, language }) {
      const night = await wholeNight(db, sessionId)
      const { asMarkdown, recapOf } = await import("./recap.ts")
      const words = (await import("./recap-words.ts")).recapWords[language]
      const recap = recapOf(night, timeZone, now(), words)
      const write = format === "md" ? asMarkdown : (await import("./recap-card.ts")).asCard
      const text = write(recap, words)
      return { name: `${nameOf(night.session)}-recap.${format}`, parts: only(text) }
    },
  }
}

async function* only(text: string) {
  yield text
}

const nameOf = ({ id, created_at }: Session): string => `session-${id}-${created_at.slice(0, 10)}`

/** In one transaction, so that the numbers fit each other. */
const wholeNight = (db: Kysely<Database>, sessionId: number): Promise<WholeNight> =>
  db.transaction().execute(async (trx) => {
    const session = await sessionWith(trx, sessionId)
    const { voters } = await trx
      .selectFrom("votes")
      .leftJoin("linked_voters", "linked_voters.voter", "votes.voter")
      // Links are numbers and names are texts, so that none is taken for the other.
      .select(({ fn }) =>
        fn.count<number>(fn.coalesce("linked_voters.link_id", "votes.voter")).distinct().as("voters"),
      )
      .where("session_id", "=", sessionId)
      .executeTakeFirstOrThrow()
    const games = await gamesOfSession(trx, sessionId)
    return { session, games, tally: await talliesOfSession(trx, sessionId), voters }
  })

const votesOn = (db: Kysely<Database>, rowId: number): Promise<SingleVote[]> =>
  db
    .selectFrom("votes")
    .select(["username", "vote_type", "source", "timestamp"])
    .where("session_game_id", "=", rowId)
    .orderBy("timestamp")
    .orderBy("id")
    .execute()
