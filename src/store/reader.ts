/** The connection that reads. The first read opens it: a start asks what it has to know on the one that writes. */
import type { OpenDatabase, RawDatabase } from "./folder.ts"
import { setPragmas } from "./pragmas.ts"

export type Reader = { connection(): RawDatabase; close(): void }

export function createReader(openDatabase: OpenDatabase, path: string): Reader {
  let opened: RawDatabase | undefined
  return {
    connection() {
      if (opened) return opened
      const raw = openDatabase(path, { readonly: true })
      try {
        setPragmas(raw, "wal")
      } catch (error) {
        raw.close()
        throw error
      }
      opened = raw
      return raw
    },
    close: () => opened?.close(),
  }
}
