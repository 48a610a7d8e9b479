/** People with several names: linked, they are one voter. */
import type { Kysely } from "kysely"
import { AppError, type FieldError } from "./errors.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Database, Trx } from "./store/schema.ts"
import { voterKey } from "./vote-count.ts"

export type VoterLink = { id: number; usernames: string[]; created_at: string }

export type VoterLinks = {
  /** In the order they were made. */
  list(): Promise<VoterLink[]>
  /**
   * Makes one voter of names, for the votes that are cast from now on; those that were cast stay as they are.
   * Throws `invalid_input` for a name that is there twice, `conflict` for one that is linked already.
   */
  link(usernames: readonly string[], once?: Once): Promise<VoterLink>
  /** Makes them several voters again. Throws `not_found`. */
  unlink(id: number): Promise<void>
}

/** The voters that are one person with this one, itself included, on a connection or inside a transaction. */
export async function namesOf(db: Kysely<Database>, voter: string): Promise<string[]> {
  const linked = await db
    .selectFrom("linked_voters")
    .select("voter")
    .where("link_id", "=", (eb) =>
      eb.selectFrom("linked_voters as own").select("own.link_id").where("own.voter", "=", voter),
    )
    .execute()
  return linked.length > 0 ? linked.map(({ voter }) => voter) : [voter]
}

export function createVoterLinks({ db, write }: Store, now = Date.now): VoterLinks {
  return {
    async list() {
      const rows = await db
        .selectFrom("voter_links")
        .innerJoin("linked_voters", "linked_voters.link_id", "voter_links.id")
        .select(["voter_links.id", "voter_links.created_at", "linked_voters.username"])
        .orderBy("voter_links.id")
        .orderBy("linked_voters.voter")
        .execute()
      const links = new Map<number, VoterLink>()
      for (const { id, created_at, username } of rows) {
        const link = links.get(id) ?? { id, usernames: [], created_at }
        link.usernames.push(username)
        links.set(id, link)
      }
      return [...links.values()]
    },

    link: (usernames, once) =>
      write(async ({ trx }) => {
        const names = usernames.map((username) => ({ username, voter: voterKey(username) }))
        refuseTwice(names)
        await refuseLinked(trx, names)
        const created_at = new Date(now()).toISOString()
        const { id } = await trx
          .insertInto("voter_links")
          .values({ created_at })
          .returning("id")
          .executeTakeFirstOrThrow()
        await trx
          .insertInto("linked_voters")
          .values(names.map((name) => ({ ...name, link_id: id })))
          .execute()
        const ordered = names.toSorted((a, b) => (a.voter < b.voter ? -1 : 1))
        return { id, usernames: ordered.map(({ username }) => username), created_at }
      }, once),

    unlink: (id) =>
      write(async ({ trx }) => {
        const gone = await trx
          .deleteFrom("voter_links")
          .where("id", "=", id)
          .returning("id")
          .executeTakeFirst()
        if (!gone) throw new AppError("not_found", `Cannot take the link ${id} apart: there is no such link`)
      }),
  }
}

type Name = { username: string; voter: string }

const inTheWay = (names: readonly Name[], message: string, isWrong: (name: Name, at: number) => boolean) =>
  names.flatMap((name, at): FieldError[] => (isWrong(name, at) ? [{ path: `usernames.${at}`, message }] : []))

function refuseTwice(names: readonly Name[]): void {
  const errors = inTheWay(names, "Is there twice", ({ voter }, at) =>
    names.slice(0, at).some((one) => one.voter === voter),
  )
  const [first] = errors
  if (!first) return
  throw new AppError("invalid_input", `Cannot link the voters: ${first.path}: ${first.message}`, { errors })
}

async function refuseLinked(trx: Trx, names: readonly Name[]): Promise<void> {
  const linked = await trx
    .selectFrom("linked_voters")
    .select("voter")
    .where(
      "voter",
      "in",
      names.map(({ voter }) => voter),
    )
    .execute()
  const errors = inTheWay(names, "Is linked already", ({ voter }) =>
    linked.some((one) => one.voter === voter),
  )
  const [first] = errors
  if (!first) return
  throw new AppError("conflict", `Cannot link the voters: ${first.path}: ${first.message}`, { errors })
}
