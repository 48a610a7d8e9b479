/** `gamenight token create|list|revoke`: named tokens for bots and overlays. */
import { type ArgsDef, defineCommand } from "citty"
import { StartError } from "../errors.ts"
import { loadSecret } from "../secret.ts"
import { openStore } from "../store/open.ts"
import { createTokens, type NamedToken, ROLES, type Tokens } from "../tokens.ts"
import { configFrom, jsonFlag, nameFrom, refuseUnknown, type Surroundings, settingFlags } from "./command.ts"

const createArgs: ArgsDef = {
  name: { type: "positional", description: "Name of the bot or overlay", required: true },
  role: { type: "string", description: `One of ${ROLES.join(", ")}`, default: "bot" },
  days: { type: "string", description: "Days until it expires", default: "365" },
  ...settingFlags,
  ...jsonFlag,
}
const listArgs: ArgsDef = { ...settingFlags, ...jsonFlag }
const revokeArgs: ArgsDef = {
  id: { type: "positional", description: "Id of the token, as token list shows it", required: true },
  ...settingFlags,
}

export const tokenCommand = (surroundings: Surroundings) =>
  defineCommand({
    meta: { name: "token", description: "Named tokens for bots and overlays" },
    subCommands: {
      create: defineCommand({
        meta: { name: "create", description: "Make a token and print it, this once only" },
        args: createArgs,
        run: ({ args, rawArgs }) => {
          refuseUnknown(args, rawArgs, createArgs)
          const { name, role, days } = wanted(args)
          const create = async (tokens: Tokens) => {
            const created = await tokens.create(name, role, days)
            surroundings.print(args.json ? JSON.stringify(created) : created.token)
          }
          return withTokens(surroundings, args, create, { mustExist: false })
        },
      }),
      list: defineCommand({
        meta: { name: "list", description: "List the tokens" },
        args: listArgs,
        run: ({ args, rawArgs }) => {
          refuseUnknown(args, rawArgs, listArgs)
          return withTokens(surroundings, args, async (tokens) => {
            const rows = await tokens.list()
            if (args.json) surroundings.print(JSON.stringify(rows))
            else for (const row of rows) surroundings.print(describe(row))
          })
        },
      }),
      revoke: defineCommand({
        meta: { name: "revoke", description: "Make a token worthless; its open sockets are closed" },
        args: revokeArgs,
        run: ({ args, rawArgs }) => {
          refuseUnknown(args, rawArgs, revokeArgs)
          return withTokens(surroundings, args, async (tokens) => {
            await tokens.revoke(String(args.id))
            surroundings.print(`Revoked ${args.id}`)
          })
        },
      }),
    },
  })

async function withTokens(
  surroundings: Surroundings,
  args: object,
  act: (tokens: Tokens) => Promise<void>,
  { mustExist } = { mustExist: true },
): Promise<void> {
  const { dataDir, jwtSecret } = configFrom(surroundings, args as Record<string, string | undefined>)
  const { openDatabase, files, digest } = surroundings.host
  const store = openStore({ openDatabase, fileSize: files.size, dataDir, beside: true, mustExist })
  try {
    const secret = jwtSecret ?? (await loadSecret(files, dataDir))
    await act(createTokens({ store, digest, secret }))
  } finally {
    await store.close()
  }
}

function wanted(args: Record<string, unknown>) {
  const name = nameFrom(args.name, "create the token")
  const role = ROLES.find((one) => one === args.role)
  const days = Number(args.days)
  if (!role) throw new StartError(`Cannot create the token: --role must be one of ${ROLES.join(", ")}`, 2)
  if (!Number.isInteger(days) || days < 1 || days > 3_650) {
    throw new StartError("Cannot create the token: --days must be a whole number from 1 to 3650", 2)
  }
  return { name, role, days }
}

function describe({ id, name, role, expires_at, revoked_at, last_used_at }: NamedToken): string {
  const end = revoked_at ? `revoked ${revoked_at}` : `until ${expires_at}`
  const use = last_used_at ? `used ${last_used_at}` : "never used"
  return `${id}  ${role.padEnd(6)}  ${end}  ${use}  ${name}`
}
