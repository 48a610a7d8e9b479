/** A wall clock that can be set while a program runs, by Debian's libfaketime; its monotonic clock goes on as it is. */
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { missingFiles } from "../support/packages.ts"
import { COMPILED } from "../support/programs.ts"
import { newFolder } from "../support/server.ts"

export type WallClock = {
  /** gamenight under this clock. */
  command: readonly string[]
  /** It shows this moment now and goes on from there. */
  set(moment: string | number): void
  /** Turns it ahead, or back with a negative number. */
  turn(ms: number): void
  /** The moment it shows, in milliseconds since 1970. */
  now(): number
  /** A moment that far from the one it shows, as clients write it. */
  iso(ms?: number): string
}

export const SECOND = 1_000
export const HOUR = 3_600 * SECOND
export const YEAR = 365 * 24 * HOUR

const [library = ""] = new Bun.Glob("*/faketime/libfaketimeMT.so.1").scanSync({
  cwd: "/usr/lib",
  absolute: true,
})

export const missingFaketime = (): string | undefined => missingFiles([library], "faketime")

export function createWallClock(moment: string): WallClock {
  const file = join(newFolder(), "time")
  let ahead = 0
  const now = () => Date.now() + ahead
  const set = (to: string | number) => {
    ahead = new Date(to).getTime() - Date.now()
    // A process may read it at any time, and must never find half of it.
    writeFileSync(`${file}.new`, `${ahead >= 0 ? "+" : ""}${ahead / SECOND}\n`)
    renameSync(`${file}.new`, file)
  }
  set(moment)
  return {
    command: [
      "/usr/bin/env",
      `LD_PRELOAD=${library}`,
      `FAKETIME_TIMESTAMP_FILE=${file}`,
      "FAKETIME_NO_CACHE=1",
      "FAKETIME_DONT_FAKE_MONOTONIC=1",
      ...COMPILED,
    ],
    set,
    turn: (ms) => set(now() + ms),
    now,
    iso: (ms = 0) => new Date(now() + ms).toISOString(),
  }
}

/** Takes away what the library leaves behind of processes that are gone. */
export function sweepLeftovers(): void {
  for (const name of readdirSync("/dev/shm")) {
    const pid = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) rmSync(join("/dev/shm", name), { force: true })
  }
}
