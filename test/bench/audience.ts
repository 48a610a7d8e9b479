/** Thousands of followers of one night, in as many processes as it takes, which check every byte they hear. */
import { cleanEnv } from "../support/server.ts"
import type { Order, Word } from "./followers.ts"
import type { Night } from "./night.ts"

export type Audience = {
  /** Resolves once all are ready for so many events; `heard` then with the moment at which the last one had them all. */
  expect(events: number): Promise<{ heard: Promise<number> }>
  pids: readonly number[]
  leave(): Promise<void>
}

/** More than one process keeps the side that is measured from waiting for the other. */
const PER_PROCESS = 5_000
const PATIENCE_MS = 60_000

export async function openAudience(
  { url, token, sessionId, program }: Night,
  count: number,
): Promise<Audience> {
  const way = { url, token, sessionId, dialect: program.dialect }
  const shares = Array.from({ length: Math.ceil(count / PER_PROCESS) }, (_, at) =>
    Math.min(PER_PROCESS, count - at * PER_PROCESS),
  )
  const parts = shares.map(spawnFollowers)
  await Promise.all(parts.map((part, at) => part.ask({ do: "open", way, count: shares[at] ?? 0 }, "opened")))
  return {
    async expect(events) {
      const heard = parts.map((part) => part.wait("heard"))
      await Promise.all(parts.map((part) => part.ask({ do: "expect", events }, "expecting")))
      return {
        heard: Promise.all(heard).then((words) =>
          Math.max(...words.map((word) => ("at" in word ? word.at : 0))),
        ),
      }
    },
    pids: parts.map(({ pid }) => pid),
    async leave() {
      await Promise.all(parts.map((part) => part.end()))
    },
  }
}

function spawnFollowers() {
  const waiting = new Map<Word["said"], { resolve(word: Word): void; reject(error: Error): void }>()
  let failure: Error | undefined
  const child = Bun.spawn([process.execPath, `${import.meta.dir}/followers.ts`], {
    stdio: ["ignore", "inherit", "inherit"],
    env: cleanEnv(),
    ipc(word: Word) {
      if (word.said === "failed") {
        failure ??= new Error(word.why)
        for (const { reject } of waiting.values()) reject(failure)
      } else waiting.get(word.said)?.resolve(word)
    },
  })
  function wait(said: Word["said"]): Promise<Word> {
    const { promise, resolve, reject } = Promise.withResolvers<Word>()
    if (failure) reject(failure)
    waiting.set(said, { resolve, reject })
    const late = () => reject(new Error(`Followers waited in vain: a message is lost or ${said} never came`))
    const timer = setTimeout(late, PATIENCE_MS)
    // Whoever asked may have failed elsewhere by then.
    promise.catch(() => {}).finally(() => clearTimeout(timer))
    return promise
  }
  return {
    pid: child.pid,
    wait,
    ask(order: Order, said: Word["said"]) {
      const answer = wait(said)
      child.send(order)
      return answer
    },
    async end() {
      child.kill()
      await child.exited
    },
  }
}
