/** The composition root: a whole gamenight over a data folder. Loaded once the port is ours. */

import { createClientAddress } from "./addresses.ts"
import { createAdmins, type FirstRun } from "./admins.ts"
import type { Backups } from "./backups.ts"
import { createChatImport } from "./chat-import.ts"
import type { Config } from "./config.ts"
import { sourceName } from "./config-values.ts"
import { createEventStreams } from "./event-streams.ts"
import { createEvents } from "./events.ts"
import { socketsWithinFileLimit } from "./file-limit.ts"
import { createGameEdits } from "./game-edits.ts"
import { createGameFiles } from "./game-files.ts"
import { createGameSelections } from "./game-selections.ts"
import { createGames } from "./games.ts"
import { createHistory } from "./history.ts"
import type { Fetch, Host } from "./hosts/host.ts"
import { createApp } from "./http/app.ts"
import { createLive } from "./live.ts"
import { createAdmissions } from "./live-admission.ts"
import { createAudience } from "./live-audience.ts"
import { createNowPlaying } from "./now-playing.ts"
import { createPacks } from "./packs.ts"
import { createPicks } from "./picks.ts"
import type { Polls } from "./polls.ts"
import { createRetention } from "./retention.ts"
import { makeSecret } from "./secret.ts"
import { createSessionArchive } from "./session-archive.ts"
import { createSessionGames } from "./session-games.ts"
import { createSessionTimeout } from "./session-timeout.ts"
import { createSessions } from "./sessions.ts"
import { loadCatalogue } from "./shipped.ts"
import { createSnapshot } from "./snapshot.ts"
import { createStats } from "./stats.ts"
import { openStore, type Store } from "./store/open.ts"
import { createTallies } from "./tallies.ts"
import { createTokenUses } from "./token-uses.ts"
import { createTokens } from "./tokens.ts"
import { createVoterLinks } from "./voter-links.ts"
import { createVotes } from "./votes.ts"
import { createWebhookLoader } from "./webhook-loader.ts"

export type Program = {
  /** Answers every request. */
  fetch: Fetch
  /** The key and the setup code made at a first start without a configured key. */
  first: FirstRun | undefined
  /** Sends the sockets and the streams away; requests go on being answered. */
  part(): void
  /** Resolves once everything is on disk. */
  close(): Promise<void>
}

/** What was there before the program: the limits of the process as Linux tells them, and the secret. */
export type Found = { limits: string | undefined; secret: Uint8Array | undefined }

export type ProgramOptions = {
  host: Host
  config: Config
  found: Found
  log: (line: string) => void
  /** Called when the disk failed under a commit: the process must end with a failure. */
  onBroken: (error: unknown) => void
}

/** How often open sockets are held against what `gamenight token revoke` wrote; requests look by themselves. */
const FOREIGN_WRITES_MS = 500

/** Opens the data folder and goes on where the process before this one ended. Throws `StartError`. */
export async function openProgram(options: ProgramOptions): Promise<Program> {
  const { config, log, onBroken } = options
  const { files, openDatabase } = options.host
  const { dataDir } = config
  const onDefect = (error: unknown) =>
    log(`[Store] Internal error: ${error instanceof Error ? error.stack : error}`)
  const { limits, secret: known } = options.found
  const store = openStore({
    openDatabase,
    fileSize: files.size,
    changedAt: files.changedAt,
    dataDir,
    onBroken,
    onDefect,
  })
  try {
    const secret = known ?? makeSecret(dataDir)
    const maxSockets = socketsWithinFileLimit(config.maxSockets, limits, log)
    const { fetch, admins, resume, retention, tokens, uses, webhooks, part } = assemble(
      options,
      store,
      secret,
      maxSockets,
    )
    await loadCatalogue(store)
    if (store.wasRunning) await resume()
    const first = await admins.firstRun()
    retention.begin()
    uses.begin()
    webhooks.begin()
    const watch = setInterval(() => void tokens.refresh(), FOREIGN_WRITES_MS)
    return {
      fetch,
      first,
      part() {
        clearInterval(watch)
        part()
      },
      async close() {
        await webhooks.stop()
        await retention.stop()
        await uses.stop()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Every part of the product over one store, and what answers its requests. */
function assemble(
  { host, config, log }: ProgramOptions,
  store: Store,
  secret: Uint8Array,
  maxSockets: number,
) {
  const { digest } = host
  const { rateLimits: rates } = config
  const admins = createAdmins({ store, digest, configuredKey: config.adminKey })
  const uses = createTokenUses({ store, log })
  const tokens = createTokens({ store, digest, secret, uses })
  const audience = createAudience({ publish: host.publish, log, wasRunning: store.wasRunning })
  const events = createEvents(store, audience.announce)
  const onActivity = (sessionId: number) => timeout.active(sessionId)
  const sessions = createSessions({ store, events, onActivity })
  const timeout = createSessionTimeout({ db: store.db, sessions, limit: config.sessionTimeout, log })
  const delayOf = (source: string) => config.voteDelay[sourceName(source)] ?? 0
  let loading: Promise<Polls> | undefined
  /** Loaded when somebody asks for them: most starts do without. */
  const polls = () => {
    loading ??= import("./polls.ts").then(({ createPolls }) =>
      createPolls({ store, events, onActivity, delayOf, log }),
    )
    return loading
  }
  let copying: Promise<Backups> | undefined
  const backups = () => {
    copying ??= import("./backups.ts").then(({ createBackups }) =>
      createBackups({ store, command: host.command, dataDir: config.dataDir }),
    )
    return copying
  }
  const webhooks = createWebhookLoader({
    store,
    load: () => import("./webhooks.ts").then(({ createWebhooks }) => createWebhooks({ store, events, log })),
    log,
  })
  const retention = createRetention({ store, logDays: config.logDays, log })
  const admissions = createAdmissions({ rates, maxSockets })
  const live = createLive({
    audience,
    events,
    snapshot: createSnapshot(store, events),
    verify: tokens.verify,
    existing: sessions.existing,
    startedBy: sessions.startedBy,
    admissions,
    rates,
    log,
  })
  const eventStreams = createEventStreams({ events })
  tokens.onRevoked(live.tokenRevoked)
  tokens.onRevoked(eventStreams.tokenRevoked)
  const app = createApp({
    config,
    store,
    admins,
    tokens,
    sessions,
    sessionArchive: createSessionArchive({ store, events }),
    sessionGames: createSessionGames({ store, events, onActivity }),
    nowPlaying: createNowPlaying(store.db),
    history: createHistory(store.db),
    stats: createStats(store.db),
    games: createGames(store),
    gameEdits: createGameEdits(store),
    gameFiles: createGameFiles(store),
    packs: createPacks(store),
    picks: createPicks(store.db),
    polls,
    backups,
    webhooks: webhooks.get,
    gameSelections: createGameSelections({ store, events, onActivity }),
    votes: createVotes({ store, events, policy: config.votePolicy, delayOf, onActivity }),
    chatImport: createChatImport({ store, policy: config.votePolicy }),
    voterLinks: createVoterLinks(store),
    tallies: createTallies(store.db),
    events,
    eventStreams,
    admissions,
    present: live.present,
    upgrade: host.upgrade(live),
    digest,
    fingerprint: (text) => digest(`${Buffer.from(secret).toString("base64url")}\n${text}`),
    log,
  })
  const clientAddress = createClientAddress(config.trustedProxies)
  const throughProxy: Fetch = (request, env) => {
    const address = clientAddress(env.address, request.headers.get("x-forwarded-for"))
    return app.fetch(request, { ...env, address })
  }
  const fetch: Fetch = config.trustedProxies.length === 0 ? app.fetch : throughProxy
  /** What was to happen at a time happens now if it is late. */
  async function resume(): Promise<void> {
    await (await polls()).begin()
    await timeout.begin()
  }
  function part(): void {
    void loading?.then((loaded) => loaded.stop())
    void copying?.then((loaded) => loaded.stop())
    void webhooks.stop()
    timeout.stop()
    live.stop()
    eventStreams.stop()
  }
  return { fetch, admins, tokens, uses, retention, webhooks, resume, part }
}
