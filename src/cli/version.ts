/** `gamenight version`. */
import { defineCommand } from "citty"
import { VERSION } from "../version.ts"
import { jsonFlag, refuseUnknown, type Surroundings } from "./command.ts"

export const versionCommand = ({ print }: Surroundings) =>
  defineCommand({
    meta: { name: "version", description: "Print the version" },
    args: jsonFlag,
    run({ args, rawArgs }) {
      refuseUnknown(args, rawArgs, jsonFlag)
      print(args.json ? JSON.stringify({ name: "gamenight", version: VERSION }) : `gamenight ${VERSION}`)
    },
  })
