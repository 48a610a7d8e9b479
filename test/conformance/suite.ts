/** The contract, spoken over HTTP and WebSocket only, so that every build of gamenight can be held to it. */
import { describe } from "bun:test"
import type { Command } from "./night.ts"
import { accessPart } from "./parts/access.ts"
import { archivePart } from "./parts/archive.ts"
import { authPart } from "./parts/auth.ts"
import { backupsPart } from "./parts/backups.ts"
import { changesPart } from "./parts/changes.ts"
import { chatImportPart } from "./parts/chat-import.ts"
import { descriptionsPart, listenToAll } from "./parts/descriptions.ts"
import { errorsPart } from "./parts/errors.ts"
import { eventsPart } from "./parts/events.ts"
import { gameEditsPart } from "./parts/game-edits.ts"
import { gameFilesPart } from "./parts/game-files.ts"
import { gamesPart } from "./parts/games.ts"
import { handshakesPart } from "./parts/handshakes.ts"
import { headersPart } from "./parts/headers.ts"
import { historyPart } from "./parts/history.ts"
import { idempotencyPart } from "./parts/idempotency.ts"
import { importsPart } from "./parts/imports.ts"
import { logPart } from "./parts/log.ts"
import { nowPlayingPart } from "./parts/now-playing.ts"
import { packsPart } from "./parts/packs.ts"
import { pagesPart } from "./parts/pages.ts"
import { phoneVotesPart } from "./parts/phone-votes.ts"
import { picksPart } from "./parts/picks.ts"
import { pollsPart } from "./parts/polls.ts"
import { restartPart } from "./parts/restart.ts"
import { resumePart } from "./parts/resume.ts"
import { resumeSeamPart } from "./parts/resume-seam.ts"
import { sessionGamesPart } from "./parts/session-games.ts"
import { sessionTimeoutPart } from "./parts/session-timeout.ts"
import { sessionsPart } from "./parts/sessions.ts"
import { socketPart } from "./parts/socket.ts"
import { socketLimitsPart } from "./parts/socket-limits.ts"
import { stopPart } from "./parts/stop.ts"
import { voteDelayPart } from "./parts/vote-delay.ts"
import { voterLinksPart } from "./parts/voter-links.ts"
import { votesPart } from "./parts/votes.ts"
import { webhookDeliveriesPart } from "./parts/webhook-deliveries.ts"
import { webhookTestsPart } from "./parts/webhook-tests.ts"
import { webhooksPart } from "./parts/webhooks.ts"

/** Registers the tests of the whole contract for the program that `command` starts. */
export function conformance(name: string, command: Command): void {
  describe(name, () => {
    const heard = listenToAll()
    authPart(command)
    accessPart(command)
    sessionsPart(command)
    sessionGamesPart(command)
    changesPart(command)
    archivePart(command)
    historyPart(command)
    backupsPart(command)
    webhooksPart(command)
    webhookDeliveriesPart(command)
    webhookTestsPart(command)
    gamesPart(command)
    gameEditsPart(command)
    gameFilesPart(command)
    importsPart(command)
    packsPart(command)
    pagesPart(command)
    phoneVotesPart(command)
    picksPart(command)
    votesPart(command)
    voteDelayPart(command)
    voterLinksPart(command)
    pollsPart(command)
    nowPlayingPart(command)
    chatImportPart(command)
    eventsPart(command)
    resumePart(command)
    resumeSeamPart(command)
    logPart(command)
    idempotencyPart(command)
    socketPart(command)
    socketLimitsPart(command)
    handshakesPart(command)
    errorsPart(command)
    headersPart(command)
    sessionTimeoutPart(command)
    restartPart(command)
    stopPart(command)
    // Last, since it judges what all the others got.
    descriptionsPart(command, heard)
  })
}
