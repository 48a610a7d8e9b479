/** The file system, loaded when it is first used: it costs Bun 4 MB, and a start on an existing folder needs none. */
export const disk = (): typeof import("node:fs") => process.getBuiltinModule("node:fs")

/** The home folder of the user where the environment does not name it. */
export const homeFolder = (): string => process.getBuiltinModule("node:os").homedir()

/** Returns once the bytes of the file are on disk. */
export function syncFile(path: string): void {
  const { closeSync, fsyncSync, openSync } = disk()
  const file = openSync(path, "r+")
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Returns once the names in the folder are on disk; Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return
  const { closeSync, fsyncSync, openSync } = disk()
  const folder = openSync(path, "r")
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
