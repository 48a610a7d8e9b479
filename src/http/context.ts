/** What every route handler is given: the product, the settings and the identity behind the token. */
import type { Context } from "hono"
import type { Admins } from "../admins.ts"
import type { Backups } from "../backups.ts"
import type { ChatImport } from "../chat-import.ts"
import type { Config } from "../config.ts"
import type { Digest } from "../digest.ts"
import type { EventStreams } from "../event-streams.ts"
import type { Events } from "../events.ts"
import type { GameEdits } from "../game-edits.ts"
import type { GameFiles } from "../game-files.ts"
import type { GameSelections } from "../game-selections.ts"
import type { Games } from "../games.ts"
import type { History } from "../history.ts"
import type { RequestEnv, Upgrade } from "../hosts/host.ts"
import type { Admissions } from "../live-admission.ts"
import type { PresentSocket } from "../live-presence.ts"
import type { NowPlaying } from "../now-playing.ts"
import type { Packs } from "../packs.ts"
import type { Picks } from "../picks.ts"
import type { Polls } from "../polls.ts"
import type { SessionArchive } from "../session-archive.ts"
import type { SessionGames } from "../session-games.ts"
import type { Sessions } from "../sessions.ts"
import type { StatsReader } from "../stats.ts"
import type { Store } from "../store/open.ts"
import type { Role } from "../store/schema.ts"
import type { Tallies } from "../tallies.ts"
import type { Identity, Tokens } from "../tokens.ts"
import type { VoterLinks } from "../voter-links.ts"
import type { Votes } from "../votes.ts"
import type { Webhooks } from "../webhooks.ts"

/** `identity` is there behind a token, `address` where the route can do without one. */
export type Env = { Bindings: RequestEnv; Variables: { identity: Identity; address: string } }
export type HttpContext = Context<Env>
export type HttpHandler = (c: HttpContext) => Response | Promise<Response>

export type Deps = {
  config: Config
  store: Store
  admins: Admins
  tokens: Tokens
  sessions: Sessions
  sessionArchive: SessionArchive
  sessionGames: SessionGames
  nowPlaying: NowPlaying
  history: History
  stats: StatsReader
  games: Games
  gameEdits: GameEdits
  gameFiles: GameFiles
  packs: Packs
  picks: Picks
  polls: () => Promise<Polls>
  gameSelections: GameSelections
  backups: () => Promise<Backups>
  webhooks: () => Promise<Webhooks>
  votes: Votes
  chatImport: ChatImport
  voterLinks: VoterLinks
  tallies: Tallies
  events: Events
  eventStreams: EventStreams
  /** Counts the connections that stay. */
  admissions: Admissions
  /** Who is connected to the live socket. */
  present: () => PresentSocket[]
  /** Turns a request into a socket; given by the host. */
  upgrade: Upgrade
  digest: Digest
  /** A digest that nobody without the secret of this installation can compute, for texts that may hold a key. */
  fingerprint: Digest
  log: (line: string) => void
  now?: () => number
}

/**
 * Who may call a route: `anyone`; `reader`, which is anyone unless the owner closed the reads; `listener`, who has a
 * token, in the query too if that is a viewer's; or everyone with the role or a higher one.
 */
export type Access = "anyone" | "reader" | "listener" | Role

export type Route = readonly [method: string, path: string, access: Access, handler: HttpHandler]
