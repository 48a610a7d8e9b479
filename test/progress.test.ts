/** Work that takes long: what a client hears of it, and what happens when it fails on the way. */
import { expect, test } from "bun:test"
import { Hono } from "hono/tiny"
import { AppError } from "../src/errors.ts"
import type { Progress } from "../src/game-files.ts"
import type { Env } from "../src/http/context.ts"
import { reportProgress } from "../src/http/progress.ts"

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** The answer to a client that asks for lines. */
async function answerTo(work: (onProgress: Progress) => Promise<object>) {
  const logged: string[] = []
  const app = new Hono<Env>().get("/", (c) => reportProgress(c, (line) => logged.push(line), work))
  const env = { address: "127.0.0.1", untimed: () => {} }
  const answer = await app.request("/", { headers: { accept: "application/x-ndjson" } }, env)
  return { answer, logged }
}

const linesOf = async (answer: Response) =>
  (await answer.text())
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

test("each step is a line, and the answer is the last one", async () => {
  const { answer } = await answerTo(async (onProgress) => {
    for (const done of [1, 2]) {
      onProgress(done, 2)
      await turn()
    }
    return { count: 2 }
  })
  expect(await linesOf(answer)).toEqual([
    { type: "progress", done: 1, total: 2 },
    { type: "progress", done: 2, total: 2 },
    { type: "done", count: 2 },
  ])
})

test("what fails on the way ends the lines with the problem it is", async () => {
  const { answer, logged } = await answerTo(async (onProgress) => {
    onProgress(1, 2)
    await turn()
    throw new AppError("disk_full", "Cannot store this: the disk is full")
  })
  expect(answer.status).toBe(200)
  expect((await linesOf(answer)).at(-1)).toMatchObject({
    type: "error",
    title: "Insufficient Storage",
    status: 507,
    code: "disk_full",
    error: "Cannot store this: the disk is full",
  })
  expect(logged).toEqual([])
})

test("a defect on the way is in the log, and tells nothing of the inside", async () => {
  const { answer, logged } = await answerTo(async (onProgress) => {
    onProgress(1, 2)
    await turn()
    throw new Error("the inside")
  })
  const last = (await linesOf(answer)).at(-1)
  expect(last).toMatchObject({ code: "internal", error: "Internal error" })
  expect(JSON.stringify(last)).not.toContain("inside")
  expect(logged.join()).toContain("the inside")
})

test("work goes on to its end for a client that went away", async () => {
  let ended = false
  const { answer } = await answerTo(async (onProgress) => {
    onProgress(1, 2)
    await turn()
    await turn()
    onProgress(2, 2)
    ended = true
    return {}
  })
  await answer.body?.cancel()
  for (let turns = 0; turns < 10; turns++) await turn()
  expect(ended).toBeTrue()
})
