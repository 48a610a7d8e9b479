/** The recap as a picture: whole by itself, valid whatever people wrote, and drawn by a real renderer. */
import { expect, test } from "bun:test"
import type { Recap } from "../src/recap.ts"
import { asCard as asCardIn } from "../src/recap-card.ts"
import { recapWords } from "../src/recap-words.ts"
import { missingFiles } from "./support/packages.ts"

const GAME = { pack_name: "A pack", status: "played", time: "20:10" } as const
const FRIDAY: Recap = {
  sessionId: 17,
  title: "Friday Game Night",
  notes: [],
  when: "Saturday, 1 November 2025, 20:00 to 23:10",
  length: "3 h 10 min",
  games: [
    { ...GAME, title: "Quiplash 3", upvotes: 8, downvotes: 1 },
    { ...GAME, title: "Tee K.O.", upvotes: 0, downvotes: 0, status: "skipped" },
  ],
  votes: { all: 9, up: 8, down: 1, voters: 7 },
  best: { title: "Quiplash 3", upvotes: 8, downvotes: 1, net_score: 7 },
}

const asCard = (recap: Recap): string => asCardIn(recap, recapWords.en)

/** The words on the picture, as a reader sees them. */
const wordsOn = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words = ""]) =>
    words
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&apos;", "'")
      .replaceAll("&amp;", "&"),
  )

test("the picture says what was played, how it was liked and what was best", () => {
  const words = wordsOn(asCard(FRIDAY))
  for (const said of [
    "Friday Game Night",
    "Saturday, 1 November 2025, 20:00 to 23:10",
    "3 h 10 min",
    "Best game of the night",
    "8 up, 1 down",
    "+7",
    "20:10, A pack, skipped",
    "no votes",
    "session 17",
  ]) {
    expect(words).toContain(said)
  }
  expect(words.filter((word) => word === "Quiplash 3")).toHaveLength(2)
  expect(wordsOn(asCard({ ...FRIDAY, best: undefined }))).not.toContain("Best game of the night")
})

test("in German it is German, but for what people wrote", () => {
  const words = wordsOn(asCardIn(FRIDAY, recapWords.de))
  const [night, pack] = ["Friday Game Night", "A pack"]
  for (const said of [
    night,
    "Bestes Spiel des Abends",
    "8 dafür, 1 dagegen",
    `20:10, ${pack}, ausgelassen`,
    "keine Stimmen",
    "haben abgestimmt",
    "Abend 17",
  ]) {
    expect(words).toContain(said)
  }
  expect(words.filter((word) => /\b(game|vote|up|down|skipped|session)s?\b/.test(word))).toEqual([])
})

test("nothing comes from elsewhere, and nothing needs a style or a script", () => {
  const svg = asCard(FRIDAY)
  expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
    /https?:|href|<style|style=|<script|<image|@import|<foreignObject| on\w+=/,
  )
})

test("whatever people wrote is text", () => {
  const title = `</text><script>alert("1")</script> & 'co' \u0000\u000b\ud800\uffff`
  const svg = asCard({
    ...FRIDAY,
    title: title.slice(0, 25),
    games: [{ ...GAME, title, upvotes: 1, downvotes: 0 }],
  })
  expect(svg).not.toContain("<script")
  expect(wordsOn(svg)).toContain(title.slice(0, 25))
  const odd = asCard({ ...FRIDAY, title: "a\u0000b\u000bc\ud800d\uffffe\u{1f3b2}" })
  expect(wordsOn(odd)).toContain("a\ufffdb\ufffdc\ufffdd\ufffde\u{1f3b2}")
})

test("long titles and long nights stay inside", () => {
  const long = "A title that nobody can say in one breath, however hard they try"
  const games = Array.from({ length: 35 }, () => ({ ...GAME, title: long, upvotes: 3, downvotes: 2 }))
  const words = wordsOn(asCard({ ...FRIDAY, title: long, games }))
  expect(words).toContain("A title that nobody can say in one breath, however\u2026")
  expect(words.filter((word) => word === "A title that nobody can say in one breat\u2026")).toHaveLength(30)
  expect(words).toContain("and 5 games more")
  const wide = wordsOn(
    asCard({ ...FRIDAY, games: [{ ...GAME, title: "夜".repeat(30), upvotes: 0, downvotes: 0 }] }),
  )
  expect(wide).toContain(`${"夜".repeat(20)}\u2026`)
})

const missing = missingFiles(["/usr/bin/rsvg-convert"], "librsvg2-bin")

test.skipIf(missing !== undefined)(
  `a renderer draws it as large as it says${missing ? ` (${missing})` : ""}`,
  async () => {
    const svg = asCard({ ...FRIDAY, title: `<&>"' \u{1f3b2}` })
    const process = Bun.spawn(["rsvg-convert", "--format", "png"], { stdin: new Blob([svg]), stderr: "pipe" })
    const png = Buffer.from(await new Response(process.stdout).arrayBuffer())
    expect([await process.exited, await new Response(process.stderr).text()]).toEqual([0, ""])
    expect(png.subarray(1, 4).toString()).toBe("PNG")
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? []
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(width), Number(height)])
  },
)
