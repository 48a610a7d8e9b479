/** What a poll offers: games by weight, or what the host names. */
import { expect, test } from "bun:test"
import { openPolling } from "./support/poll-night.ts"

const labels = ({ options }: { options: { label: string }[] }) => options.map(({ label }) => label)

test("a poll offers three games that fit, and something else", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  for (let i = 0; i < 10; i++) {
    const poll = await night.startPoll(id, undefined, { playerCount: 8 })
    expect(poll).toMatchObject({ session_id: id, state: "open", ends_at: null, total_votes: 0, winner: null })
    expect(poll.options.map(({ position }) => position)).toEqual([1, 2, 3, 4])
    const offered = poll.options.flatMap(({ game_id }) => game_id ?? [])
    expect(new Set(offered).size).toBe(3)
    for (const game of offered) expect((await night.games.get(game)).max_players).toBeGreaterThanOrEqual(8)
    expect(labels(poll)[3]).toBe("Other")
    await night.end(id)
  }
})

test("games that were played in this session are not offered, however long ago", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const packs = ["The Jackbox Party Pack 7"]
  const [last, ...others] = (await night.games.list({ pack: packs[0] ?? "" })).map(
    ({ ticker }) => ticker ?? "",
  )
  for (const ticker of others) await night.play(id, ticker)
  const { options } = await night.startPoll(id, undefined, { packs })
  expect(options.map(({ ticker }) => ticker)).toEqual([last ?? "", null])
})

test("which game was drawn first does not tell which one wins a tie", async () => {
  let polls = 0
  const night = await openPolling({ newSeed: () => `poll ${++polls}` })
  const { id } = await night.sessions.start(null)
  const games = (await night.games.list({})).map((game) => game.id).sort((a, b) => a - b)
  const firsts: number[] = []
  while (firsts.length < 20) {
    const { options } = await night.startPoll(id)
    const { winner } = await night.end(id)
    if (winner?.position === 1) firsts.push(options[0]?.game_id ?? 0)
  }
  const half = games[games.length >> 1] ?? 0
  expect(firsts.filter((game) => game < half).length).toBeGreaterThan(4)
  expect(firsts.filter((game) => game > half).length).toBeGreaterThan(4)
})

test("where fewer games fit those are offered, and where none fits no poll begins", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const facts = { title: "Charades", packs: ["House games"] as [string], min_players: 4, max_players: 20 }
  const rest = { length_minutes: null, has_audience: 0, family_friendly: 1, game_type: "Acting" } as const
  await night.gameEdits.add({
    ...facts,
    ...rest,
    secondary_type: null,
    ticker: null,
    enabled: 1,
    favor_bias: 0,
  })
  const poll = await night.startPoll(id, undefined, { packs: ["House games"] })
  expect(labels(poll)).toEqual(["Charades", "Other"])
  await night.end(id)
  const none = night.startPoll(id, undefined, { packs: ["House games"], playerCount: 3 })
  await expect(none).rejects.toMatchObject({
    code: "no_game_fits",
    details: { members: { filter: "playerCount" } },
  })
})

test("a host names games and labels of its own, with or without Other", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const { options } = await night.startPoll(id, ["TKO", "Karaoke"])
  expect(options).toEqual([
    { position: 1, game_id: night.gameId("TKO"), label: expect.any(String), ticker: "TKO", votes: 0 },
    { position: 2, game_id: null, label: "Karaoke", ticker: null, votes: 0 },
    { position: 3, game_id: null, label: "Other", ticker: null, votes: 0 },
  ])
  await night.end(id)
  expect(labels(await night.startPoll(id, ["other", "Karaoke"]))).toEqual(["other", "Karaoke"])
  await night.end(id)
  expect(labels(await night.startPoll(id, ["TKO", "Karaoke"], { other: false }))).toHaveLength(2)
})

test("options that are unknown, or that viewers could not tell apart, are all named at once", async () => {
  const night = await openPolling()
  const { id } = await night.sessions.start(null)
  const start = (...options: (number | string)[]) => night.polls.start(id, { options, other: true })
  const tko = night.gameId("TKO")
  await expect(start(9_999, tko, 9_998)).rejects.toMatchObject({
    code: "game_not_found",
    details: { errors: [{ path: "options.0" }, { path: "options.2" }] },
  })
  await expect(start(tko, "tko", "Karaoke", "KARAOKE", tko)).rejects.toMatchObject({
    code: "invalid_input",
    details: { errors: [{ path: "options.1" }, { path: "options.3" }, { path: "options.4" }] },
  })
  expect(await night.polls.newest(id)).toBeNull()
})
