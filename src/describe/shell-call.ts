/** How to call a route from a shell, with curl. */
import type { Operation } from "./openapi.ts"

/** What stands for the places of a path in an example. */
const PLACES: Readonly<Record<string, string>> = {
  id: "17",
  gameRow: "88",
  name: "The%20Jackbox%20Party%20Pack%207",
}
const TOKEN_ID = "7d9e42a3-3950-4d00-9d7f-22ef3f1ad572"

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** One command over several lines; `$TOKEN` is the reader's. */
export function shellCall(method: string, path: string, operation: Operation): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    path.startsWith("/api/tokens/") ? TOKEN_ID : (PLACES[name] ?? name),
  )
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const asks = operation.security.some(({ token }) => token) && !operation.security.some(isEmpty)
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}http://localhost:5000${filled}`,
    ...(asks ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(type ? [`-H ${quoted(`Content-Type: ${type}`)}`] : []),
    ...(media?.example === undefined ? [] : [bodyOf(type, media.example)]),
  ]
  return parts.join(" \\\n  ")
}

const isEmpty = (requirement: object): boolean => Object.keys(requirement).length === 0

function bodyOf(type: string | undefined, example: unknown): string {
  if (typeof example === "string") return `--data-binary ${quoted(example)}`
  if (type?.endsWith("urlencoded"))
    return `-d ${quoted(String(new URLSearchParams(example as Record<string, string>)))}`
  return `-d ${quoted(JSON.stringify(example))}`
}
