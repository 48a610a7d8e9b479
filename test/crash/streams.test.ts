/** The rule of followers must be able to fail: what a bot heard is the log from its cursor, or it is refused. */
import { expect, test } from "bun:test"
import { type Evidence, trueNight, verdictOn, voteEvent } from "./true-night.ts"

test.each<[string, (night: Evidence) => void, string]>([
  [
    "a bot that heard what is not in the log",
    ({ bot }) => bot.heard.push({ frame: JSON.stringify(voteEvent(5, "cid", "up", 2, 1)) }),
    "The bot heard what is not in the log",
  ],
  [
    "a bot that heard another frame at a seq than the log holds there",
    ({ resumed }) => {
      resumed.heard[2] = { frame: JSON.stringify({ ...voteEvent(2, "ann", "up", 1, 0), seq: 4 }) }
    },
    "The other bot heard seq 3 as 4",
  ],
  [
    "a bot that heard an event twice",
    ({ bot }) => bot.heard.push(...bot.heard.slice(-1)),
    "The bot heard seq 6 after 6",
  ],
  [
    "a bot that heard two events in the wrong order",
    ({ bot }) => bot.heard.push(...bot.heard.splice(4, 1)),
    "The bot heard seq 4 after 6",
  ],
  [
    "a bot that missed an event in the middle",
    ({ bot }) => bot.heard.splice(4, 1),
    "The bot missed seq 4 before 5",
  ],
  [
    "a bot that missed the first event after it came",
    ({ bot }) => bot.heard.splice(2, 1),
    "The bot missed seq 2 before 3",
  ],
  [
    "a bot that missed the first event after its cursor",
    ({ resumed }) => resumed.heard.splice(2, 1),
    "The other bot missed seq 3 before 4",
  ],
  [
    "a bot that missed the last event",
    ({ bot }) => bot.heard.pop(),
    "The bot missed seq 6, the last of session/1",
  ],
  [
    "a bot that heard of a session it does not follow",
    ({ bot }) => bot.heard.splice(1, 1),
    "The bot heard seq 2 of session/1, which it does not follow",
  ],
  ["a bot that was never let in", ({ bot }) => bot.heard.splice(0), "The bot never came in"],
])("%s is refused", (_lie, lie, line) => {
  const night = trueNight()
  lie(night)
  expect(verdictOn(night).join("\n")).toContain(line)
})
