/** The chat of a night, read afterwards: its votes count as if they had been cast live, and only once. */
import { expect, test } from "bun:test"
import type { ChatMessage } from "../src/chat-marks.ts"
import { openNight } from "./support/night.ts"

type Said = [time: string, username: string, message: string]

/** A chat of the evening of the night, times without their day. */
const chatOf = (...said: Said[]): ChatMessage[] =>
  said.map(([time, username, message], index) => ({
    index,
    username,
    message,
    timestamp: Date.parse(`2025-11-01T${time}Z`),
  }))

/** A running night with Quiplash 3 from 20:00 and Drawful 2 from 20:30; it is 22:00. */
async function chattyNight(policy: "latest" | "every" = "latest") {
  const night = await openNight({ policy, delayOf: (source) => (source === "twitch" ? 8_000 : 0) })
  const { clock, sessionGames, games, gameId, store } = night
  const { id } = await night.sessions.start(null)
  await night.play(id, "QPL3")
  clock.set("2025-11-01T20:30:00.000Z")
  await night.play(id, "DRW2")
  clock.set("2025-11-01T22:00:00.000Z")
  night.heard()
  /** Up- and downvotes, which are the same in the session and in the catalogue, and fit the votes. */
  const counts = async () => {
    const [first, second] = await sessionGames.list(id)
    const all = []
    for (const [row, ticker] of [
      [first, "QPL3"],
      [second, "DRW2"],
    ] as const) {
      const { upvotes, downvotes } = await games.get(gameId(ticker))
      expect([row?.upvotes, row?.downvotes]).toEqual([upvotes, downvotes])
      all.push([upvotes, downvotes])
    }
    const stored = await store.db.selectFrom("votes").select("vote_type").execute()
    expect(stored.length).toBe(all.flat().reduce((sum, some) => sum + some, 0))
    return { QPL3: all[0], DRW2: all[1] }
  }
  const load = (...said: Said[]) => night.chatImport.load(id, chatOf(...said))
  return { ...night, id, counts, load }
}

test("each vote goes to the game of its moment or of its ticker, and nobody hears of it", async () => {
  const { load, counts, heard, id, votes } = await chattyNight()
  const result = await load(
    ["20:10:00.000", "Ann", "thisgame++"],
    ["20:10:05.000", "Bob", "hello"],
    ["20:40:00.000", "Ann", "thisgame--"],
    ["20:41:00.000", "Bob", "qpl3++ and DRW2++"],
  )
  expect(result).toEqual({
    session_id: id,
    read: 4,
    votes: 4,
    duplicates: 0,
    unmatched: 0,
    unmatched_votes: [],
  })
  expect(await counts()).toEqual({ QPL3: [2, 0], DRW2: [1, 1] })
  expect(heard()).toEqual([])
  expect(votes).toBeDefined()
})

test("votes without a game are named with the reason", async () => {
  const { load, counts } = await chattyNight()
  const result = await load(
    ["20:10:00.000", "Ann", "TKO++"],
    ["20:11:00.000", "Ann", "I like C++ more"],
    ["19:59:59.999", "Bob", "thisgame++"],
    ["22:01:00.001", "Cleo", "thisgame++"],
  )
  expect(result).toMatchObject({ read: 4, votes: 0, duplicates: 0, unmatched: 4 })
  expect(result.unmatched_votes).toEqual([
    { index: 0, username: "Ann", text: "TKO++", reason: "not_played" },
    { index: 1, username: "Ann", text: "C++", reason: "not_played" },
    { index: 2, username: "Bob", text: "thisgame++", reason: "outside_session" },
    { index: 3, username: "Cleo", text: "thisgame++", reason: "outside_session" },
  ])
  expect(await counts()).toEqual({ QPL3: [0, 0], DRW2: [0, 0] })
})

test("a vote between the beginning and the first game has no game, one in the minute after the end has", async () => {
  const { sessions, play, clock, chatImport } = await openNight()
  const { id } = await sessions.start(null)
  clock.pass(600)
  await play(id, "QPL3")
  clock.pass(600)
  await sessions.close(id)
  clock.pass(86_400)
  const messages = chatOf(
    ["20:05:00.000", "Ann", "thisgame++"],
    ["20:21:00.000", "Bob", "thisgame++"],
    ["20:21:00.001", "Cleo", "thisgame++"],
  )
  const { votes, unmatched_votes } = await chatImport.load(id, messages)
  expect(votes).toBe(1)
  expect(unmatched_votes.map(({ index, reason }) => [index, reason])).toEqual([
    [0, "before_first_game"],
    [2, "outside_session"],
  ])
})

test.each(["latest", "every"] as const)(
  "with the policy %s the same chat again changes nothing",
  async (policy) => {
    const { load, counts, cast, store } = await chattyNight(policy)
    await cast("Ann", "up", { at: "2025-11-01T20:20:00.000Z" })
    const chat: Said[] = [
      // Within a second of the live vote, which a later one takes the place of.
      ["20:20:00.500", "Ann", "DRW2++"],
      ["20:25:00.000", "Ann", "thisgame--"],
      ["20:25:00.400", "ann", "thisgame++"],
      ["20:40:00.000", "Bob", "thisgame++ qpl3--"],
      ["20:45:00.000", "Bob", "thisgame++, no: thisgame--"],
    ]
    const first = await load(...chat)
    const stored = () => store.db.selectFrom("votes").selectAll().execute()
    const [before, rows] = [await counts(), await stored()]
    expect(first).toMatchObject({ votes: 4, duplicates: 3 })
    expect(before).toEqual(
      policy === "latest" ? { QPL3: [0, 2], DRW2: [0, 1] } : { QPL3: [1, 2], DRW2: [1, 1] },
    )
    for (const again of [chat, chat.toReversed(), chat.slice(0, 1)]) {
      expect(await load(...again)).toMatchObject({ votes: 0, unmatched: 0 })
      expect([await counts(), await stored()]).toEqual([before, rows])
    }
  },
)

test("a vote that the bot sent live already is a duplicate, one that is older than it counts no more", async () => {
  const { load, counts, cast, clock } = await chattyNight()
  clock.set("2025-11-01T20:40:00.300Z")
  await cast("Ann", "up")
  clock.set("2025-11-01T22:00:00.000Z")
  const result = await load(["20:35:00.000", "Ann", "thisgame--"], ["20:40:00.000", "ANN", "thisgame++"])
  expect(result).toMatchObject({ votes: 0, duplicates: 2 })
  expect(await counts()).toEqual({ QPL3: [0, 0], DRW2: [1, 0] })
})

test.each(["latest", "every"] as const)(
  "with the policy %s a live vote that its delay put into the game before is a duplicate in the chat",
  async (policy) => {
    const { load, counts, votes } = await chattyNight(policy)
    const timestamp = Date.parse("2025-11-01T20:30:05.000Z")
    await votes.cast({ username: "Ann", vote: "up", timestamp, ticker: undefined, source: "twitch" })
    expect(await load(["20:30:05.000", "Ann", "thisgame++"])).toMatchObject({ votes: 0, duplicates: 1 })
    expect(await counts()).toEqual({ QPL3: [1, 0], DRW2: [0, 0] })
  },
)

test("a chat out of order counts as if it were in order", async () => {
  const { load, counts } = await chattyNight()
  await load(["20:15:00.000", "Ann", "thisgame--"], ["20:10:00.000", "Ann", "thisgame++"])
  expect(await counts()).toEqual({ QPL3: [0, 1], DRW2: [0, 0] })
})

test("after a game was taken out of the night its votes can be imported into the game before it", async () => {
  const { load, sessionGames, games, gameId, id } = await chattyNight()
  const chat: Said = ["20:40:00.000", "Ann", "thisgame++"]
  await load(chat)
  const [, second] = await sessionGames.list(id)
  await sessionGames.remove(id, second?.id ?? 0)
  expect(await load(chat)).toMatchObject({ votes: 1, duplicates: 0 })
  expect(await games.get(gameId("QPL3"))).toMatchObject({ upvotes: 1 })
  expect(await games.get(gameId("DRW2"))).toMatchObject({ upvotes: 0 })
})

test("of very many votes without a game the first hundred are named", async () => {
  const { load } = await chattyNight()
  const said = Array.from({ length: 150 }, (): Said => ["20:10:00.000", "Ann", "NOPE++"])
  const { unmatched, unmatched_votes } = await load(...said)
  expect([unmatched, unmatched_votes.length, unmatched_votes[99]?.index]).toEqual([150, 100, 99])
})

test("a session that does not exist has no chat", async () => {
  const { chatImport } = await openNight()
  await expect(chatImport.load(7, [])).rejects.toMatchObject({ code: "session_not_found" })
})

test("live votes are counted while a long chat is read", async () => {
  const { chatImport, id, cast, counts } = await chattyNight()
  const said = Array.from({ length: 5_000 }, (_, i): Said => ["20:10:00.000", `viewer ${i}`, "thisgame++"])
  let imported = false
  const loaded = chatImport.load(id, chatOf(...said)).then((result) => {
    imported = true
    return result
  })
  let live = 0
  for (; !imported; live++) await cast(`live ${live}`, "up")
  expect(await loaded).toMatchObject({ read: 5_000, votes: 5_000 })
  expect(live).toBeGreaterThan(20)
  expect(await counts()).toEqual({ QPL3: [5_000, 0], DRW2: [live, 0] })
})

test("a chat with a key is read once, and the key is refused to another one before anything is placed", async () => {
  const { chatImport, id, counts } = await chattyNight()
  const once = { principal: "host Ann", key: "chat", fingerprint: "one" }
  const chat = chatOf(["20:10:00.000", "Ann", "thisgame++"])
  const [first, second] = await Promise.all([
    chatImport.load(id, chat, once),
    chatImport.load(id, chat, once),
  ])
  expect(first).toMatchObject({ votes: 1, duplicates: 0 })
  expect(second).toEqual(first)
  const other = chatOf(["20:11:00.000", "Bob", "thisgame++"])
  const reused = chatImport.load(id, other, { ...once, fingerprint: "other" })
  await expect(reused).rejects.toMatchObject({ code: "idempotency_key_reused" })
  expect(await counts()).toEqual({ QPL3: [1, 0], DRW2: [0, 0] })
})
