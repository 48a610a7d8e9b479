/** The history checker must be able to fail: a true history passes, and one lie for every rule does not. */
import { expect, test } from "bun:test"
import { createChecker } from "./checker.ts"
import {
  type Evidence,
  eventAt,
  first,
  operation,
  operationOf,
  removeEvent,
  stored,
  trueNight,
  verdictOn,
  voteEvent,
} from "./true-night.ts"

test("a night of which everything is true is accepted", () => {
  expect(verdictOn(trueNight())).toEqual([])
})

test("what came before a check need not be told again", () => {
  const night = trueNight()
  const checker = createChecker()
  expect(checker.check(night.state, night.operations, [], [])).toEqual([])
  const tables = { ...night.state.tables, votes: [], results: [] }
  expect(checker.check({ ...night.state, events: [], tables }, night.operations, [], [])).toEqual([])
})

test("a write that was not there after one restart and is after the next is a ghost", () => {
  const night = trueNight()
  const checker = createChecker()
  expect(checker.check(night.state, night.operations, [], [])).toEqual([])
  const late = stored(7, 1, voteEvent(5, "cid", "up", 2, 1))
  const lines = checker.check({ ...night.state, events: [late], lastGiven: 7 }, night.operations, [], [])
  expect(lines).toContain('"vote cid up" was not there and came later, at seq 7')
})

test("a history whose epoch changes between two restarts is refused", () => {
  const night = trueNight()
  const checker = createChecker()
  checker.check(night.state, night.operations, [], [])
  const again = { ...night.state, epoch: "two", events: [] }
  expect(checker.check(again, night.operations, [], [])).toContain("The epoch changed from one to two")
})

test.each<[string, (night: Evidence) => void, string]>([
  [
    "an answered vote that is gone",
    (night) =>
      night.operations.push(operation(18, { kind: "vote", username: "eve", vote: "up" }, "answered", {})),
    'Lost: "vote eve up" was answered and is not in the log',
  ],
  [
    "a refused vote that is there",
    (night) => {
      operationOf(night, "bob").outcome = "failed"
    },
    'Refused and yet in the log: "vote bob up" at seq 4',
  ],
  [
    "an unanswered vote that is there twice",
    (night) => {
      night.state.events.push(stored(7, 1, voteEvent(3, "bob", "up", 2, 1)))
    },
    'Twice in the log: "vote bob up" at seq 4 and 7',
  ],
  [
    "a vote nobody cast",
    (night) => {
      night.operations = night.operations.filter((one) => one !== operationOf(night, "bob"))
    },
    'Nobody asked for seq 4: "vote bob up"',
  ],
  ["a hole in the log", (night) => removeEvent(night, 4), "The log has a hole: seq 3 is followed by 5"],
  [
    "a seq that was given twice",
    (night) => {
      eventAt(night, 5).seq = 4
    },
    "The log does not rise: seq 4 is followed by 4",
  ],
  [
    "a seq that will be given again",
    (night) => {
      night.state.lastGiven = 5
    },
    "The last seq given is 5, the last event 6",
  ],
  [
    "an event whose row and frame differ in type",
    (night) => {
      eventAt(night, 2).type = "session.ended"
    },
    "The row of seq 2 says session.ended, its frame game.added",
  ],
  [
    "an answer that tells of other totals than the event",
    (night) => {
      operationOf(night, "ANN").answer.game.upvotes = 5
    },
    '"vote ANN down" at seq 5 was answered with',
  ],
  [
    "two answers under one key",
    (night) => {
      night.operations[3] = operation(
        9,
        first(night.operations.slice(2)).write,
        "answered",
        {
          ...operationOf(night, "ann").answer,
          success: false,
        },
        "key",
      )
    },
    '"vote ann up" was answered in two ways under one key',
  ],
  [
    "an event that comes before one that was answered earlier",
    (night) => {
      operationOf(night, "bob").invoked = 20
    },
    '"vote ANN down" was answered before seq 4 was asked for, and has seq 5',
  ],
  [
    "totals in a frame that are not the sum of the votes",
    (night) => {
      eventAt(night, 4).frame = JSON.stringify(voteEvent(3, "bob", "up", 3, 0))
    },
    "The totals of seq 4 should be",
  ],
  [
    "a session the log does not know",
    ({ state: { tables } }) => tables.sessions.push({ ...first(tables.sessions), id: 2 }),
    "The sessions should be",
  ],
  [
    "a session that is closed in the log and open in the table",
    ({ state: { tables } }) => {
      first(tables.sessions).is_active = 1
    },
    "The sessions should be",
  ],
  [
    "an active session after the end",
    ({ state: { tables } }) => {
      tables.activeId = 1
    },
    "The active session should be null",
  ],
  [
    "a played game with another room code",
    ({ state: { tables } }) => {
      first(tables.played).room_code = "WXYZ"
    },
    "The games of session 1 should be",
  ],
  [
    "a played game that still plays after the end",
    ({ state: { tables } }) => {
      first(tables.played).status = "playing"
    },
    "The games of session 1 should be",
  ],
  [
    "a tally of a played game that is not the sum of its votes",
    ({ state: { tables } }) => {
      first(tables.played).upvotes = 2
    },
    "The games of session 1 should be",
  ],
  [
    "a played game of no session",
    ({ state: { tables } }) => tables.played.push({ ...first(tables.played), id: 5, session_id: 2 }),
    "1 games belong to no session",
  ],
  [
    "a stored vote that was taken back",
    ({ state: { tables } }) => {
      first(tables.votes.slice(1)).vote_type = "up"
    },
    "The vote of row 3 should be",
  ],
  [
    "a stored vote too many",
    ({ state: { tables } }) => {
      tables.voteCount = 3
    },
    "The number of votes should be 2",
  ],
  [
    "a game whose counters are behind",
    ({ state: { tables } }) => {
      first(tables.games).downvotes = 0
    },
    "The counters of game 7 should be",
  ],
  [
    "a game that nobody voted on and has votes",
    ({ state: { tables } }) => {
      first(tables.games.slice(1)).upvotes = 1
    },
    "The counters of game 8 should be",
  ],
  [
    "a result over REST that is not the tally",
    ({ state: { tables } }) => {
      first(first(tables.results).votes).upvotes = 4
    },
    "The result of session 1 should be",
  ],
])("%s is refused", (_lie, lie, line) => {
  const night = trueNight()
  lie(night)
  expect(verdictOn(night).join("\n")).toContain(line)
})
