/** Runs a program and reads its output line by line. */
import { cleanEnv, within } from "./server.ts"

export type Lines = {
  /** The next line of standard output, within ten seconds unless told. */
  next(ms?: number): Promise<string>
  pid: number
  exited: Promise<number>
  kill(signal?: NodeJS.Signals): void
}

export function spawnLines(command: readonly string[], env: Record<string, string> = {}): Lines {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "inherit", env: cleanEnv(env) })
  const lines: string[] = []
  let wake = () => {}
  void (async () => {
    const decoder = new TextDecoder()
    let text = ""
    for await (const chunk of child.stdout) {
      text += decoder.decode(chunk, { stream: true })
      const whole = text.split("\n")
      text = whole.pop() ?? ""
      lines.push(...whole)
      wake()
    }
  })()
  return {
    async next(ms) {
      while (lines.length === 0) {
        const line = (done: () => void) => {
          wake = done
        }
        await within<void>(`a line of ${command.join(" ")}`, line, ms)
      }
      return lines.shift() ?? ""
    },
    pid: child.pid,
    exited: child.exited,
    kill: (signal) => child.kill(signal),
  }
}
