/** A night as a file, and told again in Markdown. */
import { expect, test } from "bun:test"
import type { Document, ExportFormat, RecapFormat } from "../src/history.ts"
import type { RecapLanguage } from "../src/recap-words.ts"
import { openNight } from "./support/night.ts"

const ENGLISH = { timeZone: "UTC", language: "en" } as const

async function read({ parts }: Document): Promise<string> {
  let text = ""
  for await (const part of parts) text += part
  return text
}

/** Two games, one skipped, five votes of three viewers; over after 90 minutes. */
async function friday(notes: string | null = "Friday Game Night\nbring *snacks*") {
  const night = await openNight()
  const { sessions, sessionGames, play, cast, clock, history } = night
  const { id } = await sessions.start(notes)
  clock.pass(600)
  const first = await play(id, "QPL3", { roomCode: "LSBN" })
  await sessionGames.setPlayerCount(id, first.id, 6)
  clock.pass(60)
  for (const name of ["Ann", "Bob", "Cleo"]) await cast(name, name === "Bob" ? "down" : "up")
  clock.pass(540)
  const second = await play(id, "TKO")
  for (const name of ["Ann", "Bob"]) await cast(name, name === "Bob" ? "down" : "up")
  await sessionGames.setStatus(id, second.id, "skipped")
  clock.pass(4_200)
  await sessions.close(id)
  const exported = async (format: ExportFormat) => read(await history.export(id, format))
  const recap = async (format: RecapFormat, timeZone = "UTC", language: RecapLanguage = "en") =>
    read(await history.recap(id, format, { timeZone, language }))
  return { ...night, id, exported, recap }
}

test("the file has a name that tells the night", async () => {
  const { history, id } = await friday()
  expect((await history.export(id, "csv")).name).toBe("session-1-2025-11-01.csv")
  expect((await history.recap(id, "svg", ENGLISH)).name).toBe("session-1-2025-11-01-recap.svg")
})

test("as JSON the night is whole, with every single vote", async () => {
  const { exported, sessions, sessionGames, tallies, clock, id } = await friday()
  const { votes: tally } = await tallies.ofSession(id)
  const [first, second] = await sessionGames.list(id)
  const vote = (username: string, vote_type: string, timestamp: string) => ({
    username,
    vote_type,
    source: null,
    timestamp,
  })
  const [early, late] = ["2025-11-01T20:11:00.000Z", "2025-11-01T20:20:00.000Z"]
  expect(JSON.parse(await exported("json"))).toEqual({
    session: await sessions.get(id),
    tally,
    voters: 3,
    exported_at: clock.iso(),
    games: [
      { ...first, votes: [vote("Ann", "up", early), vote("Bob", "down", early), vote("Cleo", "up", early)] },
      { ...second, votes: [vote("Ann", "up", late), vote("Bob", "down", late)] },
    ],
  })
})

test("as CSV every game is a row", async () => {
  const { exported } = await friday()
  expect((await exported("csv")).split("\r\n")).toEqual([
    "session_id,position,title,pack_name,game_type,status,played_at,source,manually_added,room_code,player_count,upvotes,downvotes,net_score",
    "1,1,Quiplash 3,The Jackbox Party Pack 7,Writing,played,2025-11-01T20:10:00.000Z,dice,0,LSBN,6,2,1,1",
    "1,2,Tee K.O.,The Jackbox Party Pack 3,Drawing,skipped,2025-11-01T20:20:00.000Z,dice,0,,,1,1,0",
    "",
  ])
})

test("a title or a room code that is a formula stays text", async () => {
  const { exported, store, gameId, id, sessionGames } = await friday()
  const title = '=HYPERLINK("http://evil.example","click")'
  await store.write(({ trx }) =>
    trx.updateTable("games").set({ title }).where("id", "=", gameId("QPL3")).execute(),
  )
  await sessionGames.setRoomCode(id, 1, "@SUM(1)")
  const [, row] = (await exported("csv")).split("\r\n")
  expect(row).toStartWith(`1,1,"'=HYPERLINK(""http://evil.example"",""click"")",`)
  expect(row).toContain(",'@SUM(1),")
})

test("as plain text the night reads from top to bottom", async () => {
  const { exported } = await friday()
  expect(await exported("txt")).toBe(`Session 1
Friday Game Night
bring *snacks*

Opened  2025-11-01T20:00:00.000Z
Closed  2025-11-01T21:30:00.000Z
Games   2
Votes   5 of 3 viewers, 3 up and 2 down

1. 2025-11-01T20:10:00.000Z  Quiplash 3 (The Jackbox Party Pack 7): 2 up, 1 down, room LSBN, 6 players
2. 2025-11-01T20:20:00.000Z  Tee K.O. (The Jackbox Party Pack 3): 1 up, 1 down, skipped

Best first
1. Quiplash 3: +1 (2 up, 1 down)
2. Tee K.O.: 0 (1 up, 1 down)
`)
})

test("the recap tells the night in Markdown, in the time of the place", async () => {
  const { recap } = await friday()
  expect(await recap("md", "Europe/Berlin")).toBe(`# Friday Game Night

> bring \\*snacks\\*

Saturday, 1 November 2025, 21:00 to 22:30

**2 games** in 1 h 30 min, **5 votes** (3 up, 2 down) of **3 viewers**.

Best game: **Quiplash 3**, +1 (2 up, 1 down).

| # | time | game | pack | votes |
|---:|---|---|---|---|
| 1 | 21:10 | **Quiplash 3** | The Jackbox Party Pack 7 | +1 (2 up, 1 down) |
| 2 | 21:20 | ~~Tee K.O.~~ (skipped) | The Jackbox Party Pack 3 | 0 (1 up, 1 down) |
`)
  expect(await recap("md", "Pacific/Auckland")).toContain("Sunday, 2 November 2025, 09:00 to 10:30")
})

test("the recap tells the same in German", async () => {
  const { recap } = await friday(null)
  expect(await recap("md", "Europe/Berlin", "de")).toBe(`# Spieleabend

Samstag, 1. November 2025, 21:00 bis 22:30 Uhr

**2 Spiele** in 1 Std. 30 Min., **5 Stimmen** (3 dafür, 2 dagegen) von **3 Personen**.

Bestes Spiel: **Quiplash 3**, +1 (2 dafür, 1 dagegen).

| # | Zeit | Spiel | Pack | Stimmen |
|---:|---|---|---|---|
| 1 | 21:10 | **Quiplash 3** | The Jackbox Party Pack 7 | +1 (2 dafür, 1 dagegen) |
| 2 | 21:20 | ~~Tee K.O.~~ (ausgelassen) | The Jackbox Party Pack 3 | 0 (1 dafür, 1 dagegen) |
`)
})

test("nothing that people wrote is markup", async () => {
  const { recap } = await friday(
    "<script>alert(1)</script> | [x](http://y) & &lt;\n# no heading\n1. no list\n--- \n`code`",
  )
  const text = await recap("md")
  expect(text).toStartWith("# \\<script>alert(1)\\</script> \\| \\[x\\](http://y) & \\&lt;\n\n")
  expect(text).toContain("\n> \\# no heading\n> 1\\. no list\n> \\---\n> \\`code\\`\n")
})

test("a night without notes, games or an end has a recap as well", async () => {
  const { sessions, history, clock } = await openNight()
  const { id } = await sessions.start(null)
  clock.pass(60)
  expect(await read(await history.recap(id, "md", ENGLISH))).toBe(`# Game night

Saturday, 1 November 2025, 20:00, still running

**0 games** in 1 min, without votes.
`)
  expect(await read(await history.export(id, "txt"))).toContain("Closed  not yet\nGames   0\nVotes   0 of 0")
  expect(JSON.parse(await read(await history.export(id, "json"))).games).toEqual([])
  expect((await read(await history.export(id, "csv"))).split("\r\n")).toHaveLength(2)
})

test("a night that nobody liked has no best game", async () => {
  const { sessions, play, cast, history } = await openNight()
  const { id } = await sessions.start(null)
  await play(id, "QPL3")
  await cast("Ann", "down")
  const text = await read(await history.recap(id, "md", ENGLISH))
  expect(text).not.toContain("Best game")
  expect(text).toContain("**1 vote** (0 up, 1 down) of **1 viewer**")
})

test("of a night that is not there is neither file nor recap", async () => {
  const { history } = await openNight()
  await expect(history.export(9, "json")).rejects.toMatchObject({ code: "session_not_found" })
  await expect(history.recap(9, "svg", ENGLISH)).rejects.toMatchObject({ code: "session_not_found" })
})
