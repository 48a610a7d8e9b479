/** A whole game night in memory: real SQLite, the real product, and a clock that the test moves. */
import { onTestFinished } from "bun:test"
import { createAdmins } from "../../src/admins.ts"
import { createChatImport } from "../../src/chat-import.ts"
import { createEvents, type StoredEvent } from "../../src/events.ts"
import { createGameEdits } from "../../src/game-edits.ts"
import { createGameFiles } from "../../src/game-files.ts"
import { createGameSelections } from "../../src/game-selections.ts"
import { createGames } from "../../src/games.ts"
import { createHistory } from "../../src/history.ts"
import { createBunHost } from "../../src/hosts/bun.ts"
import { createNowPlaying } from "../../src/now-playing.ts"
import { createPacks } from "../../src/packs.ts"
import { createPolls } from "../../src/polls.ts"
import type { GameNightEvent } from "../../src/server-messages.ts"
import { createSessionArchive } from "../../src/session-archive.ts"
import { createSessionGames, type NewSessionGame } from "../../src/session-games.ts"
import { createSessions } from "../../src/sessions.ts"
import { loadCatalogue } from "../../src/shipped.ts"
import { createStats } from "../../src/stats.ts"
import { openStore, type Store, type StoreOptions } from "../../src/store/open.ts"
import { createTallies } from "../../src/tallies.ts"
import { createTokens } from "../../src/tokens.ts"
import { createVoterLinks } from "../../src/voter-links.ts"
import { createVotes, type NewVote } from "../../src/votes.ts"

export const { openDatabase, digest, files } = createBunHost()

/** The moment every night begins. */
export const EVENING = "2025-11-01T20:00:00.000Z"

export const SECRET = new TextEncoder().encode("a secret of the tests, 32 bytes and more")

/** A wall clock that stands still until it is moved. */
export function createClock(start = EVENING) {
  let at = Date.parse(start)
  return {
    now: () => at,
    /** The moment it shows, as rows and frames carry it. */
    iso: () => new Date(at).toISOString(),
    pass(seconds: number) {
      at += seconds * 1000
    },
    set(time: string) {
      at = Date.parse(time)
    },
  }
}

/** The store of a folder, or one in memory. */
export const openFolder = (dataDir: string, more: Partial<StoreOptions> = {}): Store =>
  openStore({ openDatabase, fileSize: files.size, dataDir, ...more })

type Options = {
  policy?: "latest" | "every"
  delayOf?: (source: string) => number
  adminKey?: string
  onActivity?: (sessionId: number) => void
  /** The clock of deadlines that nobody can set. */
  elapsed?: () => number
  log?: (line: string) => void
  /** The seed of each poll. */
  newSeed?: () => string
}

export type Night = Awaited<ReturnType<typeof openNight>>

/** Opens a store in memory with the shipped catalogue and everything the product offers; it ends with the test. */
export async function openNight(options: Options = {}) {
  const { policy = "latest", delayOf = () => 0, adminKey, onActivity = () => {} } = options
  const clock = createClock()
  const { now } = clock
  const { elapsed = now, log = () => {}, newSeed = () => crypto.randomUUID() } = options
  const store = openFolder(":memory:", { now })
  onTestFinished(store.close)
  const announced: StoredEvent[] = []
  const events = createEvents(store, (event) => announced.push(event))
  const sessions = createSessions({ store, events, onActivity, now })
  const sessionGames = createSessionGames({ store, events, onActivity, now })
  const sessionArchive = createSessionArchive({ store, events })
  const games = createGames(store)
  const gameEdits = createGameEdits(store, now)
  const gameFiles = createGameFiles(store, now)
  const packs = createPacks(store)
  const nowPlaying = createNowPlaying(store.db, now)
  const history = createHistory(store.db, now)
  const stats = createStats(store.db)
  const polls = createPolls({ store, events, onActivity, delayOf, log, now, elapsed, newSeed })
  const gameSelections = createGameSelections({ store, events, onActivity, now })
  onTestFinished(polls.stop)
  const votes = createVotes({ store, events, policy, delayOf, onActivity, now })
  const chatImport = createChatImport({ store, policy, now })
  const voterLinks = createVoterLinks(store, now)
  const tallies = createTallies(store.db)
  const tokens = createTokens({ store, digest, secret: SECRET, now })
  const admins = createAdmins({ store, digest, configuredKey: adminKey, now })
  await loadCatalogue(store, now)

  const ids = new Map((await games.list({})).map(({ ticker, id }) => [ticker, id]))
  const gameId = (ticker: string): number => {
    const id = ids.get(ticker)
    if (id === undefined) throw new Error(`Cannot find ${ticker}: no shipped game has this ticker`)
    return id
  }
  return {
    clock,
    store,
    announced,
    events,
    sessions,
    sessionArchive,
    sessionGames,
    nowPlaying,
    history,
    stats,
    games,
    gameEdits,
    gameFiles,
    packs,
    polls,
    gameSelections,
    votes,
    chatImport,
    voterLinks,
    tallies,
    tokens,
    admins,
    gameId,
    /** Plays the game with this ticker in the session. */
    play(sessionId: number, ticker: string, more: Partial<NewSessionGame> = {}) {
      const game = { gameId: gameId(ticker), manuallyAdded: false, roomCode: null, source: "dice" as const }
      return sessionGames.add(sessionId, { ...game, ...more })
    },
    /** Casts a vote now, or at the ISO time of `at`. */
    cast(username: string, vote: NewVote["vote"], { at, ticker }: { at?: string; ticker?: string } = {}) {
      const timestamp = at === undefined ? undefined : Date.parse(at)
      return votes.cast({ username, vote, timestamp, ticker, source: undefined })
    },
    /** What was announced since this was last asked, as clients read it. */
    heard: (): GameNightEvent[] => announced.splice(0).map(({ frame }) => JSON.parse(frame)),
  }
}
