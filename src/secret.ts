/** The signing secret of this installation: made once, kept beside the database, readable by its owner alone. */
import { randomBytes } from "node:crypto"
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs"
import { join } from "node:path"
import { StartError } from "./errors.ts"
import { startError } from "./store/folder.ts"

export const SECRET_BYTES = 32

/** Reads `secret` in `dataDir`, or makes it. Throws `StartError` if it cannot, or the file is not one of ours. */
export function loadSecret(dataDir: string): Uint8Array {
  try {
    return readOrMake(dataDir)
  } catch (error) {
    throw startError(error, dataDir)
  }
}

function readOrMake(dataDir: string): Uint8Array {
  const path = join(dataDir, "secret")
  try {
    const secret = Buffer.from(readFileSync(path, "utf8").trim(), "base64url")
    if (secret.length < SECRET_BYTES) {
      throw new StartError(
        `Cannot start: the file ${path} holds no secret of ${SECRET_BYTES} bytes; put the right one back, or remove it (every token then ends)`,
        1,
      )
    }
    chmodSync(path, 0o600)
    return secret
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
  }
  const secret = randomBytes(SECRET_BYTES)
  const file = openSync(`${path}.new`, "w", 0o600)
  writeSync(file, `${secret.toString("base64url")}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  return secret
}
