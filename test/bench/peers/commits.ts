/** How the bare peer commits votes: one by one, or all that wait in one turn of the event loop together. */
import type { Database } from "bun:sqlite"
import { type Event, eventOf, type Playing, SQL, type Totals, TWIN_MS, type Vote } from "./tables.ts"

type Announce = (event: Event, frame: string) => void
type Job = { vote: Vote; announce: Announce; answer: (event: Event | undefined) => void }

export function createCommits(db: Database, group: boolean) {
  const playing = db.prepare<Playing, []>(SQL.playing)
  const twin = db.prepare<unknown, [number, string, string]>(SQL.twin)
  const addVote = db.prepare<unknown, [number, number, string, string, string]>(SQL.addVote)
  const upvote = db.prepare<Totals, [number]>(SQL.upvote)
  const downvote = db.prepare<Totals, [number]>(SQL.downvote)
  const waiting: Job[] = []

  function record(vote: Vote): Event | undefined {
    const { username, type, timestamp } = vote
    const game = playing.get()
    if (!game) throw new Error("Cannot count a vote: no game is played")
    const since = new Date(Date.parse(timestamp) - TWIN_MS).toISOString()
    if (twin.get(game.session_id, username, since)) return undefined
    addVote.run(game.session_id, game.game_id, username, type, timestamp)
    const totals = (type === "up" ? upvote : downvote).get(game.game_id)
    return totals ? eventOf(game, vote, totals) : undefined
  }
  const recordOne = db.transaction(record)
  const recordAll = db.transaction((jobs: readonly Job[]) => jobs.map(({ vote }) => record(vote)))

  function drain(): void {
    const jobs = waiting.splice(0)
    const events = recordAll.immediate(jobs)
    for (const [at, event] of events.entries()) if (event) jobs[at]?.announce(event, JSON.stringify(event))
    for (const [at, { answer }] of jobs.entries()) answer(events[at])
  }

  function castAlone(vote: Vote, announce: Announce): Event | undefined {
    const event = recordOne.immediate(vote)
    if (event) announce(event, JSON.stringify(event))
    return event
  }

  function castTogether(vote: Vote, announce: Announce): Promise<Event | undefined> {
    return new Promise((answer) => {
      if (waiting.push({ vote, announce, answer }) === 1) setImmediate(drain)
    })
  }
  return { cast: group ? castTogether : castAlone }
}
