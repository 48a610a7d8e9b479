/** What it costs to come back after a hundred events, with a short log and with a long one. */
import { Database } from "bun:sqlite"
import { join } from "node:path"
import { type Night, openNight } from "./night.ts"
import { type Program, type Programs, start } from "./programs.ts"
import { atMostBeside, createFigure, type Figure, type Plan } from "./report.ts"
import { openReturner, type Place } from "./returner.ts"
import { cpuSeconds, grouped, median } from "./statistics.ts"

const MISSED = 100
/** Events of one night; those before belong to earlier ones. */
const PER_NIGHT = 1_000

const EVENTS = `
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $count)
INSERT INTO events (session_id, type, frame, created_at)
SELECT CASE WHEN i > $count - ${PER_NIGHT} THEN $session ELSE 1000000 + i / ${PER_NIGHT} END, 'vote.received',
  $before || i || $after, '2025-11-01T20:15:00.000Z' FROM n`

/** An event as the service stores it, up to the voter's number and from there on. */
const [BEFORE = "", AFTER = ""] = JSON.stringify({
  type: "vote.received",
  timestamp: "2025-11-01T20:15:00.000Z",
  data: {
    sessionId: 1,
    game: { id: 1, title: "Quiplash 3", pack_name: "Jackbox Party Pack 7" },
    vote: { username: "viewer #", type: "up", timestamp: "2025-11-01T20:15:00.000Z" },
    totals: { upvotes: 14, downvotes: 3, popularity_score: 11 },
  },
}).split("#")

export async function measureResume({ gamenight }: Programs, { short, log }: Plan): Promise<Figure[]> {
  const few = 1_000
  const many = short ? 50_000 : 1_000_000
  const count = short ? 100 : 1_000
  const nights = [await openFilled(gamenight, few), await openFilled(gamenight, many)]
  log(`resume: both logs are filled, with ${grouped(few)} and ${grouped(many)} events`)
  try {
    const places = await Promise.all(nights.map(placeBefore))
    await resumeInTurn(nights, places, count / 4)
    const [one, other] = await resumeInTurn(nights, places, count)
    if (!one || !other) return []
    const figures = (of: "cpu" | "took", name: string, unit: string) => [
      createFigure(`${name}, ${grouped(few)} stored`, unit, { [gamenight.name]: one[of] }),
      createFigure(`${name}, ${grouped(many)} stored`, unit, { [gamenight.name]: other[of] }, [
        atMostBeside(1.2, one[of], `with ${grouped(few)}`),
      ]),
    ]
    return [
      ...figures("cpu", `CPU of a resume of ${MISSED} events`, "µs"),
      ...figures("took", `a resume of ${MISSED} events, p50`, "ms"),
    ]
  } finally {
    await Promise.all(nights.map((night) => night.stop()))
  }
}

/** A running night behind so many events. */
async function openFilled(program: Program, count: number): Promise<Night> {
  const night = await openNight(program)
  await night.stop()
  const db = new Database(join(night.dataDir, program.database), { strict: true })
  db.run("PRAGMA synchronous=OFF")
  db.query(EVENTS).run({ count, session: night.sessionId, before: BEFORE, after: AFTER })
  db.run("PRAGMA wal_checkpoint(TRUNCATE)")
  db.close()
  return { ...night, ...(await start(program, night.dataDir)) }
}

async function placeBefore(night: Night): Promise<Place> {
  const { socket, place } = await openReturner(night)
  socket.reset()
  return { epoch: place.epoch, seq: place.seq - MISSED }
}

/** Comes back to each of the nights in turn; gives processor microseconds of one, and the median wait. */
async function resumeInTurn(nights: readonly Night[], places: readonly Place[], count: number) {
  const before = nights.map(({ pid }) => cpuSeconds(pid))
  const waits = nights.map((): number[] => [])
  for (let round = 0; round < count; round++) {
    for (const [at, night] of nights.entries()) {
      let heard = 0
      const hear = () => {
        heard++
      }
      const { socket, tookMs } = await openReturner(night, { place: places[at], hear })
      socket.reset()
      if (heard !== MISSED) throw new Error(`A follower that missed ${MISSED} events was given ${heard}`)
      waits[at]?.push(tookMs)
    }
  }
  return nights.map(({ pid }, at) => ({
    cpu: ((cpuSeconds(pid) - (before[at] ?? 0)) / count) * 1e6,
    took: median(waits[at] ?? []),
  }))
}
