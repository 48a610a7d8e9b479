/** One night that is looked back on: its games, its result and its votes. */
import type { SessionGame } from "../session-games.ts"
import type { Session } from "../sessions.ts"
import type { ListedVote, VotePage } from "../tallies.ts"
import { requests } from "./live.ts"

export type PastNight = { session: Session; games: SessionGame[]; votes: ListedVote[]; isWhole: boolean }

export const nightPath = (id: number): string => `/api/sessions/${id}`

/** Pages of votes that are asked for; a night with more is drawn from its newest ones. */
const MOST_PAGES = 30
const AT_ONCE = 6

export async function readNight(id: number): Promise<PastNight> {
  const [session, games, first] = await Promise.all([
    requests.send<Session>("GET", nightPath(id)),
    requests.send<SessionGame[]>("GET", `${nightPath(id)}/games`),
    votePage(id, 1),
  ])
  const votes = [...first.votes]
  const pages = Math.min(first.pagination.total_pages, MOST_PAGES)
  for (let page = 2; page <= pages; page += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, pages - page + 1) }, (_, at) => page + at)
    for (const { votes: more } of await Promise.all(numbers.map((one) => votePage(id, one))))
      votes.push(...more)
  }
  return { session, games, votes: votes.reverse(), isWhole: pages === first.pagination.total_pages }
}

const votePage = (id: number, page: number): Promise<VotePage> =>
  requests.send("GET", `/api/votes?session_id=${id}&limit=100&page=${page}`)

/** A point of the curve: `at` in milliseconds since 1970, and the votes until then. */
export type Point = { at: number; up: number; down: number }

/** How the votes added up, at most `most` points. */
export function curveOf(
  votes: readonly Pick<ListedVote, "timestamp" | "vote_type">[],
  most: number,
): Point[] {
  let [up, down] = [0, 0]
  const all = votes
    .map(({ timestamp, vote_type }) => ({ at: Date.parse(timestamp), vote_type }))
    .sort((a, b) => a.at - b.at)
    .map(({ at, vote_type }) => {
      if (vote_type === "up") up++
      else down++
      return { at, up, down }
    })
  const step = Math.max(1, Math.ceil(all.length / most))
  return all.filter((_, at) => (at + 1) % step === 0 || at === all.length - 1)
}
