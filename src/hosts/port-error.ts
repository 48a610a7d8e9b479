/** Turns the failure of a listen call into one sentence for the owner. */
import { StartError } from "../errors.ts"

export function portError(error: unknown, hostname: string, port: number): Error {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  switch (code) {
    case "EADDRINUSE":
      return new StartError(
        `Cannot listen on ${hostname}:${port}: another program uses this port; stop it or choose another with --port`,
        1,
      )
    case "EACCES":
      return new StartError(
        `Cannot listen on ${hostname}:${port}: this user may not use the port; choose one above 1023 with --port`,
        1,
      )
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL": // what Bun says of a name it cannot resolve
      return new StartError(
        `Cannot listen on ${hostname}:${port}: this machine has no such address; check --host`,
        1,
      )
    default:
      return error instanceof Error ? error : new Error(String(error))
  }
}
