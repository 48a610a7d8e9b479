/** The composition root: from a host and settings to a running service. */

import { createClientAddress } from "./addresses.ts"
import { createAdmins } from "./admins.ts"
import { createChatImport } from "./chat-import.ts"
import type { Config } from "./config.ts"
import { sourceName } from "./config-values.ts"
import { createEventStreams } from "./event-streams.ts"
import { createEvents } from "./events.ts"
import { LIMITS_FILE, socketsWithinFileLimit } from "./file-limit.ts"
import { createGameEdits } from "./game-edits.ts"
import { createGameFiles } from "./game-files.ts"
import { createGameSelections } from "./game-selections.ts"
import { createGames } from "./games.ts"
import { createHistory } from "./history.ts"
import type { Host } from "./hosts/host.ts"
import { createApp } from "./http/app.ts"
import { stoppingResponse } from "./http/problem.ts"
import { createLive } from "./live.ts"
import { createAdmissions } from "./live-admission.ts"
import { createAudience } from "./live-audience.ts"
import { createNowPlaying } from "./now-playing.ts"
import { createPacks } from "./packs.ts"
import { createPicks } from "./picks.ts"
import type { Polls } from "./polls.ts"
import { SOCKET_PATH } from "./protocol.ts"
import { createRetention } from "./retention.ts"
import { loadSecret } from "./secret.ts"
import { createSessionArchive } from "./session-archive.ts"
import { createSessionGames } from "./session-games.ts"
import { createSessionTimeout } from "./session-timeout.ts"
import { createSessions } from "./sessions.ts"
import { loadCatalogue } from "./shipped.ts"
import { createSnapshot } from "./snapshot.ts"
import { createStats } from "./stats.ts"
import { closeDatabaseToOthers } from "./store/folder.ts"
import { openStore } from "./store/open.ts"
import { createTallies } from "./tallies.ts"
import { createTokens } from "./tokens.ts"
import { createVoterLinks } from "./voter-links.ts"
import { createVotes } from "./votes.ts"

export type RunningServer = {
  url: string
  socketUrl: string
  /** The key and the one-time link made at a first start without a configured key. */
  firstRun: { key: string; setupUrl: string } | undefined
  /** Tells the sockets, finishes the answers in flight, empties the write-ahead log. */
  stop(): Promise<void>
}

/** How often open sockets are held against what `gamenight token revoke` wrote; requests look by themselves. */
const FOREIGN_WRITES_MS = 500

export type ServerOptions = {
  log: (line: string) => void
  /** Called when the disk failed under a commit: the process must end with a failure. */
  onBroken: (error: unknown) => void
}

/** Throws `StartError` with one plain sentence when it cannot start. */
export async function startServer(
  host: Host,
  config: Config,
  { log, onBroken }: ServerOptions,
): Promise<RunningServer> {
  const { openDatabase, files, digest } = host
  const { dataDir } = config
  const place = { port: config.port, hostname: config.host }
  await host.checkPort(place)
  const onDefect = (error: unknown) =>
    log(`[Store] Internal error: ${error instanceof Error ? error.stack : error}`)
  await closeDatabaseToOthers(files, dataDir)
  const store = openStore({ openDatabase, fileSize: files.size, dataDir, onBroken, onDefect })
  try {
    const [secret, limits] = await Promise.all([
      config.jwtSecret ?? loadSecret(files, dataDir),
      files.read(LIMITS_FILE),
    ])
    const admins = createAdmins({ store, digest, configuredKey: config.adminKey })
    const tokens = createTokens({ store, digest, secret })
    const audience = createAudience({ publish: host.publish, log })
    const events = createEvents(store, audience.announce)
    const onActivity = (sessionId: number) => timeout.active(sessionId)
    const sessions = createSessions({ store, events, onActivity })
    const sessionArchive = createSessionArchive({ store, events })
    const sessionGames = createSessionGames({ store, events, onActivity })
    const nowPlaying = createNowPlaying(store.db)
    const history = createHistory(store.db)
    const stats = createStats(store.db)
    const games = createGames(store)
    const gameEdits = createGameEdits(store)
    const gameFiles = createGameFiles(store)
    const packs = createPacks(store)
    const picks = createPicks(store.db)
    let loading: Promise<Polls> | undefined
    /** Loaded when somebody asks for them: most starts do without. */
    const polls = () => {
      loading ??= import("./polls.ts").then(({ createPolls }) =>
        createPolls({ store, events, onActivity, log }),
      )
      return loading
    }
    const gameSelections = createGameSelections({ store, events, onActivity })
    const delayOf = (source: string) => config.voteDelay[sourceName(source)] ?? 0
    const votes = createVotes({ store, events, policy: config.votePolicy, delayOf, onActivity })
    const chatImport = createChatImport({ store, policy: config.votePolicy })
    const voterLinks = createVoterLinks(store)
    const timeout = createSessionTimeout({ db: store.db, sessions, limit: config.sessionTimeout, log })
    const tallies = createTallies(store.db)
    const admissions = createAdmissions({
      rates: config.rateLimits,
      maxSockets: socketsWithinFileLimit(config.maxSockets, limits, log),
    })
    const live = createLive({
      audience,
      events,
      snapshot: createSnapshot(store, events),
      verify: tokens.verify,
      existing: sessions.existing,
      startedBy: sessions.startedBy,
      admissions,
      rates: config.rateLimits,
      log,
    })
    const eventStreams = createEventStreams({ events })
    tokens.onRevoked(live.tokenRevoked)
    tokens.onRevoked(eventStreams.tokenRevoked)
    const clientAddress = createClientAddress(config.trustedProxies)
    const upgrade = host.upgrade(live)
    const app = createApp({
      config,
      store,
      admins,
      tokens,
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
      picks,
      polls,
      gameSelections,
      votes,
      chatImport,
      voterLinks,
      tallies,
      events,
      eventStreams,
      admissions,
      upgrade,
      digest,
      fingerprint: (text) => digest(`${Buffer.from(secret).toString("base64url")}\n${text}`),
      log,
    })

    let stopping = false
    await loadCatalogue(store)
    if (store.wasRunning) {
      await (await polls()).begin()
      await timeout.begin()
    }
    const { port, stop } = await host.listen({
      ...place,
      fetch(request, env) {
        if (stopping) return stoppingResponse()
        env.address = clientAddress(env.address, request.headers.get("x-forwarded-for"))
        return app.fetch(request, env)
      },
    })
    // Only once it listens is there somebody to show the key to; a start that fails before must not use it up.
    const first = await admins.firstRun()
    const retention = createRetention({ store, logDays: config.logDays, log })
    retention.begin()
    const watch = setInterval(() => void tokens.refresh(), FOREIGN_WRITES_MS)
    const name = config.host.includes(":") ? `[${config.host}]` : config.host
    const url = `http://${name}:${port}`
    const reachable =
      config.publicUrl ?? (/^(0\.0\.0\.0|\[::\])$/.test(name) ? `http://localhost:${port}` : url)
    return {
      url,
      socketUrl: `${reachable.replace(/^http/, "ws")}${SOCKET_PATH}`,
      firstRun: first && { key: first.key, setupUrl: `${reachable}/setup?code=${first.setupCode}` },
      async stop() {
        stopping = true
        clearInterval(watch)
        void loading?.then((loaded) => loaded.stop())
        timeout.stop()
        live.stop()
        eventStreams.stop()
        await stop()
        await retention.stop()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
