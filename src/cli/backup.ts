/** `gamenight backup`: a checked copy of the database, also while the service runs. */
import { basename, dirname, resolve } from "node:path"
import { type ArgsDef, defineCommand } from "citty"
import { disk } from "../disk.ts"
import { StartError } from "../errors.ts"
import { backUp } from "../store/backup.ts"
import { configFrom, jsonFlag, refuseUnknown, type Surroundings, settingFlags } from "./command.ts"

const args: ArgsDef = {
  file: {
    type: "positional",
    description: "Where to put it: a new file, or a folder; backups/ of the data folder if left out",
    required: false,
  },
  ...settingFlags,
  ...jsonFlag,
}

export const backupCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "backup", description: "Copy the database, also while the service runs" },
    args,
    run({ args: given, rawArgs }) {
      refuseUnknown(given, rawArgs, args)
      const { host, print } = surroundings
      const { dataDir } = configFrom(surroundings, given as Record<string, string | undefined>)
      const to = given.file === undefined ? {} : placeOf(String(given.file))
      const { openDatabase, files } = host
      const backup = backUp({ openDatabase, fileSize: files.size, dataDir: resolve(dataDir), to })
      print(given.json ? JSON.stringify(backup) : backup.file)
    },
  })

function placeOf(file: string) {
  if (file === "") throw new StartError("Cannot back up: FILE must not be empty", 2)
  const path = resolve(file)
  const isFolder = disk().statSync(path, { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? { folder: path } : { folder: dirname(path), name: basename(path) }
}
