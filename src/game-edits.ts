/** Games as people add, change and remove them. */
import { AppError, type FieldError } from "./errors.ts"
import { type Game, readGame } from "./games.ts"
import { makePacks, namesOfPacks, setPacks, spell, tidyPacks } from "./packs.ts"
import type { Once } from "./store/once.ts"
import type { Store } from "./store/open.ts"
import type { Flag, Trx } from "./store/schema.ts"
import { fold } from "./twins.ts"

/** What people say of a game; the rest is counted. */
export type GameFacts = {
  title: string
  /** Every pack it belongs to, first the one it is listed under. */
  packs: readonly [string, ...string[]]
  min_players: number
  max_players: number
  length_minutes: number | null
  has_audience: Flag
  family_friendly: Flag
  game_type: string
  secondary_type: string | null
  /** What chat types for this game; unique whatever its case. */
  ticker: string | null
  enabled: Flag
  favor_bias: number
}

/** What is left out stays; `pack_name` alone changes the pack it is listed under and no other. */
export type GameChange = { [K in Exclude<keyof GameFacts, "packs">]?: GameFacts[K] | undefined } & {
  pack_name?: string | undefined
  packs?: readonly string[] | undefined
}

export type GameEdits = {
  /** Throws `conflict` that names the game with this ticker, or with this title in one of the packs. */
  add(facts: GameFacts, once?: Once): Promise<Game>
  /** Throws `game_not_found`, `conflict` as `add` does, or `invalid_input` where more must come than may. */
  change(id: number, change: GameChange): Promise<Game>
  /** Turns it off or on, or the other way round without a word. Throws `game_not_found`. */
  enable(id: number, enabled?: boolean): Promise<Game>
  /** Throws `game_not_found`, or `conflict` if it was ever played: then it is disabled and its history stays. */
  remove(id: number): Promise<void>
}

export function createGameEdits({ write }: Store, now = Date.now): GameEdits {
  return {
    add: ({ packs: names, ...facts }, once) =>
      write(async ({ trx }) => {
        const packs = spell(await namesOfPacks(trx), names)
        await refuseTwins(trx, "add the game", { ...facts, packs })
        await makePacks(trx, packs)
        const { id } = await trx
          .insertInto("games")
          .values({ ...facts, pack_name: packs[0], created_at: new Date(now()).toISOString() })
          .returning("id")
          .executeTakeFirstOrThrow()
        await setPacks(trx, id, packs)
        return readGame(trx, id)
      }, once),

    change: (id, { pack_name, packs: names, ...change }) =>
      write(async ({ trx }) => {
        const game = await readGame(trx, id)
        const before = await packsOf(trx, id)
        const wanted = packsAfter(game.pack_name, before, pack_name, names)
        const packs = spell(await namesOfPacks(trx), wanted)
        const { title = game.title, ticker = game.ticker } = change
        const { min_players = game.min_players, max_players = game.max_players } = change
        if (max_players < min_players) throw seatsNobody()
        await refuseTwins(trx, "change the game", { title, ticker, packs }, id)
        await makePacks(trx, packs)
        await trx
          .updateTable("games")
          .set({ ...change, pack_name: packs[0] })
          .where("id", "=", id)
          .execute()
        await setPacks(trx, id, packs)
        await tidyPacks(trx)
        return readGame(trx, id)
      }),

    enable: (id, enabled) =>
      write(async ({ trx }) => {
        const game = await readGame(trx, id)
        const flag = (enabled ?? game.enabled === 0) ? 1 : 0
        await trx.updateTable("games").set({ enabled: flag }).where("id", "=", id).execute()
        return { ...game, enabled: flag }
      }),

    async remove(id) {
      const kept = await write(async ({ trx }) => {
        const { title } = await readGame(trx, id)
        const { sessions } = await trx
          .selectFrom("session_games")
          .select((eb) => eb.fn.count<number>("session_id").distinct().as("sessions"))
          .where("game_id", "=", id)
          .executeTakeFirstOrThrow()
        if (sessions > 0) {
          await trx.updateTable("games").set({ enabled: 0 }).where("id", "=", id).execute()
          return { title, sessions }
        }
        await trx.deleteFrom("games").where("id", "=", id).execute()
        await tidyPacks(trx)
        return undefined
      })
      if (!kept) return
      const { title, sessions } = kept
      const times = sessions === 1 ? "a session" : `${sessions} sessions`
      throw new AppError("conflict", `Cannot delete ${title}: it was played in ${times}, it is disabled now`)
    },
  }
}

const packsOf = async (trx: Trx, id: number): Promise<string[]> => {
  const rows = await trx.selectFrom("game_packs").select("pack_name").where("game_id", "=", id).execute()
  return rows.map(({ pack_name }) => pack_name)
}

/** The packs of a game after a change, first the one it is listed under. */
function packsAfter(
  listed: string,
  before: readonly string[],
  pack_name: string | undefined,
  packs: readonly string[] | undefined,
): [string, ...string[]] {
  const stays = packs === undefined || packs.includes(listed)
  const first = pack_name ?? (stays ? listed : (packs[0] ?? listed))
  const others = packs ?? before.filter((name) => name !== listed)
  return [first, ...others]
}

function seatsNobody(): AppError {
  const message = "Must be min_players or more"
  return new AppError("invalid_input", `Cannot change the game: max_players: ${message}`, {
    errors: [{ path: "max_players", message }],
  })
}

/** A ticker names one game, and a pack has a title once, both whatever the case. */
async function refuseTwins(
  trx: Trx,
  action: string,
  { title, ticker, packs }: Pick<GameFacts, "title" | "ticker" | "packs">,
  id?: number,
): Promise<void> {
  const errors: FieldError[] = []
  const holder =
    ticker === null
      ? undefined
      : await trx
          .selectFrom("games")
          .select(["id", "title"])
          .where("ticker", "=", ticker)
          .where("id", "!=", id ?? 0)
          .executeTakeFirst()
  if (holder) errors.push({ path: "ticker", message: `Belongs to ${holder.title}, game ${holder.id}` })
  const neighbours = await trx
    .selectFrom("games")
    .innerJoin("game_packs", "game_packs.game_id", "games.id")
    .select(["games.id", "games.title", "game_packs.pack_name"])
    .where("game_packs.pack_name", "in", packs)
    .where("games.id", "!=", id ?? 0)
    .execute()
  const twin = neighbours.find((one) => fold(one.title) === fold(title))
  if (twin) errors.push({ path: "title", message: `Is in ${twin.pack_name} already, as game ${twin.id}` })
  const [first] = errors
  if (!first) return
  throw new AppError("conflict", `Cannot ${action}: ${first.path}: ${first.message}`, { errors })
}
