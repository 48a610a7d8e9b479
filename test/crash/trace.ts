/** Reads a trace of strace: which words were on disk when they were sent. */

/** A word, such as a user name: how often it was sent, and how often of these too early. */
export type Passage = { sent: number; early: number }

const WRITTEN = /^\d+ +pwrite64\((\d+),/
const SYNC_BEGAN = /^(\d+) +(?:fsync|fdatasync)\((\d+)/
const SYNC_ENDED = /^(\d+) +(?:<\.\.\. (?:fsync|fdatasync) resumed>|(?:fsync|fdatasync)\(\d+)\) += 0/
const SENT = /^\d+ +(?:sendto|sendmsg|writev|write)\((\d+),/

/**
 * Follows every word that `pattern` finds in pages and in what is sent. Whatever is sent before the first fsync of the
 * first file that holds the word is early. Standard output and error are no answers.
 */
export function passagesIn(lines: Iterable<string>, pattern: RegExp): Map<string, Passage> {
  const passages = new Map<string, Passage>()
  /** Words by the file they wait in, and the files that threads are syncing. */
  const waiting = new Map<string, Set<string>>()
  const syncing = new Map<string, string>()
  const durable = new Set<string>()
  const wordsIn = (line: string) => line.match(pattern) ?? []

  function written(file: string, line: string): void {
    const words = waiting.get(file) ?? new Set()
    waiting.set(file, words)
    for (const word of wordsIn(line)) if (!durable.has(word)) words.add(word)
  }

  function synced(file: string): void {
    for (const word of waiting.get(file) ?? []) durable.add(word)
    waiting.delete(file)
  }

  function sent(line: string): void {
    for (const word of wordsIn(line)) {
      const passage = passages.get(word) ?? { sent: 0, early: 0 }
      passage.sent++
      if (!durable.has(word)) passage.early++
      passages.set(word, passage)
    }
  }

  for (const line of lines) {
    const [, thread, syncs] = SYNC_BEGAN.exec(line) ?? []
    if (thread && syncs) syncing.set(thread, syncs)
    const ended = SYNC_ENDED.exec(line)?.[1]
    if (ended) synced(syncing.get(ended) ?? "")
    const page = WRITTEN.exec(line)?.[1]
    if (page) written(page, line)
    if (Number(SENT.exec(line)?.[1] ?? 0) > 2) sent(line)
  }
  return passages
}
