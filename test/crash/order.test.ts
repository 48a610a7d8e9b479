import { expect, test } from "bun:test"
import { testShort } from "../support/short.ts"
import { scenario } from "./order.ts"
import { passagesIn } from "./trace.ts"

testShort(scenario)

const PAGE = '9 pwrite64(7, "..order-1..", 4096, 0) = 4096'
const FRAME = '9 sendto(13, "{order-1}", 9, 0, NULL, 0) = 9'

test.each<[string, string[], number]>([
  ["is in time behind the fsync of its page", [PAGE, "9 fsync(7) = 0", FRAME], 0],
  [
    "is in time behind an fsync that another thread interrupted",
    [
      PAGE,
      "9 fdatasync(7 <unfinished ...>",
      '8 write(4, "1", 8) = 8',
      "9 <... fdatasync resumed>) = 0",
      FRAME,
    ],
    0,
  ],
  ["is in time when its page is written again", [PAGE, "9 fsync(7) = 0", PAGE, FRAME], 0],
  ["is early before the fsync", [PAGE, FRAME, "9 fsync(7) = 0"], 1],
  ["is early before the end of the fsync", [PAGE, "9 fsync(7 <unfinished ...>", FRAME], 1],
  ["is early behind an fsync that failed", [PAGE, "9 fsync(7) = -1 EIO (Input/output error)", FRAME], 1],
  ["is early behind the fsync of another file", [PAGE, "9 fsync(8) = 0", FRAME], 1],
  ["is early when it was never written", ["9 fsync(7) = 0", FRAME], 1],
])("what is sent %s", (_when, lines, early) => {
  expect(passagesIn(lines, /order-\d/g).get("order-1")).toEqual({ sent: 1, early })
})

test("what goes to the log of the service is not sent", () => {
  expect(passagesIn(['9 write(2, "order-1", 7) = 7'], /order-\d/g).size).toBe(0)
})
