/** How many sockets the system lets the service have. */
import { expect, test } from "bun:test"
import { LIMITS_FILE, socketsWithinFileLimit } from "../src/file-limit.ts"
import { files } from "./support/night.ts"

const limits = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units
Max processes             7733                 7733                 processes
Max open files            ${soft.padEnd(20)} 1048576              files
`

test.each<[wanted: number, soft: string, possible: number]>([
  [1_000, "1064", 1_000],
  [1_000, "1063", 999],
  [1_000, "160", 96],
  [1_000, "64", 1],
  [1_000, "unlimited", 1_000],
])("of %i sockets, %s open files allow %i", (wanted, soft, possible) => {
  const log: string[] = []
  expect(socketsWithinFileLimit(wanted, limits(soft), (line) => log.push(line))).toBe(possible)
  expect(log).toEqual(
    possible === wanted
      ? []
      : [`[Start] ${possible} sockets instead of ${wanted}: the system allows ${soft} open files`],
  )
})

test("where the system tells no limit, as many as wanted", () => {
  expect(socketsWithinFileLimit(1_000, undefined, () => {})).toBe(1_000)
})

test.skipIf(process.platform !== "linux")(
  "the limit of this very process is read (skipped without /proc)",
  async () => {
    expect(await files.read(LIMITS_FILE)).toContain("Max open files")
  },
)
