/** The signing secret of this installation: made once, kept beside the database, readable by its owner alone. */
import { disk, syncFile, syncFolder } from "./disk.ts"
import { StartError } from "./errors.ts"
import { closeToOthers, startError } from "./store/folder.ts"

export const SECRET_BYTES = 32

/** What the host knows of files. */
type Files = {
  read(path: string): Promise<string | undefined>
  mode(path: string): Promise<number>
}

/** Reads `secret` in `dataDir`, or makes it. Throws `StartError` if it cannot, or the file is not one of ours. */
export const loadSecret = async (files: Files, dataDir: string): Promise<Uint8Array> =>
  (await readSecret(files, dataDir)) ?? makeSecret(dataDir)

/** Undefined where there is none yet. Throws `StartError` as `loadSecret` does. */
export async function readSecret({ read, mode }: Files, dataDir: string): Promise<Uint8Array | undefined> {
  const path = secretIn(dataDir)
  try {
    const text = await read(path)
    if (text === undefined) return undefined
    await closeToOthers(mode, path)
    const secret = Buffer.from(text.trim(), "base64url")
    if (secret.length >= SECRET_BYTES) return secret
  } catch (error) {
    throw startError(error, dataDir)
  }
  throw new StartError(
    `Cannot start: the file ${path} holds no secret of ${SECRET_BYTES} bytes; put the right one back, or remove it (every token then ends)`,
    1,
  )
}

/** Under its final name it is whole, also after a power cut. Throws `StartError` if it cannot be written. */
export function makeSecret(dataDir: string): Uint8Array {
  const path = secretIn(dataDir)
  try {
    const { renameSync, writeFileSync } = disk()
    const secret = crypto.getRandomValues(Buffer.alloc(SECRET_BYTES))
    writeFileSync(`${path}.new`, `${secret.toString("base64url")}\n`, { mode: 0o600 })
    syncFile(`${path}.new`)
    renameSync(`${path}.new`, path)
    syncFolder(dataDir)
    return secret
  } catch (error) {
    throw startError(error, dataDir)
  }
}

const secretIn = (dataDir: string): string => `${dataDir}/secret`
