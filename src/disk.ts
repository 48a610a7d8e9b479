/** The file system, loaded when it is first used: it costs Bun 4 MB, and a start on an existing folder needs none. */
export const disk = (): typeof import("node:fs") => process.getBuiltinModule("node:fs")
