/** A night as a file: all of it as JSON, its games as CSV for a spreadsheet, its story as plain text. */
import { csvRow } from "./csv.ts"
import type { SingleVote, WholeNight } from "./history.ts"
import type { SessionGame } from "./session-games.ts"

/** Part by part, since a night may have more votes than one should hold at once. */
export async function* asJson(
  { session, games, tally, voters }: WholeNight,
  votesOn: (row: SessionGame) => Promise<SingleVote[]>,
  exported_at: string,
): AsyncGenerator<string> {
  const rest = JSON.stringify({ session, tally, voters, exported_at })
  yield `${rest.slice(0, -1)},"games":[`
  for (const [at, row] of games.entries()) {
    yield `${at > 0 ? "," : ""}${JSON.stringify({ ...row, votes: await votesOn(row) })}`
  }
  yield "]}\n"
}

const COLUMNS = [
  "session_id",
  "position",
  "title",
  "pack_name",
  "game_type",
  "status",
  "played_at",
  "source",
  "manually_added",
  "room_code",
  "player_count",
  "upvotes",
  "downvotes",
  "net_score",
] as const

export function asCsv({ games }: WholeNight): string {
  const rows = games.map((game, at) => {
    const row = { ...game, position: at + 1, net_score: game.upvotes - game.downvotes }
    return csvRow(COLUMNS.map((column) => row[column]))
  })
  return csvRow(COLUMNS) + rows.join("")
}

export function asText({ session, games, tally, voters }: WholeNight): string {
  const [up, down] = [sum(tally, "upvotes"), sum(tally, "downvotes")]
  const lines = [
    `Session ${session.id}`,
    ...(session.notes ? [session.notes] : []),
    "",
    `Opened  ${session.created_at}`,
    `Closed  ${session.closed_at ?? "not yet"}`,
    `Games   ${games.length}`,
    `Votes   ${up + down} of ${voters} viewers, ${up} up and ${down} down`,
    "",
    ...games.map((game, at) => `${at + 1}. ${story(game)}`),
  ]
  if (tally.length > 0) lines.push("", "Best first")
  for (const [at, game] of tally.entries()) {
    lines.push(
      `${at + 1}. ${game.title}: ${signed(game.net_score)} (${game.upvotes} up, ${game.downvotes} down)`,
    )
  }
  return `${lines.join("\n")}\n`
}

function story({
  played_at,
  title,
  pack_name,
  status,
  room_code,
  player_count,
  ...row
}: SessionGame): string {
  const more = [
    `${row.upvotes} up, ${row.downvotes} down`,
    ...(room_code === null ? [] : [`room ${room_code}`]),
    ...(player_count === null ? [] : [`${player_count} players`]),
    ...(status === "played" ? [] : [status]),
  ]
  return `${played_at}  ${title} (${pack_name}): ${more.join(", ")}`
}

const sum = (tally: WholeNight["tally"], key: "upvotes" | "downvotes"): number =>
  tally.reduce((total, game) => total + game[key], 0)

/** A score with its sign. */
const signed = (score: number): string => (score > 0 ? `+${score}` : String(score))
