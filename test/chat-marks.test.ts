/** Votes in the words of a chat. */
import { expect, test } from "bun:test"
import { marksIn } from "../src/chat-marks.ts"

const read = (message: string): string[] =>
  marksIn({ index: 0, username: "Ann", message, timestamp: 0 }).map(
    ({ ticker = "*", vote }) => `${ticker} ${vote}`,
  )

test.each<[string, string[]]>([
  ["thisgame++", ["* up"]],
  ["THISGAME--", ["* down"]],
  ["QPL3++", ["QPL3 up"]],
  ["qpl3-- (boring)", ["qpl3 down"]],
  ["I love it: thisgame++!", ["* up"]],
  ["thisgame+++++", ["* up"]],
  ["\u0002thisgame++\u0002", ["* up"]],
  ["two\nlines thisgame--\n", ["* down"]],
  ["QPL3++ TKO--", ["TKO down", "QPL3 up"]],
  ["thisgame++ no, thisgame--", ["* down", "* up"]],
  ["🎉thisgame++🎉", ["* up"]],
])("%j is a vote", (message, marks) => {
  expect(read(message)).toEqual(marks)
})

test.each([
  "",
  "thisgame",
  "thisgame+",
  "thisgame ++",
  "thisgame+-",
  "thisgame++-",
  "++",
  "well--known",
  "c++11",
  "éthisgame++",
  "abcdefghijklmnopq++",
])("%j is none", (message) => {
  expect(read(message)).toEqual([])
})

test("a long message of signs takes no long time", () => {
  const begin = performance.now()
  expect(read("+-".repeat(2_000))).toEqual([])
  expect(read("a".repeat(4_000))).toEqual([])
  expect(performance.now() - begin).toBeLessThan(500)
})
