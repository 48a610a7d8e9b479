/** The bench can fail: what checks the messages and the votes finds each kind of loss. */
import { Database } from "bun:sqlite"
import { describe, expect, test } from "bun:test"
import { join } from "node:path"
import { newFolder } from "../support/server.ts"
import { checkStored } from "./night.ts"
import { createStream, newReader } from "./stream.ts"

/** A frame as a server sends it: never masked. */
function frame(text: string, opcode = 1): Buffer {
  const payload = Buffer.from(text)
  const head = Buffer.alloc(payload.length < 126 ? 2 : 4)
  head[0] = 0x80 | opcode
  head[1] = Math.min(payload.length, 126)
  if (head.length === 4) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

function listening() {
  const heard: string[] = []
  const controls: string[] = []
  const stream = createStream({
    event: (text) => heard.push(text),
    control: (_, opcode, payload) => controls.push(`${opcode} ${payload}`),
  })
  const reader = () => {
    const place = newReader()
    return (...chunks: Buffer[]) => {
      for (const chunk of chunks) stream.take(place, chunk)
      return place.at
    }
  }
  return { heard, controls, reader, stream }
}

const [one, two, three] = [frame("the first"), frame(`the second, ${"long ".repeat(60)}`), frame("the third")]

describe("the stream of many sockets", () => {
  test("is read once, however it is cut into pieces, and each socket may be the first", () => {
    const { heard, reader, stream } = listening()
    const [ann, bob] = [reader(), reader()]
    const all = Buffer.concat([one, two, three])
    for (const byte of all.subarray(0, 200)) ann(Buffer.from([byte]))
    bob(all)
    ann(all.subarray(200))
    expect(heard.map((text) => text.slice(0, 10))).toEqual(["the first", "the second", "the third"])
    expect([ann(), bob(), stream.endOf(3), stream.endOf(4)]).toEqual([
      all.length,
      all.length,
      all.length,
      undefined,
    ])
  })

  test("lets pings by, wherever they come, and cut into pieces", () => {
    const { heard, controls, reader } = listening()
    const [ann, bob] = [reader(), reader()]
    const ping = frame("hey", 9)
    ann(ping, one, ping.subarray(0, 3), ping.subarray(3), two)
    bob(Buffer.concat([one, ping, two]))
    expect(heard).toHaveLength(2)
    expect(controls).toEqual(["9 hey", "9 hey", "9 hey"])
  })

  test.each([
    ["lost", [one, three]],
    ["doubled", [one, one, two, three]],
    ["out of order", [two, one, three]],
    ["changed", [one, frame("the Second"), three]],
  ])("finds a message that is %s", (_, frames) => {
    const { reader } = listening()
    reader()(one, two, three)
    expect(() => reader()(Buffer.concat(frames))).toThrow("A message is lost, doubled or out of order")
  })
})

test.each([
  ["missing", ["ann"]],
  ["doubled", ["ann", "bob", "bob"]],
])("an answered vote that is %s is found", (_, stored) => {
  const dataDir = newFolder()
  const db = new Database(join(dataDir, "votes.db"))
  db.run("CREATE TABLE votes (username TEXT)")
  for (const username of stored) db.run("INSERT INTO votes VALUES (?)", [username])
  db.close()
  const program = { name: "a service", database: "votes.db" }
  expect(() => checkStored({ program, dataDir }, ["ann"])).not.toThrow()
  expect(() => checkStored({ program, dataDir }, ["ann", "bob"])).toThrow("1 of 2 votes")
})
