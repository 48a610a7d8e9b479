/** The pending pick: shared by the hosts of a session, and gone with what it was for. */
import { expect, test } from "bun:test"
import { rowsOf } from "./support/game-facts.ts"
import { openPolling } from "./support/poll-night.ts"

async function openPicking() {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  night.heard()
  const pick = (ticker: string, picked_by = "host Ann") =>
    night.gameSelections.pick({ session_id: id, game_id: night.gameId(ticker), source: "manual", picked_by })
  return { ...night, id, pick, pending: () => night.gameSelections.pending(id) }
}

test("a pick is told with who picked, and takes the place of the one before", async () => {
  const { id, pick, pending, heard, gameId } = await openPicking()
  expect(await pending()).toBeNull()
  const first = await pick("TKO")
  expect(await pending()).toEqual(first)
  const second = await pick("DRW2", "host Bob")
  expect(await pending()).toEqual(second)
  const told = heard()
  expect(told.map(({ type }) => type)).toEqual(["game.picked", "game.picked"])
  expect(told[1]?.data).toEqual({
    sessionId: id,
    game: { id: gameId("DRW2"), title: second.title, pack_name: second.pack_name },
    source: "manual",
    pickedBy: "host Bob",
  })
})

test("the same pick again changes nothing and tells nobody", async () => {
  const { pick, clock, told } = await openPicking()
  const first = await pick("TKO")
  clock.pass(1)
  expect(await pick("TKO")).toEqual(first)
  expect(told()).toEqual(["game.picked"])
})

test("a pick that is dismissed is gone, and with none there is nothing to tell", async () => {
  const { id, pick, pending, gameSelections, told } = await openPicking()
  const picked = await pick("TKO")
  expect(await gameSelections.dismiss(id)).toEqual(picked)
  expect(await gameSelections.dismiss(id)).toBeNull()
  expect(await pending()).toBeNull()
  expect(told()).toEqual(["game.picked", "game.dismissed"])
})

test("playing the game that was picked takes the pick away without a word, another game tells that it is gone", async () => {
  const { id, pick, pending, play, told } = await openPicking()
  await pick("TKO")
  await play(id, "TKO")
  expect(await pending()).toBeNull()
  await pick("TKO")
  await play(id, "DRW2")
  expect(await pending()).toBeNull()
  expect(told()).toEqual(["game.picked", "game.added", "game.picked", "game.dismissed", "game.added"])
})

test("a pick takes a session that runs and a game that exists", async () => {
  const { id, pick, sessions, gameSelections } = await openPicking()
  const other = { session_id: id, game_id: 9_999, source: "manual", picked_by: null } as const
  await expect(gameSelections.pick(other)).rejects.toMatchObject({ code: "game_not_found" })
  await expect(gameSelections.pick({ ...other, session_id: 99 })).rejects.toMatchObject({
    code: "session_not_found",
  })
  await pick("TKO")
  await sessions.close(id)
  expect(await gameSelections.pending(id)).toBeNull()
  await expect(pick("TKO")).rejects.toMatchObject({ code: "session_closed" })
  await expect(gameSelections.pending(99)).rejects.toMatchObject({ code: "session_not_found" })
})

test("a game that is deleted leaves its label in the poll, and is picked no more", async () => {
  const { id, pick, pending, startPoll, choose, end, polls, gameEdits, gameId, told } = await openPicking()
  await startPoll(id, ["TKO", "DRW2"])
  await choose("ann", 1)
  await pick("TKO")
  await gameEdits.remove(gameId("TKO"))
  expect(await pending()).toBeNull()
  told()
  expect(await end(id)).toMatchObject({ winner: { position: 1, game_id: null, votes: 1 } })
  expect(told()).toEqual(["voting.ended"])
  expect((await polls.newest(id))?.options[0]?.label).toBe((await polls.newest(id))?.winner?.label ?? "")
})

test("a catalogue that is replaced and a session that is removed take their picks and polls along", async () => {
  const { id, store, pick, pending, startPoll, choose, end, sessions, sessionArchive, gameFiles } =
    await openPicking()
  await startPoll(id, ["TKO", "DRW2"])
  await choose("ann", 1)
  await pick("TKO")
  await gameFiles.load({ rows: rowsOf([{ title: "Charades" }]), errors: [], mode: "replace" })
  const { options } = await end(id)
  expect(options.map(({ game_id }) => game_id)).toEqual([null, null, null])
  expect(await pending()).toBeNull()
  await sessions.close(id)
  await sessionArchive.remove(id)
  for (const table of ["polls", "poll_options", "poll_votes", "game_selections"] as const) {
    expect([table, await store.db.selectFrom(table).selectAll().execute()]).toEqual([table, []])
  }
})
