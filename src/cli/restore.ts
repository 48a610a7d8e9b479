/** `gamenight restore`: a backup takes the place of the database of a service that is stopped. */
import { resolve } from "node:path"
import { type ArgsDef, defineCommand } from "citty"
import { restore } from "../store/restore.ts"
import { configFrom, jsonFlag, refuseUnknown, type Surroundings, settingFlags } from "./command.ts"

const args: ArgsDef = {
  file: { type: "positional", description: "The backup", required: true },
  ...settingFlags,
  ...jsonFlag,
}

export const restoreCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "restore", description: "Go back to a backup while the service is stopped" },
    args,
    run({ args: given, rawArgs }) {
      refuseUnknown(given, rawArgs, args)
      const { host, print } = surroundings
      const config = configFrom(surroundings, given as Record<string, string | undefined>)
      const [dataDir, file] = [resolve(config.dataDir), resolve(String(given.file))]
      const { openDatabase, files } = host
      const restored = restore({ openDatabase, fileSize: files.size, dataDir, file })
      if (given.json) return print(JSON.stringify({ file, ...restored }))
      print(`Restored ${file} into ${dataDir}, with the events up to ${restored.seq}`)
      if (restored.kept !== null) print(`Kept the database that was there as ${restored.kept}`)
      if (restored.tokens === null) {
        print("Its tokens could not be read: one that was revoked after the backup was made works again")
        print(`To end every token, remove ${dataDir}/secret`)
      }
    },
  })
