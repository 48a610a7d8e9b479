/** Files on their way to and from this device. */
import { requests } from "./live.ts"

/** Asks with the token, which a plain link could not send, and hands the answer to the browser as a download. */
export async function download(path: string): Promise<void> {
  const answer = await requests.open("GET", path)
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "gamenight"
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export type Imported = { count: number; added: number; changed: number; deleted: number; disabled: number }

type Line =
  | { type: "progress"; done: number; total: number }
  | ({ type: "done" } & Imported)
  | { type: "error"; detail: string }

/** Sends a table or a JSON file, and tells how far it is. Throws `RequestError`, or what the last line says. */
export async function importFile(
  file: File,
  mode: "append" | "replace",
  onProgress: (share: number) => void,
): Promise<Imported> {
  const isJson = /\.json$/i.test(file.name)
  const answer = await requests.open("POST", `/api/games/import/${isJson ? "json" : "csv"}?mode=${mode}`, {
    body: await file.text(),
    headers: { "Content-Type": isJson ? "application/json" : "text/csv", Accept: "application/x-ndjson" },
  })
  let rest = ""
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { done: true }
    const lines = (rest + (value ?? (done ? "\n" : ""))).split("\n")
    rest = lines.pop() ?? ""
    for (const text of lines.filter(Boolean)) {
      const line: Line = JSON.parse(text)
      if (line.type === "done") return line
      if (line.type === "error") throw new Error(line.detail)
      onProgress(line.total > 0 ? line.done / line.total : 1)
    }
    if (done) throw new Error("The answer broke off")
  }
}
