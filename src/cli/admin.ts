/** `gamenight admin create`: a key for one more admin. */
import { type ArgsDef, defineCommand } from "citty"
import { createAdmins } from "../admins.ts"
import { openStore } from "../store/open.ts"
import { configFrom, jsonFlag, nameFrom, refuseUnknown, type Surroundings, settingFlags } from "./command.ts"

const args: ArgsDef = {
  name: { type: "positional", description: "Name of the admin", required: true },
  ...settingFlags,
  ...jsonFlag,
}

export const adminCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "admin", description: "Admins" },
    subCommands: {
      create: defineCommand({
        meta: { name: "create", description: "Make an admin and print its key, this once only" },
        args,
        async run({ args: given, rawArgs }) {
          refuseUnknown(given, rawArgs, args)
          const { host, print } = surroundings
          const name = nameFrom(given.name, "create the admin")
          const { dataDir, adminKey } = configFrom(surroundings, given as Record<string, string | undefined>)
          const { openDatabase, files, digest } = host
          const store = openStore({ openDatabase, fileSize: files.size, dataDir, beside: true })
          try {
            const key = await createAdmins({ store, digest, configuredKey: adminKey }).create(name)
            print(given.json ? JSON.stringify({ name, key }) : key)
          } finally {
            await store.close()
          }
        },
      }),
    },
  })
