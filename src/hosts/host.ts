/** What gamenight needs from the runtime it runs on. Two implementations: Bun and Node. */
import type { Digest } from "../digest.ts"
import type { SocketHandlers } from "../live-connection.ts"
import type { FileSize, OpenDatabase } from "../store/folder.ts"

/** What the host hands to the HTTP application beside each request. */
export type RequestEnv = {
  /** Of the client; "" once it hung up. */
  readonly address: string
  /** Lets the answer to this request take as long as it likes. */
  untimed(): void
}

export type Place = { port: number; hostname: string }

export type Fetch = (request: Request, env: RequestEnv) => Response | Promise<Response>

/** What stands for the answer to a handshake that became a socket; undefined if it could not. */
export type Upgrade = (request: Request, env: RequestEnv) => Response | undefined

export type ListenOptions = Place & {
  /** The whole HTTP side; it calls what `upgrade` gave for the socket path. */
  fetch: Fetch
}

/** What a start has to know of files; everything rarer goes through `disk`. */
export type Files = {
  /** In bytes; 0 if there is no such file. */
  size: FileSize
  /** When it was last written to, in milliseconds; means nothing if there is no such file. */
  changedAt(path: string): number
  /** The whole text, undefined if there is no such file. */
  read(path: string): Promise<string | undefined>
  /** The permission bits of a file that is there. */
  mode(path: string): Promise<number>
}

/** `exitCode` means nothing once the signal was given. */
export type Ended = { exitCode: number; stdout: string; stderr: string }

/** How long answers in flight may take once the service stops, in milliseconds. */
export const STOP_WITHIN_MS = 3_000

export type Listening = {
  port: number
  /** Stops accepting, lets answers in flight finish and resolves once nothing is open any more. */
  stop(): Promise<void>
}

export type Host = {
  /** Opens or creates a file. Throws the SQLite error of the binding, which carries its `code`. */
  openDatabase: OpenDatabase
  digest: Digest
  files: Files
  /** Gives what turns a whole handshake into a socket served by `handlers`. */
  upgrade(handlers: SocketHandlers): Upgrade
  /** Runs a command of this program in a process of its own, which ends when `signal` says so. */
  command(words: readonly string[], signal: AbortSignal): Promise<Ended>
  /** Sends one frame to every socket subscribed to `topic`, frames of one turn together. */
  publish(topic: string, frame: string): void
  /** Throws `StartError` when the port is taken or not allowed. */
  listen(options: ListenOptions): Promise<Listening>
  /** The start is over: what runs often from now on is worth compiling. */
  started(): void
}
