/** The file system, loaded when it is first used: it costs Bun 4 MB, and a start on an existing folder needs none. */
export const disk = (): typeof import("node:fs") => process.getBuiltinModule("node:fs")

/** The home folder of the user where the environment does not name it. */
export const homeFolder = (): string => process.getBuiltinModule("node:os").homedir()
