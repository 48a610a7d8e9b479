/** The whole HTTP side on one page: every route, who may call it, and how a failure leaves. */

import type { Hono } from "hono"
import { HonoBase } from "hono/hono-base"
import { getPathNoStrict } from "hono/utils/url"
import { AppError } from "../errors.ts"
import type { Fetch } from "../hosts/host.ts"
import { SOCKET_PATH } from "../protocol.ts"
import { authRoutes } from "./auth.ts"
import { backupRoutes } from "./backups.ts"
import { CHAT_PATH, chatImportRoutes } from "./chat-import.ts"
import type { Deps, Env, HttpContext, Route } from "./context.ts"
import { eventRoutes } from "./events.ts"
import { FILE_PATHS, gameFileRoutes } from "./game-files.ts"
import { gameRoutes } from "./games.ts"
import { createGate } from "./gate.ts"
import { withAccess, withAddress } from "./guard.ts"
import { healthRoutes } from "./health.ts"
import { historyRoutes } from "./history.ts"
import { JSON_BODY_BYTES } from "./input.ts"
import { within } from "./large.ts"
import { packRoutes } from "./packs.ts"
import { PAGES } from "./pages.ts"
import { phoneVoteRoutes } from "./phone-votes.ts"
import { pickRoutes } from "./picks.ts"
import { pollRoutes } from "./polls.ts"
import { sessionGameRoutes } from "./session-games.ts"
import { sessionRoutes } from "./sessions.ts"
import { setupRoute } from "./setup.ts"
import { createDoor, isOffer, presenceRoute, socketRoute } from "./socket.ts"
import { createRouteTable } from "./table.ts"
import { voterLinkRoutes } from "./voter-links.ts"
import { voteRoutes } from "./votes.ts"
import { webhookRoutes } from "./webhooks.ts"

export type HttpApp = { fetch: Fetch; routes: Hono<Env>["routes"] }

export function routeTable(deps: Deps): readonly Route[] {
  const health = healthRoutes(deps)
  const auth = authRoutes(deps)
  const sessions = sessionRoutes(deps)
  const sessionGames = sessionGameRoutes(deps)
  const history = historyRoutes(deps)
  const games = gameRoutes(deps)
  const gameFiles = gameFileRoutes(deps)
  const packs = packRoutes(deps)
  const picks = pickRoutes(deps)
  const polls = pollRoutes(deps)
  const votes = voteRoutes(deps)
  const phoneVotes = phoneVoteRoutes(deps)
  const voterLinks = voterLinkRoutes(deps)
  const chatImport = chatImportRoutes(deps)
  const events = eventRoutes(deps)
  const backups = backupRoutes(deps)
  const webhooks = webhookRoutes(deps)
  return [
    ["GET", "/health", "anyone", health.live],
    ["GET", "/health/live", "anyone", health.live],
    ["GET", "/health/ready", "anyone", health.ready],

    ...PAGES,

    ["POST", "/api/auth/login", "anyone", auth.login],
    ["POST", "/api/auth/setup", "anyone", setupRoute(deps)],
    ["POST", "/api/auth/guest", "anyone", auth.guest],
    ["POST", "/api/auth/verify", "viewer", auth.verify],
    ["GET", "/api/tokens", "admin", auth.listTokens],
    ["POST", "/api/tokens", "admin", auth.createToken],
    ["DELETE", "/api/tokens/:id", "admin", auth.revokeToken],

    ["GET", "/api/backups", "admin", backups.list],
    ["POST", "/api/backups", "admin", backups.make],
    ["GET", "/api/backups/:file", "admin", backups.read],
    ["DELETE", "/api/backups/:file", "admin", backups.remove],

    ["GET", "/api/webhooks", "admin", webhooks.list],
    ["POST", "/api/webhooks", "admin", webhooks.add],
    ["GET", "/api/webhooks/:id", "admin", webhooks.get],
    ["PATCH", "/api/webhooks/:id", "admin", webhooks.change],
    ["DELETE", "/api/webhooks/:id", "admin", webhooks.remove],
    ["POST", "/api/webhooks/test/:id", "admin", webhooks.test],
    ["GET", "/api/webhooks/:id/logs", "admin", webhooks.logs],

    ["GET", "/api/sessions", "reader", sessions.list],
    ["POST", "/api/sessions", "host", sessions.start],
    ["GET", "/api/sessions/active", "reader", sessions.active],
    ["GET", "/api/sessions/active/now", "reader", sessions.now],
    ["GET", SOCKET_PATH, "anyone", socketRoute(deps)],
    ["GET", "/api/sockets", "host", presenceRoute(deps)],
    ["POST", "/api/sessions/bulk", "host", sessions.bulk],
    ["GET", "/api/sessions/:id", "reader", sessions.get],
    ["DELETE", "/api/sessions/:id", "admin", sessions.remove],
    ["POST", "/api/sessions/:id/close", "host", sessions.close],
    ["POST", "/api/sessions/:id/archive", "host", sessions.archive],
    ["POST", "/api/sessions/:id/unarchive", "host", sessions.unarchive],
    ["GET", "/api/sessions/:id/votes", "reader", sessions.votes],
    ["POST", CHAT_PATH, "host", chatImport.load],
    ["GET", "/api/sessions/:id/export", "host", history.export],
    ["GET", "/api/sessions/:id/recap", "reader", history.recap],
    ["GET", "/api/stats", "reader", history.stats],

    ["GET", "/api/sessions/:id/games", "reader", sessionGames.list],
    ["POST", "/api/sessions/:id/games", "host", sessionGames.add],
    ["DELETE", "/api/sessions/:id/games/:gameRow", "host", sessionGames.remove],
    ["PATCH", "/api/sessions/:id/games/:gameRow/status", "host", sessionGames.setStatus],
    ["PATCH", "/api/sessions/:id/games/:gameRow/room-code", "host", sessionGames.setRoomCode],
    ["PATCH", "/api/sessions/:id/games/:gameRow/player-count", "host", sessionGames.setPlayerCount],

    ["GET", "/api/sessions/:id/voting", "reader", polls.newest],
    ["POST", "/api/sessions/:id/voting/start", "host", polls.start],
    ["POST", "/api/sessions/:id/voting/end", "host", polls.end],
    ["POST", "/api/sessions/:id/voting/cancel-end", "host", polls.cancelEnd],
    ["GET", "/api/sessions/:id/game-selection", "reader", polls.pending],
    ["POST", "/api/sessions/:id/game-selection", "host", polls.pick],
    ["DELETE", "/api/sessions/:id/game-selection", "host", polls.dismiss],

    ["POST", "/api/votes/live", "bot", votes.cast],
    ["GET", "/api/votes/phone", "reader", phoneVotes.state],
    ["POST", "/api/votes/phone", "reader", phoneVotes.cast],
    ["POST", "/api/votes/phone/poll", "reader", phoneVotes.choose],
    ["POST", "/api/votes/poll", "bot", votes.inPoll],
    ["GET", "/api/votes", "reader", votes.page],

    ["GET", "/api/voters/links", "host", voterLinks.list],
    ["POST", "/api/voters/links", "host", voterLinks.link],
    ["DELETE", "/api/voters/links/:id", "host", voterLinks.unlink],

    ["GET", "/api/events", "listener", events.list],

    ["GET", "/api/games", "reader", games.list],
    ["POST", "/api/games", "host", games.add],
    ["GET", "/api/games/export/csv", "reader", gameFiles.exportCsv],
    ["GET", "/api/games/export/json", "reader", gameFiles.exportJson],
    ["POST", "/api/games/import/csv", "host", gameFiles.importCsv],
    ["POST", "/api/games/import/json", "host", gameFiles.importJson],
    ["GET", "/api/games/packs", "reader", packs.list],
    ["GET", "/api/games/meta/packs", "reader", packs.list],
    ["PATCH", "/api/games/packs/:name/toggle", "host", packs.toggle],
    ["PATCH", "/api/games/packs/:name/favor", "host", packs.favor],
    ["PATCH", "/api/games/packs/:name/owned", "host", packs.own],
    ["PATCH", "/api/games/packs/:name/name", "host", packs.rename],
    ["GET", "/api/games/:id", "reader", games.get],
    ["PUT", "/api/games/:id", "host", games.change],
    ["DELETE", "/api/games/:id", "host", games.remove],
    ["GET", "/api/games/:id/packs", "reader", games.packs],
    ["PATCH", "/api/games/:id/toggle", "host", games.toggle],
    ["PATCH", "/api/games/:id/favor", "host", games.favor],

    ["POST", "/api/pick", "reader", picks.draw],
    ["POST", "/api/plan", "reader", picks.plan],
  ]
}

/** These take larger bodies, and say themselves how large. */
const LARGE: readonly string[] = [...FILE_PATHS, CHAT_PATH]
const TOO_LARGE = `Cannot read the body: it has more than ${JSON_BODY_BYTES} bytes`

export function createApp(deps: Deps): HttpApp {
  const gate = createGate(deps)
  const routes = routeTable(deps).map(([method, path, access, ask]) => {
    const asked = withAccess(access, deps, ask)
    const handler = LARGE.includes(path) ? asked : within(JSON_BODY_BYTES, TOO_LARGE, asked)
    return { basePath: "/", method, path, handler: gate(withAddress(access, handler)) }
  })
  const table = createRouteTable(routes)
  const app: Hono<Env> = new HonoBase<Env>({ router: table, getPath: pathOf })
  app.routes.push(...routes)
  app.notFound(
    gate((c) => {
      throw unknownRoute(c, table.methodsOf(c.req.path))
    }),
  )
  const open = createDoor(deps)
  return {
    routes: app.routes,
    fetch(request, env) {
      const isForSocket = isOffer(request) && pathOf(request) === SOCKET_PATH
      return (isForSocket && open(request, env)) || app.fetch(request, env)
    },
  }
}

const FIRST_PAGE = /^https?:\/\/[^/?#]+\/?(\?|$)/
const NOWHERE = "/."

/** Without the slash at its end; with one in front even where a broken Host left no whole URL. */
function pathOf(request: Request): string {
  const path = getPathNoStrict(request)
  // Two slashes must not end at the first page.
  if (path === "/" && !FIRST_PAGE.test(request.url)) return NOWHERE
  return path.startsWith("/") ? path : `/${path}`
}

/** 405 with the methods the path knows, or 404. */
function unknownRoute({ req: { path, method } }: HttpContext, methods: readonly string[]): AppError {
  if (methods.length === 0) return new AppError("not_found", `Cannot find ${path}: there is no such path`)
  const allow = [...new Set(methods.flatMap((known) => (known === "GET" ? ["GET", "HEAD"] : [known])))]
  return new AppError("method_not_allowed", `Cannot ${method} ${path}: it knows ${allow.join(", ")}`, {
    allow,
  })
}
